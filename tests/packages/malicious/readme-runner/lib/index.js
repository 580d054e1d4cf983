require("./docs/README.md");
require("./types.d.ts");

exports.version = "1.0.1";
