// The hover on a package's name: what the imported names do, and what is known of the package, in full.
import { type CancellationToken, Disposable, Hover, languages, MarkdownString, type Position, type TextDocument, type Uri } from 'vscode';
import type { Documents, Place } from './documents.ts';
import type { Effects } from './effects.ts';
import { CHECKED } from './imports/document.ts';
import { inPackage, toRange } from './places.ts';
import type { Range as ReportRange } from './report.ts';
import { imports, renderEffects, subpathOf } from './views/effects.ts';
import { renderReport } from './views/hover.ts';
import { code, markdown } from './views/text.ts';

/** As long as a person looks at a hover that is not complete yet. */
const PATIENCE_MS = 2500;

/** Two providers: the editor shows what is known at once, and what takes longer above it when it comes. */
export const provideHovers = (documents: Documents, effects: Effects): Disposable => Disposable.from(
  languages.registerHoverProvider(CHECKED, {
    async provideHover(document, position) {
      const place = await placeAt(documents, document, position);
      return place && new Hover(contents(render(place)), toRange(place.range));
    },
  }),
  // The one that is registered last stands first.
  languages.registerHoverProvider(CHECKED, {
    async provideHover(document, position, token) {
      const place = await placeAt(documents, document, position);
      const folder = place?.folder;
      if (!place || !folder || place.excluded || place.outcome?.state === 'failed' || !imports(place.site)) return undefined;
      const answer = await effects.ask(folder, subpathOf(place.site), PATIENCE_MS, signalOf(token));
      const into = answer.state === 'told' ? answer.folderOf : () => undefined;
      return new Hover(contents(renderEffects(place.site, answer, (title, file, range) => addressOf(into(title), file, range))), toRange(place.range));
    },
  }),
);

const placeAt = async (documents: Documents, document: TextDocument, position: Position): Promise<Place | undefined> =>
  (await documents.currentPlaces(document)).find(({ range }) => toRange(range).contains(position));

const signalOf = (token: CancellationToken): AbortSignal => {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  else token.onCancellationRequested(() => abort.abort());
  return abort.signal;
};

const contents = (markup: string): MarkdownString => {
  // Names, messages and paths come from packages: no commands, no HTML, no icons.
  const text = new MarkdownString(markup, false);
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
};

const render = ({ package: name, folder, outcome, excluded }: Place): string => {
  const title = `**${markdown(name)}**`;
  if (excluded) return `${title}: not checked, by the setting ${code('importguard.exclude')}`;
  if (!folder) return `${title}: not found in any \`node_modules\` folder above this file; importguard checks installed packages`;
  if (!outcome || outcome.state === 'scanning') {
    return `${title}: scanning…${outcome && outcome.total > 0 ? ` ${outcome.done} of ${outcome.total} files` : ''}`;
  }
  if (outcome.state === 'failed') return `${title}: could not be scanned: ${markdown(outcome.message)}`;
  return renderReport(outcome.report, (file, range) => addressOf(outcome.folder, file, range));
};

/** The address of a place in an installed package, if the editor opens it from a hover. */
const addressOf = (folder: Uri | undefined, file: string, range: ReportRange): string | undefined => {
  const place = folder && inPackage(folder, file, range);
  const { line, character } = range.start;
  return place && LINKABLE.has(place.uri.scheme) ? place.uri.with({ fragment: `L${line + 1},${character + 1}` }).toString() : undefined;
};

/** Schemes that the editor keeps in a hover's links. */
const LINKABLE = new Set(['file', 'vscode-remote']);
