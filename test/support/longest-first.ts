import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Seconds that the longest take, roughly: only their order counts. */
const SECONDS: Readonly<Record<string, number>> = {
  "test/journeys/tour.test.ts": 40,
  "test/faults/services.test.ts": 30,
  "test/journeys/mirror-continues.test.ts": 27,
  "test/mirror/kill.test.ts": 22,
  "test/journeys/mirrors-sweep.test.ts": 21,
  "test/journeys/mirror-gates.test.ts": 20,
  "test/contract/contract.test.ts": 20,
  "test/gallery/reading.test.ts": 18,
  "test/journeys/mirrors-deletion.test.ts": 18,
  "test/mirror/every-image.test.ts": 17,
  "test/journeys/sweep.test.ts": 16,
  "test/faults/events.test.ts": 12,
};

/** Of a file that is not listed: one that starts whole accounts takes longer than a unit test. */
const SECONDS_OF_OTHERS = 8;
const SECONDS_OF_UNITS = 0;

function secondsOf(file: string): number {
  return SECONDS[file] ?? (file.startsWith("test/unit/") ? SECONDS_OF_UNITS : SECONDS_OF_OTHERS);
}

/**
 * The longest files first, so that no worker is alone with one at the end. Those with a process of their own before the others, as the pool
 * keeps a shared process only as long as one after the other uses it. The same order everywhere: nothing depends on an earlier run.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weighed = files.map((spec) => {
      const file = spec.moduleId.slice(spec.project.config.root.length + 1);
      return { spec, file, seconds: secondsOf(file), isApart: spec.project.config.isolate };
    });
    weighed.sort(
      (a, b) => Number(b.isApart) - Number(a.isApart) || b.seconds - a.seconds || (a.file < b.file ? -1 : 1),
    );
    return weighed.map(({ spec }) => spec);
  }
}
