// A package's whole report as a read-only JSON document.
import { EventEmitter, Uri, window, workspace } from 'vscode';
import type { Scanner } from './scanner.ts';

const SCHEME = 'importguard-report';

export class Reports {
  readonly #changed = new EventEmitter<Uri>();
  readonly #provider;

  constructor(scanner: Scanner) {
    this.#provider = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: ({ query }) => `${JSON.stringify(reportOf(scanner, Uri.parse(query)), null, 2)}\n`,
    });
  }

  async show(folder: Uri, name: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}.json`, query: folder.toString() });
    this.#changed.fire(uri);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}

const reportOf = (scanner: Scanner, folder: Uri): object => {
  const outcome = scanner.peek(folder);
  if (outcome?.state === 'done') return outcome.report;
  return { error: outcome?.state === 'failed' ? outcome.message : 'the package has not been scanned yet' };
};
