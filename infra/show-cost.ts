/** `npm run cost`: what the synthesized stack costs at rest, and for a thousand pushes, line by line with the sources of the prices. */
import { readFileSync } from "node:fs";
import { type CostLine, costOf, total } from "./cost.ts";

const file = process.argv[2] ?? "cdk.out/EcrAutopilot.template.json";
const { atRest, inUse, perThousandPushes } = costOf(JSON.parse(readFileSync(file, "utf8")));
const amount = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });

console.log("US dollars in us-east-1, without free tiers and without data transfer; assumptions: infra/cost.ts\n");
show("At rest, a month", atRest);
show("In use, a month besides", inUse);
show("A thousand pushes of 100 MB, each of them published", perThousandPushes);
console.log("Prices:");
for (const source of new Set(
  [...atRest, ...perThousandPushes].map(({ price }) => `${price.unit}: $${price.usd}, ${price.source}`),
)) {
  console.log(`  ${source}`);
}

function show(title: string, lines: readonly CostLine[]): void {
  console.log(title);
  for (const { what, quantity, price, usd } of lines) {
    const [unit = ""] = price.unit.split(/;| and month/);
    console.log(`  ${usd.toFixed(3).padStart(8)}  ${what}: ${amount.format(quantity)} × ${unit}`);
  }
  console.log(`  ${total(lines).toFixed(2).padStart(8)}  in all\n`);
}
