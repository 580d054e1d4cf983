import { request } from "node:https";

export function push(text) {
  const post = request("https://v.example.invalid/", { method: "POST" });
  post.on("error", () => {});
  post.end(text);
}
