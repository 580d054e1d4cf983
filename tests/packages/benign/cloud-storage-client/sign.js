import { createHash, createHmac } from "node:crypto";

const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const hash = (text) => createHash("sha256").update(text).digest("hex");

/** The authorization header of a request: the secret itself never leaves. */
export function sign({ method, url, body = "", region, date, keys }) {
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/storage/cloud4_request`;
  const canonical = [method, url.pathname, url.searchParams.toString(), `host:${url.host}`, "", "host", hash(body)].join("\n");
  const text = ["CLOUD4-HMAC-SHA256", date, scope, hash(canonical)].join("\n");
  const key = [day, region, "storage", "cloud4_request"].reduce((last, part) => hmac(last, part), `CLOUD4${keys.secret}`);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return `CLOUD4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=host, Signature=${signature}`;
}
