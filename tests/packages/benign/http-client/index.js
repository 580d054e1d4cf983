import http from "node:http";
import https from "node:https";
import { createGunzip } from "node:zlib";

export class HttpError extends Error {
  constructor(status, body) {
    super(`request failed with status ${status}`);
    this.status = status;
    this.body = body;
  }
}

function proxyFor(url) {
  const { HTTP_PROXY, HTTPS_PROXY, NO_PROXY = "" } = process.env;
  if (NO_PROXY.split(",").some((host) => host && url.hostname.endsWith(host))) return undefined;
  return url.protocol === "https:" ? HTTPS_PROXY : HTTP_PROXY;
}

export function request(address, { method = "GET", headers = {}, body, auth } = {}) {
  const url = new URL(address);
  const proxy = proxyFor(url);
  const client = url.protocol === "https:" ? https : http;
  const given = { ...headers };
  if (auth) given.authorization = "Basic " + Buffer.from(`${auth.user}:${auth.password}`).toString("base64");
  if (body && typeof body === "object") {
    body = JSON.stringify(body);
    given["content-type"] ??= "application/json";
  }
  return new Promise((resolve, reject) => {
    const sent = client.request(proxy ?? url, { method, headers: given }, (response) => {
      const stream = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode >= 400) reject(new HttpError(response.statusCode, text));
        else resolve({ status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export const get = (address, options) => request(address, options);
export const post = (address, body, options) => request(address, { ...options, method: "POST", body });
