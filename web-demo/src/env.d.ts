/** Not yet in TypeScript's DOM library. */
interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): unknown };
  };
}
