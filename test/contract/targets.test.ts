import { describe, expect, it } from "vitest";
import { type ContractCase, casesFor } from "../support/contract-case.ts";
import { contractTargets } from "../support/contract-target.ts";

const ecr = { ECR_ENDPOINT: "https://ecr.example.com", AWS_REGION: "eu-west-1" };
const ecrPublic = { ECR_PUBLIC_ENDPOINT: "https://public.example.com" };

describe("the targets of the contract", () => {
  it("are the local account in memory and on disk, whatever Region is set", () => {
    const targets = contractTargets({ AWS_REGION: "eu-west-1", CONTRACT_ALL: "0", ECR_ENDPOINT: "" });
    expect(targets.map(({ name, sides, runsAll }) => ({ name, sides, runsAll }))).toEqual([
      { name: "the local account in memory", sides: ["private", "public"], runsAll: true },
      { name: "the local account on disk", sides: ["private", "public"], runsAll: true },
    ]);
  });

  it("are the endpoints that are named, ECR Public's in its home Region", async () => {
    const [target, ...others] = contractTargets({ ...ecr, ...ecrPublic });
    expect(others).toEqual([]);
    expect((await target?.start())?.endpoints).toEqual({
      private: { url: ecr.ECR_ENDPOINT, region: "eu-west-1" },
      public: { url: ecrPublic.ECR_PUBLIC_ENDPOINT, region: "us-east-1" },
    });
  });

  it.each([
    [ecr, ["private"]],
    [ecrPublic, ["public"]],
  ])("have the services of %j alone", (environment, sides) => {
    expect(contractTargets(environment).map((target) => target.sides)).toEqual([sides]);
  });

  it.each([
    [{ ECR_ENDPOINT: "here", AWS_REGION: "eu-west-1" }, "ECR_ENDPOINT takes the URL of an endpoint, not 'here'"],
    [{ ECR_ENDPOINT: ecr.ECR_ENDPOINT }, "ECR_ENDPOINT needs AWS_REGION, the Region that it is in"],
  ])("are refused for %j", (environment, message) => {
    expect(() => contractTargets(environment)).toThrow(message);
  });

  it("run marked cases only where all are asked for", () => {
    const run = async () => {};
    const cases: ContractCase[] = [
      { name: "plain", on: "private", run },
      { name: "costly", on: "private", needs: "money", run },
      { name: "sweeping", on: "private", needs: "own-account", run },
      { name: "elsewhere", on: "public", run },
    ];
    const names = (environment: Record<string, string>) =>
      contractTargets(environment).map((target) => casesFor(target, { title: "t", cases }).map(({ name }) => name));
    expect(names(ecr)).toEqual([["plain"]]);
    expect(names({ ...ecr, CONTRACT_ALL: "1" })).toEqual([["plain", "costly", "sweeping"]]);
    expect(names({})[0]).toEqual(["plain", "costly", "sweeping", "elsewhere"]);
  });
});
