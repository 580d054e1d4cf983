// Wires the parts together; each lives and dies with the extension.
import type { ExtensionContext } from 'vscode';
import { HOST } from '#platform';
import { startAnalyzers } from './analyzers.ts';
import { registerCommands } from './commands.ts';
import { Session } from './session.ts';

export const activate = (context: ExtensionContext): { host: string } => {
  const session = new Session(startAnalyzers(context));
  context.subscriptions.push(session, ...registerCommands(session));
  session.start();
  return { host: HOST };
};
