/** Serves a built page on loopback, under a folder, as any static host would. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export interface Served {
  url: string;
  /** Paths that were asked for and are not there. */
  missing: string[];
  close(): Promise<void>;
}

export async function serve(folder: string, under = "/some/folder/"): Promise<Served> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const inside = asked.startsWith(under) ? asked.slice(under.length) || "index.html" : "";
    const file = path.join(folder, path.normalize(`/${inside}`));
    if (inside === "" || !existsSync(file) || !statSync(file).isFile()) {
      missing.push(asked);
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${under}`,
    missing,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
