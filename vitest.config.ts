import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Unit tests that need a process of their own: they change globals, measure the process, or compare what an untouched SDK sends. */
const UNITS_APART = [
  "test/unit/infra/**/*.test.ts",
  "test/unit/local/lambda/**/*.test.ts",
  "test/unit/shared/mirror/memory.test.ts",
  "test/unit/shared/observability/**/*.test.ts",
];

const UNITS = "test/unit/**/*.test.ts";

// Two cores, and journeys wait a good part of their time for queues, clocks and processes: more workers fill it.
const EACH = { maxWorkers: 4, testTimeout: 90_000, hookTimeout: 90_000 };

export default defineConfig({
  test: {
    globalSetup: "./test/support/assembly.ts",
    maxWorkers: EACH.maxWorkers,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      {
        test: { ...EACH, name: "apart", include: ["test/!(unit)/**/*.test.ts", "test/*.test.ts", ...UNITS_APART] },
      },
      {
        test: {
          ...EACH,
          name: "units",
          include: [UNITS],
          exclude: UNITS_APART,
          // A process for each file, and all its imports anew, cost 0.3 s of processor time for each of some 230 files.
          isolate: false,
          setupFiles: "./test/support/leaves-nothing.ts",
        },
      },
    ],
  },
});
