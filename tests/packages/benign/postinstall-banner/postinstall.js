var os = require("os");
var fs = require("fs");
var path = require("path");

var env = process.env;
var silent = !!env.ADBLOCK || !!env.CI || ["silent", "error", "warn"].includes(env.npm_config_loglevel);
var stamp = path.join(os.tmpdir(), "postinstall-banner");

function shown() {
  try {
    return Date.now() - fs.statSync(stamp).mtimeMs < 60000;
  } catch (error) {
    return false;
  }
}

if (!silent && !shown()) {
  fs.writeFileSync(stamp, "");
  console.log("\u001b[96mThank you for using postinstall-banner. Please consider supporting it.\u001b[0m");
}
