// One diagnostic per import that has something to say, on the name of the package.
import {
  Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, languages, Location, type Range, type TextDocument, type TextDocumentChangeEvent,
  workspace,
} from 'vscode';
import { assess, packageName, type Statement, statementText } from './assess.ts';
import type { Config } from './config.ts';
import type { Documents, Place } from './documents.ts';
import { inPackage, toRange } from './places.ts';
import { ruleUri } from './rules.ts';
import type { Outcome } from './scanner.ts';
import { type Edit, shift } from './shift.ts';
import { count, plain } from './views/text.ts';

const SEVERITY: Record<Statement['level'], DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export const publishDiagnostics = (documents: Documents, config: () => Config): { dispose(): void } => {
  const collection = languages.createDiagnosticCollection('importguard');
  const publish = (document: TextDocument): void => {
    if (!documents.isTracked(document)) return collection.delete(document.uri);
    // The text is ahead of what is known: the marks were moved with it, and the next look is on its way.
    if (documents.isBehind(document)) return;
    collection.set(document.uri, documents.places(document).flatMap((place) => diagnose(place, config()) ?? []));
  };
  const follow = ({ document, contentChanges }: TextDocumentChangeEvent): void => {
    const marks = collection.get(document.uri);
    if (!marks || marks.length === 0 || contentChanges.length === 0) return;
    collection.set(document.uri, marks.flatMap((mark) => moved(mark, contentChanges) ?? []));
  };
  const parts = [documents.onDidChange(publish), workspace.onDidChangeTextDocument(follow), collection];
  return { dispose: () => { for (const part of parts) part.dispose(); } };
};

/** The mark where its name is after the edits; nothing if the name itself was edited. */
const moved = (mark: Diagnostic, edits: readonly Edit[]): Diagnostic | undefined => {
  const place = shift(mark.range, edits);
  if (!place) return undefined;
  const copy = new Diagnostic(toRange(place), mark.message, mark.severity);
  return Object.assign(copy, { source: mark.source, code: mark.code, relatedInformation: mark.relatedInformation });
};

const diagnose = ({ range, outcome, excluded }: Place, config: Config): Diagnostic | undefined => {
  if (outcome?.state !== 'done' || excluded) return undefined;
  const where = toRange(range);
  const statement = assess(outcome.report, config);
  return statement ? forFinding(where, outcome, statement) : forUnread(where, outcome);
};

const forFinding = (where: Range, { report, folder }: Outcome & { state: 'done' }, statement: Statement): Diagnostic => {
  const { finding, level } = statement;
  const diagnostic = new Diagnostic(where, statementText(report, statement), SEVERITY[level]);
  diagnostic.source = 'importguard';
  diagnostic.code = { value: finding.rule, target: ruleUri(finding.rule) };
  const steps = finding.evidence.length > 0 ? finding.evidence : [{ file: finding.file, range: finding.range, note: finding.message }];
  diagnostic.relatedInformation = steps.flatMap(({ file, range, note }) => {
    const place = inPackage(folder, file, range);
    return place ? [new DiagnosticRelatedInformation(new Location(place.uri, place.range), plain(note))] : [];
  });
  return diagnostic;
};

const forUnread = (where: Range, { report, unread }: Outcome & { state: 'done' }): Diagnostic | undefined => {
  if (unread === 0) return undefined;
  const text = `${packageName(report)} was analysed in part: ${count(unread, 'file')} over the limits of importguard.maxPackageFiles and maxPackageSize`;
  const diagnostic = new Diagnostic(where, text, DiagnosticSeverity.Hint);
  diagnostic.source = 'importguard';
  diagnostic.code = 'analysed-in-part';
  return diagnostic;
};
