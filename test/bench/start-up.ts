import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Figure, median, spread } from "./statistics.ts";

interface Run {
  readonly readyMs: number;
  readonly tourMs: number;
}

/** `npm start -- --once` as a user runs it, bundling and synthesis included: time to ready, and time of the tour after it. */
export async function startUp({ runs }: { runs: number }): Promise<Figure[]> {
  const measured: Run[] = [];
  for (let run = 0; run < runs; run++) measured.push(await once());
  const ready = measured.map(({ readyMs }) => readyMs / 1000);
  const tour = measured.map(({ tourMs }) => tourMs / 1000);
  return [
    {
      what: "local account ready, from the start of npm (s)",
      measured: spread(ready, 1),
      bound: "6",
      holds: median(ready) <= 6,
    },
    { what: "tour, from ready to its end (s)", measured: spread(tour, 1), bound: "20", holds: median(tour) <= 20 },
  ];
}

async function once(): Promise<Run> {
  const began = performance.now();
  let ready = Number.NaN;
  const child = spawn("npm", ["start", "--silent", "--", "--once", "--port", "0", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("ready after")) ready = performance.now();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`npm start -- --once ended with exit code ${code}`);
  return { readyMs: ready - began, tourMs: performance.now() - ready };
}
