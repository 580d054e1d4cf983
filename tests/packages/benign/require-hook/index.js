const Module = require("module");
const path = require("path");

exports.register = function register(compile, extensions = [".ts", ".tsx"]) {
  const undo = [];
  for (const extension of extensions) {
    const before = Module._extensions[extension] || Module._extensions[".js"];
    Module._extensions[extension] = function (module, file) {
      const real = module._compile;
      module._compile = function (code, name) {
        module._compile = real;
        return module._compile(compile(code, name), name);
      };
      return before(module, file);
    };
    undo.push(() => (Module._extensions[extension] = before));
  }
  return () => undo.forEach((one) => one());
};

exports.alias = function alias(names) {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    const found = Object.keys(names).find((name) => request === name || request.startsWith(name + "/"));
    return resolve.call(this, found ? path.join(names[found], request.slice(found.length)) : request, ...rest);
  };
};

exports.fresh = function fresh(file) {
  delete require.cache[require.resolve(file)];
  return require(file);
};
