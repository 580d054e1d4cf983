"use strict";

const https = require("https");

module.exports = function fetch(address) {
  return new Promise((resolve, reject) => {
    https
      .get(address, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ ok: response.statusCode < 400, text: async () => text }));
      })
      .on("error", reject);
  });
};
