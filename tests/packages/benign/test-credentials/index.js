"use strict";

exports.parse = (text) => Object.fromEntries(text.split("\n").filter(Boolean).map((line) => line.split("=", 2)));
