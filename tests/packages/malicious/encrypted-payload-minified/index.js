var Stream = require("stream").Stream;

module.exports = function (mapper) {
  var stream = new Stream();
  stream.readable = stream.writable = true;
  stream.write = function (data) {
    [].concat(mapper(data)).forEach(function (item) {
      stream.emit("data", item);
    });
    return true;
  };
  stream.end = function () {
    stream.emit("end");
  };
  return stream;
};
