module.exports = require("ethers");
