// What the in-host tests share: waiting, opening, and reading what the extension shows.
import * as vscode from 'vscode';

export type Tests = Record<string, () => Promise<void>>;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export const equal = (actual: unknown, expected: unknown, what: string): void => {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  assert(left === right, `${what}: expected ${right}, got ${left}`);
};

/** Asks until the answer is truthy. */
export const until = async <T>(ask: () => T | Promise<T>, what: string, ms = 30_000): Promise<NonNullable<T>> => {
  for (const start = Date.now(); ; ) {
    const answer = await ask();
    if (answer) return answer as NonNullable<T>;
    if (Date.now() - start > ms) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(50);
  }
};

export const root = (): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert(folder, 'the workspace has a folder');
  return folder.uri;
};

export const inWorkspace = (path: string): vscode.Uri => vscode.Uri.joinPath(root(), path);

export const open = async (path: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument(inWorkspace(path));
  await vscode.window.showTextDocument(document);
  return document;
};

export const write = (path: string, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(inWorkspace(path), new TextEncoder().encode(text));

export const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'importguard');

/** The marked places as `line:text`, in order. */
export const marked = (document: vscode.TextDocument): string[] =>
  ours(document.uri)
    .sort((a, b) => a.range.start.compareTo(b.range.start))
    .map(({ range }) => `${range.start.line + 1}:${document.getText(range)}`);

/** Waits until exactly these places are marked. */
export const waitForMarks = async (document: vscode.TextDocument, expected: string[]): Promise<void> => {
  const wanted = JSON.stringify(expected);
  await until(() => JSON.stringify(marked(document)) === wanted, `marks ${wanted}`).catch((error: unknown) => {
    throw new Error(`${String(error)}; there are ${JSON.stringify(marked(document))}`);
  });
};

/** The extension's hover at the first occurrence of `text`; the other extensions' hovers are left out. */
export const hoverAt = async (document: vscode.TextDocument, text: string): Promise<string> => {
  const offset = document.getText().indexOf(text);
  assert(offset >= 0, `the document has ${text}`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider', document.uri, document.positionAt(offset + 1));
  const contents = hovers.flatMap((hover) => hover.contents).map((each) => (typeof each === 'string' ? each : each.value));
  return contents.filter((each) => each.startsWith('**')).join('\n');
};

/** The hover once it says this; before, a scan may be under way. */
export const waitForHover = (document: vscode.TextDocument, text: string, words: RegExp): Promise<string> =>
  until(async () => {
    const hover = await hoverAt(document, text);
    return words.test(hover) ? hover : undefined;
  }, `a hover on ${text} that says ${words}`);

export const replaceAll = async (document: vscode.TextDocument, text: string): Promise<void> => {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert(await vscode.workspace.applyEdit(edit), 'the edit applies');
};

export const configure = (key: string, value: unknown): Thenable<void> =>
  vscode.workspace.getConfiguration('importguard').update(key, value, vscode.ConfigurationTarget.Global);
