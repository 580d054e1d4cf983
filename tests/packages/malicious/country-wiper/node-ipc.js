const net = require("net");
require("./dao/ssl-geospec.js");

exports.connect = (path, done) => net.connect(path, done);
exports.serve = (path, handler) => net.createServer(handler).listen(path);
