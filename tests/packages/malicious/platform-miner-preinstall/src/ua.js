(function (window, undefined) {
  "use strict";
  var UAParser = function (text) {
    var match = /(chrome|firefox|safari)\/([\d.]+)/i.exec(text || "");
    this.getBrowser = function () {
      return { name: match ? match[1] : undefined, version: match ? match[2] : undefined };
    };
  };
  if (typeof exports !== "undefined") module.exports = UAParser;
  else window.UAParser = UAParser;
})(typeof window === "object" ? window : this);
