/**
 * The contract: the same cases on the local account in memory and on disk, or on the account that the environment names:
 * `ECR_ENDPOINT`, `ECR_PUBLIC_ENDPOINT` and `AWS_REGION`, with the usual variables for credentials. There, cases that are marked
 * (`needs`) run only with CONTRACT_ALL=1. Every case makes its own repositories under a random prefix and removes them. An account with
 * a creation template for ROOT takes pushes that some cases see refused.
 */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { casesFor } from "../support/contract-case.ts";
import { createContext } from "../support/contract-context.ts";
import { type ContractSession, openSession } from "../support/contract-session.ts";
import { contractTargets } from "../support/contract-target.ts";
import { topics } from "./topics.ts";

describe.each(contractTargets())("the contract on $name", (target) => {
  let session: ContractSession;
  beforeAll(async () => {
    session = openSession(await target.start());
  });
  afterAll(() => session?.close());

  for (const topic of topics) {
    const cases = casesFor(target, topic);
    if (cases.length === 0) continue;
    describe(topic.title, () => {
      for (const { on, name, run } of cases) {
        it(`${on}: ${name}`, { timeout: target.patience }, async () => {
          const context = createContext(session);
          onTestFinished(() => context.end(), target.patience);
          await run(context);
        });
      }
    });
  }
});

describe("the list of cases", () => {
  it("has every file under cases/", () => {
    const files = readdirSync(new URL("./cases", import.meta.url)).map((name) => name.replace(/\.ts$/, ""));
    expect(topics.map(({ title }) => title).sort()).toEqual(files.sort());
  });

  it("names each case once for each service", () => {
    const names = topics.flatMap(({ title, cases }) => cases.map(({ on, name }) => `${title} ${on} ${name}`));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
