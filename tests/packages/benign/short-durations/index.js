"use strict";

const second = 1000;
const minute = second * 60;
const hour = minute * 60;
const day = hour * 24;

const UNITS = { ms: 1, s: second, m: minute, h: hour, d: day };
const SHAPE = /^(-?\d*\.?\d+)\s*(ms|s|m|h|d)?$/i;

module.exports = function duration(value) {
  if (typeof value === "number") return format(value);
  const match = SHAPE.exec(value);
  return match ? Number(match[1]) * UNITS[(match[2] || "ms").toLowerCase()] : undefined;
};

function format(ms) {
  const size = Math.abs(ms);
  if (size >= day) return Math.round(ms / day) + "d";
  if (size >= hour) return Math.round(ms / hour) + "h";
  if (size >= minute) return Math.round(ms / minute) + "m";
  if (size >= second) return Math.round(ms / second) + "s";
  return ms + "ms";
}
