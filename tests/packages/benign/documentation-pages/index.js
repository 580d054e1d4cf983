exports.root = __dirname;
