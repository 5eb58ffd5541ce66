/**
 * `npm run bench`: the figures that the project promises, measured on this machine, paired where one is a ratio. Exit code 1 when
 * one is missed. Nothing here is a test: time is noisy, and a bound that is missed is for a person to look at.
 *
 * `npm run bench -- start-up cold-start` measures only those named, `--runs 3` takes the median of so many.
 */
import { parseArgs } from "node:util";
import { isInstalled } from "../support/command.ts";
import { burst } from "./burst.ts";
import { coldStart } from "./cold-start.ts";
import { localAccount } from "./local-account.ts";
import { mirror } from "./mirror.ts";
import { startUp } from "./start-up.ts";
import { type Figure, printFigures } from "./statistics.ts";
import { sweep } from "./sweep.ts";

type Measure = (options: { runs: number }) => Promise<Figure[]>;

const benchmarks: Readonly<Record<string, { needs: readonly string[]; runs: number; measure: Measure }>> = {
  "start-up": { needs: [], runs: 5, measure: startUp },
  "cold-start": { needs: [], runs: 11, measure: coldStart },
  sweep: { needs: [], runs: 3, measure: sweep },
  burst: { needs: [], runs: 1, measure: burst },
  "local-account": { needs: ["skopeo", "docker-registry"], runs: 3, measure: localAccount },
  mirror: { needs: ["skopeo", "docker-registry", "openssl", "time"], runs: 5, measure: mirror },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: "string" } } });
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
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
  const figures = await benchmark.measure({ runs: Number(values.runs ?? benchmark.runs) });
  printFigures(figures);
  if (!figures.every(({ holds }) => holds)) process.exitCode = 1;
}
