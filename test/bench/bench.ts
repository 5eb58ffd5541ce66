/**
 * `npm run bench`: the figures that the project promises, measured on this machine, paired where one is a ratio. Exit code 1 when
 * one is missed. Nothing here is a test: time is noisy, and a bound that is missed is for a person to look at.
 */
import { coldStart } from "./cold-start.ts";
import { startUp } from "./start-up.ts";
import { type Figure, printFigures } from "./statistics.ts";

const figures: Figure[] = [...(await startUp({ runs: 5 })), ...(await coldStart({ runs: 11 }))];
printFigures(figures);
process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;
