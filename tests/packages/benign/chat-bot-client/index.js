const BASE = process.env.BOT_API || "https://chat.example.invalid/api/webhooks/";

class Bot {
  constructor(token) {
    this.token = token;
  }

  async call(method, body) {
    const reply = await fetch(`${BASE}${this.token}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`the bot API answered ${reply.status}`);
    return reply.json();
  }

  sendMessage(chat, text) {
    return this.call("sendMessage", { chat_id: chat, text });
  }
}

module.exports = Bot;
