/** The tests look at the page as it is published. */
import { build } from "vite";

export default async function setup(): Promise<void> {
  await build({ root: new URL("..", import.meta.url).pathname, logLevel: "warn" });
}
