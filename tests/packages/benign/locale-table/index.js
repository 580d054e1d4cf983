"use strict";

exports.locales = {
  ar: {
    months: "يناير_فبراير_مارس".split("_"),
    relative: "بعد %s",
    longDate: "D/‏M/‏YYYY",
    quote: ["‫«", "»‬"],
  },
  fa: { weekdays: ["یک‌شنبه", "دو‌شنبه", "سه‌شنبه"] },
  he: { longDate: "D בMMMM YYYY", currency: "‏₪" },
  ru: { months: ["январь", "февраль"], сокращение: "янв" },
  emoji: { family: "👨‍👩‍👧", flag: "🏳️‍🌈" },
};

const MARKS = /[‏‎\u202a-\u202e]/g;
const ARABIC_DIGITS = { "١": "1", "٢": "2", "٣": "3" };

exports.parse = (text) => text.replace(MARKS, "").replace(/[١٢٣]/g, (digit) => ARABIC_DIGITS[digit]).replace(/،/g, ",");

exports.stripBom = (text) => (text.charAt(0) === "﻿" ? text.slice(1) : text);
