module.exports = require("bindings")("canvas");
