const { lookup, resolve4, resolveMx, resolveTxt } = require("dns").promises;
const os = require("os");

exports.policy = async (domain) => (await resolveTxt(`_dmarc.${domain}`)).flat().join("");
exports.mail = async (domain) => (await resolveMx(domain)).map((record) => record.exchange);
exports.listed = (ip) => resolve4(`${ip.split(".").reverse().join(".")}.list.example.invalid`).then(() => true, () => false);
exports.self = () => lookup(os.hostname());
