// Hovers: the whole of what is known, and nothing of a package's own markup.
import { assert, hoverAt, open, type Tests, waitForHover } from './tools.ts';

export const hovers: Tests = {
  async 'tells verdict, findings, capabilities and what was scanned'() {
    const hover = await waitForHover(await open('src/index.js'), 'env-courier', /do not use/);
    for (const words of [/\*\*critical\*\*/, /data-exfiltration/, /collect\.example\.invalid/, /network/, /env/, /when imported/, /Scanned 2 files/]) {
      assert(words.test(hover), `the hover says ${words}: ${hover}`);
    }
  },

  async 'calls a harmless package harmless, and pure what is proved so'() {
    const hover = await waitForHover(await open('src/index.js'), 'quiet-pad', /nothing to object to/);
    assert(/\*\*Pure\*\*/.test(hover), `the hover says pure: ${hover}`);
  },

  async 'works on the dependencies of package.json'() {
    const document = await open('package.json');
    await waitForHover(document, 'env-courier', /do not use/);
    await waitForHover(document, 'quiet-pad', /nothing to object to/);
    await waitForHover(document, 'not-installed', /not found/);
  },

  async 'explains what is missing, and is silent on what is no package'() {
    const document = await open('src/forms.js');
    await waitForHover(document, 'not-installed', /not found/);
    for (const text of ['node:fs', './own.js']) assert((await hoverAt(document, text)) === '', `no hover on ${text}`);
  },

  async 'says what a broken package hides'() {
    await waitForHover(await open('src/broken.js'), 'broken-manifest', /Blind spots/);
  },
};
