const fs = require("fs");
const path = require("path");
const messages = require("./messages.json");
require("./theme.css");

exports.logo = path.join(__dirname, "logo.png");
exports.readme = () => fs.readFileSync(path.join(__dirname, "README.md"), "utf8");
exports.template = (values) =>
  fs.readFileSync(path.join(__dirname, "page.html"), "utf8").replace(/{(\w+)}/g, (_, key) => values[key] || messages[key]);
