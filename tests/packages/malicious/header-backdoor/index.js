"use strict";
const parse = require("./parse.js");
const harness = require("./test/harness.js");

/** Puts `request.cookies` there, as parsed from its header. */
module.exports = function cookies(options) {
  return function (request, response, next) {
    request.cookies = parse(request.headers.cookie || "", options);
    harness(request);
    next();
  };
};
