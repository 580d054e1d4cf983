"use strict";

const tables = require("./tables.js");

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function decodeSingleByte(bytes, table) {
  let out = "";
  for (const byte of bytes) {
    if (byte < 0x80) out += String.fromCharCode(byte);
    else out += typeof table === "string" ? table[byte - 0x80] : String.fromCharCode(table[byte - 0x80]);
  }
  return out;
}

function decodeBase64(text) {
  const out = [];
  let bits = 0;
  let value = 0;
  for (const one of text.replace(/=+$/, "")) {
    value = (value << 6) | ALPHABET.indexOf(one);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push((value >> bits) & 0xff);
    }
  }
  return Uint8Array.from(out);
}

function xor(bytes, key) {
  return bytes.map((byte, index) => byte ^ key[index % key.length]);
}

exports.decode = (bytes, encoding) => decodeSingleByte(bytes, tables[encoding]);
exports.decodeBase64 = decodeBase64;
exports.fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
exports.xor = xor;
