import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts"],
    testTimeout: 60_000,
    // Worker threads inside the tests need the cores more than the tests need each other.
    fileParallelism: false,
    // Threads of vitest's own would limit the stack that the tests measure.
    pool: "forks",
  },
});
