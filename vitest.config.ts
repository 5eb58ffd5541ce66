import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "./test/support/assembly.ts",
    // Two cores: more workers only wait for each other, and the journeys start processes of their own.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
