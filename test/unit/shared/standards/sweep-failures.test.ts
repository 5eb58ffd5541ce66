import { describe, expect, it } from "vitest";
import { policyWith, template } from "../policy/support.ts";
import { awsError, bare, type FakeCall } from "./fake-ecr.ts";
import { many, sweeping, tagged } from "./sweeping.ts";

/** Raises this at calls of this kind, on these repositories. */
const failing =
  (operation: string, name: string, isAt: (repository: string) => boolean = () => true) =>
  (call: FakeCall): void => {
    if (call.operation === operation && isAt(call.repository ?? "")) throw awsError(name);
  };

describe("failures of a sweep", () => {
  it.each([
    ["AccessDeniedException", "ecr-denied"],
    ["ThrottlingException", "ecr-throttled"],
    ["ServerException", "ecr-unavailable"],
  ])("stop it at the twentieth %s in a row, with that error", async (name, code) => {
    const { sweep, told } = sweeping(many(100), { before: failing("PutImageTagMutability", name) });

    await expect(sweep()).rejects.toMatchObject({ code, permanent: false });

    // Eight are under way at once: those that are when it stops are not told.
    expect(told()).toEqual(
      Array.from({ length: 19 }, (_, index) => `repository-failed a/r00${String(index).padStart(2, "0")}`),
    );
  });

  it("do not stop it where one in twenty succeeds", async () => {
    const isBad = (repository: string) => Number(repository.slice(-2)) % 10 !== 9;
    const { sweep } = sweeping(many(100), { before: failing("PutImageTagMutability", "AccessDeniedException", isBad) });

    const { counts } = await sweep();

    expect(counts).toMatchObject({ repositories: 100, failed: 90, putBack: 10 });
  });

  it("are no reason to stop where ECR refuses what is asked, however many repositories a wrong template has", async () => {
    const policy = policyWith({
      templates: [
        template("a", { repositoryPolicy: '{"Statement":[]}' }),
        template("b", { mutability: { mode: "IMMUTABLE", exclude: [] } }),
      ],
    });
    const { sweep, repositories } = sweeping(
      { ...many(40), "b/web": bare() },
      { policy, before: failing("SetRepositoryPolicy", "InvalidParameterException") },
    );

    const { counts } = await sweep();

    expect(counts).toMatchObject({ failed: 40, putBack: 1 });
    expect(repositories.get("b/web")?.mutability).toBe("IMMUTABLE");
  });

  it("are not taken for repositories that lack what could not be read", async () => {
    const { sweep, writes, decisions } = sweeping(many(1, { mutability: "IMMUTABLE" }), {
      policy: tagged,
      before: failing("ListTagsForResource", "AccessDeniedException"),
    });

    const { counts } = await sweep();

    expect(writes()).toEqual([]);
    expect(counts).toMatchObject({ failed: 1, gone: 0, conforming: 0 });
    expect(decisions).toEqual([
      {
        decision: "repository-failed",
        repository: "a/r0000",
        code: "ecr-denied",
        reason: "could not read the tags of 'a/r0000': AccessDeniedException: told by the test",
      },
    ]);
  });

  it("of one setting do not keep the others of the repository from being written and told", async () => {
    const { sweep, repositories, decisions } = sweeping(many(1), {
      policy: tagged,
      before: failing("PutImageTagMutability", "AccessDeniedException"),
    });

    const { counts } = await sweep();

    expect(repositories.get("a/r0000")?.tags).toEqual({ team: "a" });
    expect(decisions).toMatchObject([
      { decision: "repository-failed", code: "ecr-denied" },
      { decision: "drift-put-back", settings: ["tags"] },
    ]);
    expect(counts).toMatchObject({ repositories: 1, failed: 1, putBack: 1, writes: { tags: 1 } });
  });

  it("are what a write is whose second reading still differs: it is not put back", async () => {
    const { sweep, repositories, decisions } = sweeping(many(1), {
      before: ({ input }) => {
        const repository = repositories.get("a/r0000");
        if (input.repositoryNames !== undefined && repository) repository.mutability = "MUTABLE";
      },
    });

    const { counts } = await sweep();

    expect(decisions).toEqual([
      {
        decision: "repository-failed",
        repository: "a/r0000",
        code: "standard-not-reached",
        reason: "'a/r0000' still differs after the write: mutability",
      },
    ]);
    expect(counts).toMatchObject({ failed: 1, putBack: 0, writes: {} });
  });

  it("do not lose what was written before them: it is read again and told before the error is raised", async () => {
    const { sweep, told } = sweeping(
      { ...many(120, { mutability: "IMMUTABLE", tags: { team: "a" } }), "a/r0001": bare() },
      { policy: tagged, before: ({ input }) => void (input.nextToken && refuse("ThrottlingException")) },
    );

    await expect(sweep()).rejects.toMatchObject({ code: "ecr-throttled" });

    expect(told()).toEqual(["drift-put-back a/r0001"]);
  });

  it("of the second reading are told for each repository that was written, with what was written", async () => {
    const { sweep, decisions } = sweeping(many(2), {
      before: ({ input }) => void (input.repositoryNames && refuse("ServerException")),
    });

    const { counts } = await sweep();

    const reason =
      "mutability was written, but could not be read again: could not describe 2 repositories: ServerException: told by the test";
    expect(decisions).toEqual([
      { decision: "repository-failed", repository: "a/r0000", code: "ecr-unavailable", reason },
      { decision: "repository-failed", repository: "a/r0001", code: "ecr-unavailable", reason },
    ]);
    expect(counts).toMatchObject({ repositories: 2, failed: 2, putBack: 0 });
  });

  it("of our own making stop it at once", async () => {
    const policy = policyWith({ naming: { pattern: "(" }, templates: [template("ROOT")] });
    const { sweep, decisions } = sweeping(many(3), { policy });

    await expect(sweep()).rejects.toThrow(SyntaxError);
    expect(decisions).toEqual([]);
  });
});

describe("a repository that is deleted while it is looked at", () => {
  it.each(["ListTagsForResource", "PutImageTagMutability", "TagResource"])(
    "at %s is gone, and no failure",
    async (operation) => {
      const { sweep, repositories, decisions } = sweeping(many(2), {
        policy: tagged,
        before: (call) => {
          if (call.operation === operation && call.repository === "a/r0000") repositories.delete("a/r0000");
        },
      });

      const { counts } = await sweep();

      expect(counts).toMatchObject({ repositories: 2, gone: 1, failed: 0, putBack: 1 });
      expect(decisions.map(({ repository }) => repository)).toEqual(["a/r0001"]);
    },
  );
});

function refuse(name: string): never {
  throw awsError(name);
}
