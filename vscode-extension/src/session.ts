// All that runs while the extension is active, and the events that drive it.
import { type Disposable, window, workspace } from 'vscode';
import { realFolder } from '#platform';
import { provideActions } from './actions.ts';
import type { Analyzers } from './analyzers.ts';
import { type Config, readConfig } from './config.ts';
import { publishDiagnostics } from './diagnostics.ts';
import { Documents } from './documents.ts';
import { Effects } from './effects.ts';
import { provideHovers } from './hover.ts';
import { exists } from './imports/resolve.ts';
import { Policies, POLICY_FILE } from './policy.ts';
import { Reports } from './reports.ts';
import { provideRules } from './rules.ts';
import { Scanner } from './scanner.ts';
import { showStatus } from './status.ts';
import { listen, watchPackages } from './watch.ts';

export class Session {
  readonly analyzers: Analyzers;
  readonly scanner: Scanner;
  readonly documents: Documents;
  readonly effects: Effects;
  readonly reports: Reports;
  readonly log = window.createOutputChannel('importguard', { log: true });
  readonly #parts: Disposable[];
  #config: Config = readConfig();

  constructor(analyzers: Analyzers) {
    this.analyzers = analyzers;
    const policies = new Policies({
      analyzer: analyzers.editor,
      fs: workspace.fs,
      // Packages may be linked in from elsewhere.
      rootOf: (uri) => (workspace.getWorkspaceFolder(uri) ?? workspace.workspaceFolders?.[0])?.uri,
      trusted: () => workspace.isTrusted,
      complain: (file, message) => void window.showWarningMessage(`${workspace.asRelativePath(file)} is not used: ${message}`),
    });
    this.scanner = new Scanner(analyzers.packages, workspace.fs, () => this.#config, (folder) => policies.around(folder));
    this.documents = new Documents({
      analyzer: analyzers.editor, scanner: this.scanner, config: () => this.#config, realFolder, log: (message) => this.log.error(message),
    });
    this.effects = new Effects({ analyzer: analyzers.packages, scanner: this.scanner, exists: exists(workspace.fs), realFolder });
    this.reports = new Reports(this.scanner);
    this.#parts = [
      publishDiagnostics(this.documents, () => this.#config),
      provideHovers(this.documents, this.effects),
      provideActions(this.documents),
      showStatus(this.documents),
      provideRules(analyzers.editor),
      this.reports,
      watchPackages(this.scanner, this.documents, this.effects),
    ];
  }

  get config(): Config {
    return this.#config;
  }

  start(): void {
    this.#parts.push(
      workspace.onDidOpenTextDocument((document) => this.documents.open(document)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) this.documents.edited(document); }),
      workspace.onDidCloseTextDocument((document) => this.documents.close(document)),
      listen(`**/${POLICY_FILE}`, () => this.scanner.forget()),
      workspace.onDidGrantWorkspaceTrust(() => this.scanner.forget()),
      workspace.onDidChangeWorkspaceFolders(() => this.documents.restart()),
      workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('importguard')) this.#reconfigure(); }),
    );
    this.documents.restart();
  }

  dispose(): void {
    this.documents.dispose();
    for (const part of this.#parts) part.dispose();
    this.effects.dispose();
    this.scanner.dispose();
    this.analyzers.packages.dispose();
    this.analyzers.editor.dispose();
    this.log.dispose();
  }

  #reconfigure(): void {
    const before = this.#config;
    this.#config = readConfig();
    const { maxPackageFiles, maxPackageBytes } = this.#config;
    if (before.maxPackageFiles !== maxPackageFiles || before.maxPackageBytes !== maxPackageBytes) this.scanner.forget();
    this.documents.restart();
  }
}
