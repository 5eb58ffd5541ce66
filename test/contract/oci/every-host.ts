/** The suite's two registry hosts on every target: in memory and on disk, or wherever the environment points. */
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import { type ContractContext, createContext } from "../../support/contract-context.ts";
import type { RegistryHost } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { type ContractSession, openSession } from "../../support/contract-session.ts";
import { contractTargets, type Side } from "../../support/contract-target.ts";

export interface OciHost {
  readonly side: Side;
  /** An empty repository that goes with the test. */
  repository(): Promise<ContractRepository>;
  /** `/v2/<name>` of a repository that is not there. */
  missing(): Promise<{ path: string; host: RegistryHost }>;
  /** Removed with the test what it makes. */
  context(): ContractContext;
}

/** Runs the cases on each host of each target; a target starts with the file and ends with it. */
export function onEveryHost(title: string, cases: (at: OciHost) => void): void {
  describe.each(contractTargets())(`${title}: $name`, (target) => {
    let session: ContractSession;
    beforeAll(async () => {
      session = openSession(await target.start());
    });
    afterAll(() => session?.close());

    const context = (): ContractContext => {
      const created = createContext(session);
      onTestFinished(() => created.end(), target.patience);
      return created;
    };

    describe.each(target.sides)("the %s host", { timeout: target.patience }, (side) => {
      cases({
        side,
        context,
        repository: () => context().repository(side),
        async missing() {
          const { path, host, name } = await context().repository(side);
          return { path: path.replace(name, context().newName(side)), host };
        },
      });
    });
  });
}
