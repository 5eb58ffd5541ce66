/**
 * `npm run bench`: the figures that the project promises, measured on this machine, paired where one is a ratio. Exit code 1 when
 * one is missed. Nothing here is a test: time is noisy, and a bound that is missed is for a person to look at.
 *
 * `npm run bench -- start-up cold-start` measures only those named.
 */
import { isInstalled } from "../support/command.ts";
import { coldStart } from "./cold-start.ts";
import { localAccount } from "./local-account.ts";
import { startUp } from "./start-up.ts";
import { type Figure, printFigures } from "./statistics.ts";

const benchmarks: Readonly<Record<string, { needs: readonly string[]; measure: () => Promise<Figure[]> }>> = {
  "start-up": { needs: [], measure: () => startUp({ runs: 5 }) },
  "cold-start": { needs: [], measure: () => coldStart({ runs: 11 }) },
  "local-account": { needs: ["skopeo", "docker-registry"], measure: () => localAccount({ runs: 3 }) },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benchmarks);
for (const name of names) {
  const benchmark = benchmarks[name];
  if (benchmark === undefined) {
    console.error(`no benchmark '${name}'; there are: ${Object.keys(benchmarks).join(", ")}`);
    process.exitCode = 2;
    continue;
  }
  const missing = benchmark.needs.filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    console.log(`not measured: ${name} needs ${missing.join(" and ")}`);
    continue;
  }
  const figures = await benchmark.measure();
  printFigures(figures);
  if (!figures.every(({ holds }) => holds)) process.exitCode = 1;
}
