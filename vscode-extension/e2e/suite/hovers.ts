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

  async 'tells what each imported name does, through dependencies'() {
    const document = await open('src/effects.js');
    await waitForHover(document, "parcel-kit';\nimport { send", /nothing to object to/);
    const pure = await waitForHover(document, "parcel-kit';\nimport { send", /What is imported here\*\*\n/);
    assert(/`parse`: \*\*pure\*\*/.test(pure) && !/`send`/.test(pure), `parse is pure: ${pure}`);
    assert(/nothing to object to/.test(pure), `what is known of the package follows: ${pure}`);
    const sends = await waitForHover(document, 'parcel-kit/index.js', /What is imported here\*\*\n/);
    assert(/`send` can use \*\*network\*\*/.test(sends), `send uses the network: ${sends}`);
    assert(/in \[wire-box[^\]]*\]\([^)]*node_modules\/wire-box\/index\.js#L2/.test(sends), `the place is linked: ${sends}`);
    assert(/through .*`send`.* → .*`request`/.test(sends), `the way is shown: ${sends}`);
    const lost = await waitForHover(document, 'parcel-kit/lost.js', /What is imported here\*\*\n/);
    assert(/`find`: \*\*cannot be told\*\*[^]*imports `not-installed`, which is not installed/.test(lost), `why find cannot be told: ${lost}`);
    const all = await waitForHover(document, "parcel-kit');", /What is imported here\*\*\n/);
    assert(/all of it can use \*\*network\*\*; 1 of 2 exports is pure/.test(all), `everything: ${all}`);
  },

  async 'says nothing of imported names on a dependency of package.json'() {
    const hover = await waitForHover(await open('package.json'), 'quiet-pad', /nothing to object to/);
    assert(!/What is imported here/.test(hover), `no names: ${hover}`);
  },

  async 'says what a broken package hides'() {
    await waitForHover(await open('src/broken.js'), 'broken-manifest', /Blind spots/);
  },
};
