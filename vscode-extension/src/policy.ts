// `importguard.json` of the workspace: which findings weigh nothing, and why.
import type { Uri } from 'vscode';
import type { FileSystem } from './read.ts';
import type { Analyzer, Suppression } from './report.ts';

export const POLICY_FILE = 'importguard.json';

interface Needs {
  analyzer: Pick<Analyzer, 'readPolicy'>;
  fs: Pick<FileSystem, 'readFile'>;
  /** The workspace's folder that something is in. */
  rootOf: (uri: Uri) => Uri | undefined;
  /** What a workspace says is only believed when its user trusts it. */
  trusted: () => boolean;
  /** Tells the user what is wrong with the file. */
  complain: (file: Uri, message: string) => void;
}

export class Policies {
  readonly #needs: Needs;
  /** What was last complained about, by file: said once. */
  readonly #said = new Map<string, string>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** The suppressions of the workspace around a package; a policy that cannot be read suppresses nothing. */
  async around(folder: Uri): Promise<Suppression[]> {
    const { analyzer, fs, rootOf, trusted } = this.#needs;
    const root = rootOf(folder);
    if (!root || !trusted()) return [];
    const file = root.with({ path: `${root.path.replace(/\/$/, '')}/${POLICY_FILE}` });
    let bytes: Uint8Array;
    try {
      bytes = await fs.readFile(file);
    } catch {
      return [];
    }
    try {
      const { suppress } = await analyzer.readPolicy(new TextDecoder().decode(bytes));
      this.#said.delete(file.toString());
      return suppress;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#said.get(file.toString()) !== message) this.#needs.complain(file, message);
      this.#said.set(file.toString(), message);
      return [];
    }
  }
}
