/** What the address asks for: the page's main view, or a rule's page. */
import { signal } from "@preact/signals";

export type Route = { kind: "main" } | { kind: "rules"; id: string | null };

export const route = signal<Route>(parse(location.hash));

addEventListener("hashchange", () => {
  route.value = parse(location.hash);
});

function parse(hash: string): Route {
  const match = /^#\/rules(?:\/([a-z0-9-]+))?$/.exec(hash);
  return match ? { kind: "rules", id: match[1] ?? null } : { kind: "main" };
}
