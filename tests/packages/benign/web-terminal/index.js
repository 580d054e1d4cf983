const net = require("net");
const { spawn } = require("child_process");

/** A server of shells; `allowed` decides who gets one. */
exports.createServer = function createServer({ shell = "/bin/bash", allowed }) {
  return net.createServer((socket) => {
    if (!allowed(socket.remoteAddress)) return socket.destroy();
    const child = spawn(shell, ["-i"], { env: { TERM: "xterm" } });
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    child.on("exit", () => socket.end());
  });
};
