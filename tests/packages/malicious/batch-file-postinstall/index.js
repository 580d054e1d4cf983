exports.Cmd = function Cmd(name) {
  this.name = name;
  this.options = [];
};
exports.Cmd.prototype.opt = function opt(name) {
  this.options.push(name);
  return this;
};
