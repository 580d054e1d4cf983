"use strict";

const crypto = require("crypto");
const fs = require("fs");
const https = require("https");
const path = require("path");

const { version } = require("./package.json");

// SHA-256 of each release file, written by the release job.
const CHECKSUMS = {
  "linux-x64": "877076d63d25dcc876ece195922c6bb14e7fb78566eab2af5d66e45c4a83b720",
  "darwin-arm64": "877076d63d25dcc876ece195922c6bb14e7fb78566eab2af5d66e45c4a83b720",
  "win32-x64": "877076d63d25dcc876ece195922c6bb14e7fb78566eab2af5d66e45c4a83b720",
};

const platform = `${process.platform}-${process.arch}`;
const expected = CHECKSUMS[platform];
if (!expected) {
  console.warn(`prebuilt-binary: no binary for ${platform}; build it from source`);
  process.exit(0);
}

function download(url, redirects, done) {
  https
    .get(url, (response) => {
      if (response.statusCode === 302 && redirects > 0) return download(response.headers.location, redirects - 1, done);
      if (response.statusCode !== 200) return done(new Error(`${url}: status ${response.statusCode}`));
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => done(null, Buffer.concat(chunks)));
    })
    .on("error", done);
}

download(`https://releases.example.invalid/prebuilt-binary/v${version}/${platform}.bin`, 3, (error, bytes) => {
  if (error) throw error;
  const actual = crypto.createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected) throw new Error(`checksum mismatch: expected ${expected}, got ${actual}`);
  const target = path.join(__dirname, "bin", process.platform === "win32" ? "compiler.exe" : "compiler");
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, bytes);
  fs.chmodSync(target, 0o755);
});
