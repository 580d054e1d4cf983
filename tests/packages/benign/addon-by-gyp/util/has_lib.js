const fs = require("fs");
const { execSync } = require("child_process");

const name = process.argv[2];

function hasSystemLib(lib) {
  const found = ["/lib", "/usr/lib", "/usr/local/lib", "/usr/lib/x86_64-linux-gnu"].some((folder) => fs.existsSync(`${folder}/lib${lib}.so`));
  if (found) return true;
  try {
    return execSync("ldconfig -p 2>/dev/null || true").toString().includes(`lib${lib}.`);
  } catch {
    return false;
  }
}

process.stdout.write(String(hasSystemLib(name)));
