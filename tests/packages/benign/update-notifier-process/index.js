const { spawn } = require("child_process");
const path = require("path");

/** Says once a day whether there is a newer version; `NO_UPDATE_NOTIFIER` switches it off. */
module.exports = function notify({ name, version }) {
  if (process.env.NO_UPDATE_NOTIFIER || process.env.CI) return;
  spawn(process.execPath, [path.join(__dirname, "check.js"), name, version], { detached: true, stdio: "ignore" }).unref();
};
