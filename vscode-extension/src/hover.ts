// The hover on a package's name: what is known of the package, in full.
import { type Disposable, Hover, languages, MarkdownString } from 'vscode';
import type { Documents, Place } from './documents.ts';
import { CHECKED } from './imports/document.ts';
import { inPackage, toRange } from './places.ts';
import { code, markdown } from './views/text.ts';
import { type Link, renderReport } from './views/hover.ts';

export const provideHovers = (documents: Documents): Disposable =>
  languages.registerHoverProvider(CHECKED, {
    async provideHover(document, position) {
      const places = await documents.currentPlaces(document);
      for (const place of places) {
        const range = toRange(place.range);
        if (range.contains(position)) return new Hover(contents(place), range);
      }
      return undefined;
    },
  });

const contents = (place: Place): MarkdownString => {
  // Names, messages and paths come from packages: no commands, no HTML, no icons.
  const text = new MarkdownString(render(place), false);
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
  const link: Link = (file, range) => {
    const place = inPackage(outcome.folder, file, range);
    const { line, character } = range.start;
    return place && LINKABLE.has(place.uri.scheme) ? place.uri.with({ fragment: `L${line + 1},${character + 1}` }).toString() : undefined;
  };
  return renderReport(outcome.report, link);
};

/** Schemes that the editor keeps in a hover's links. */
const LINKABLE = new Set(['file', 'vscode-remote']);
