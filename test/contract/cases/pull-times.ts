import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const owned = { on: "private", needs: "own-account" } as const;

async function principalOf(context: ContractContext): Promise<string> {
  return `arn:aws:iam::${await context.registryId()}:role/${context.prefix}`;
}

/** All of them, page by page. */
async function excluded({ ecr }: ContractContext, maxResults: number): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecr.listPullTimeUpdateExclusions({ maxResults, nextToken });
    expect(page.pullTimeUpdateExclusions?.length).toBeLessThanOrEqual(maxResults);
    arns.push(...(page.pullTimeUpdateExclusions ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return arns;
}

/** Principals whose pulls leave the pull times of images as they are. */
export const cases: readonly ContractCase[] = [
  {
    ...owned,
    name: "registers a principal once, and takes it back once",
    async run(context) {
      const principalArn = await principalOf(context);
      context.atEnd(() => context.ecr.deregisterPullTimeUpdateExclusion({ principalArn }).catch(unlessGone));
      const registered = await context.ecr.registerPullTimeUpdateExclusion({ principalArn });
      expect(registered).toMatchObject({ principalArn, createdAt: expect.any(Date) });
      await expectRefusal(
        context.ecr.registerPullTimeUpdateExclusion({ principalArn }),
        "ExclusionAlreadyExistsException",
      );
      expect(await excluded(context, 1000)).toContain(principalArn);

      await context.ecr.deregisterPullTimeUpdateExclusion({ principalArn });
      await expectRefusal(
        context.ecr.deregisterPullTimeUpdateExclusion({ principalArn }),
        "ExclusionNotFoundException",
      );
      expect(await excluded(context, 1000)).not.toContain(principalArn);
    },
  },
  {
    ...owned,
    name: "lists principals in pages",
    async run(context) {
      const principal = await principalOf(context);
      const principalArns = [1, 2, 3].map((number) => `${principal}-${number}`);
      for (const principalArn of principalArns) {
        context.atEnd(() => context.ecr.deregisterPullTimeUpdateExclusion({ principalArn }));
        await context.ecr.registerPullTimeUpdateExclusion({ principalArn });
      }
      expect(await excluded(context, 2)).toEqual(expect.arrayContaining(principalArns));
    },
  },
  {
    name: "refuses what is the ARN of no role",
    on: "private",
    run: ({ ecr }) =>
      expect(ecr.registerPullTimeUpdateExclusion({ principalArn: "role/none" })).rejects.toMatchObject({
        name: expect.stringMatching(/^(InvalidParameterException|ValidationException)$/),
      }),
  },
];

function unlessGone(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "ExclusionNotFoundException") throw error;
}
