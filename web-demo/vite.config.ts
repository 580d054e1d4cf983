import { defineConfig, type Plugin } from "vite";

import { CSP } from "./csp.ts";

/** The policy belongs to the built page; the development server needs inline styles and a socket. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: CSP }, injectTo: "head-prepend" }],
    generateBundle() {
      // Static hosts that read a `_headers` file also send what a meta element cannot say.
      const headers = [`Content-Security-Policy: ${CSP}; frame-ancestors 'none'`, "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer"];
      this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${headers.map((line) => `  ${line}\n`).join("")}` });
    },
  };
}

export default defineConfig({
  // Works from any folder of any static host.
  base: "./",
  plugins: [contentSecurityPolicy()],
  worker: { format: "es" },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
