import { request } from "node:https";
import { credentials } from "./credentials.js";
import { sign } from "./sign.js";

export class StorageClient {
  constructor({ region = process.env.CLOUD_REGION ?? "eu-1", credentials: given, endpoint } = {}) {
    this.region = region;
    this.given = given;
    this.endpoint = endpoint ?? `https://storage.${region}.cloud.example.invalid`;
  }

  async send(method, path, body) {
    const keys = await credentials({ given: this.given });
    const url = new URL(path, this.endpoint);
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const headers = { host: url.host, "x-cloud-date": date, authorization: sign({ method, url, body, region: this.region, date, keys }) };
    if (keys.session) headers["x-cloud-security-token"] = keys.session;
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  get(bucket, key) {
    return this.send("GET", `/${bucket}/${encodeURIComponent(key)}`);
  }

  put(bucket, key, body) {
    return this.send("PUT", `/${bucket}/${encodeURIComponent(key)}`, body);
  }
}
