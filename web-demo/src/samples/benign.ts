export const benign: Record<string, string> = {
  "package.json": `{
  "name": "tidy-words",
  "version": "1.2.0",
  "description": "Makes text tidy: title case, slugs, truncation.",
  "license": "MIT",
  "main": "index.js"
}
`,
  "index.js": `'use strict';

const { capitalise } = require('./case');

/** "hello big world" becomes "Hello Big World". */
function title(text) {
  return String(text).split(' ').map(capitalise).join(' ');
}

/** "Hello, big World!" becomes "hello-big-world". */
function slug(text) {
  return String(text).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

function truncate(text, length) {
  const words = String(text);
  return words.length <= length ? words : words.slice(0, length - 1) + '…';
}

module.exports = { title, slug, truncate };
`,
  "case.js": `'use strict';

exports.capitalise = function capitalise(word) {
  return word === '' ? word : word[0].toUpperCase() + word.slice(1);
};
`,
};
