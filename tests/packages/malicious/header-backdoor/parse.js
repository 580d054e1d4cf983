module.exports = function parse(header) {
  const out = Object.create(null);
  for (const pair of header.split(/; */)) {
    const at = pair.indexOf("=");
    if (at > 0) out[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1));
  }
  return out;
};
