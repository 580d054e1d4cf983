// One diagnostic per import that has something to say, on the name of the package.
import {
  Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, languages, Location, Range, type TextDocument,
} from 'vscode';
import { assess, packageName, type Statement, statementText } from './assess.ts';
import type { Config } from './config.ts';
import type { Documents, Place } from './documents.ts';
import { inPackage } from './places.ts';
import { ruleUri } from './rules.ts';
import type { Outcome } from './scanner.ts';
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
    collection.set(document.uri, documents.places(document).flatMap((place) => diagnose(place, config()) ?? []));
  };
  const listening = documents.onDidChange(publish);
  return { dispose: () => { listening.dispose(); collection.dispose(); } };
};

const diagnose = ({ range, outcome, excluded }: Place, config: Config): Diagnostic | undefined => {
  if (outcome?.state !== 'done' || excluded) return undefined;
  const where = new Range(range.start.line, range.start.character, range.end.line, range.end.character);
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
