module.exports = { rules: { "max-len": 0 } };
