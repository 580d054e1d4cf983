export {};
require("fs").writeFileSync(require("os").tmpdir() + "/.seen", "inert");
