/**
 * @flow strict
 */

import type { Node, Options } from "./types";

const prefix: string = "Invariant failed";

// Throws an error if the condition fails.
export default function invariant(condition: mixed, message?: string | (() => string)): void {
  if (condition) {
    return;
  }
  const provided: ?string = typeof message === "function" ? message() : message;
  throw new Error(provided ? `${prefix}: ${provided}` : prefix);
}

export const first = <T>(list: $ReadOnlyArray<T>): ?T => list[0];
