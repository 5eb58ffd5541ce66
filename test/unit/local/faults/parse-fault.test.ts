import { describe, expect, it } from "vitest";
import { FaultError } from "../../../../local/faults/fault.ts";
import { parseFault } from "../../../../local/faults/parse-fault.ts";

function told(word: string): string {
  try {
    parseFault(word);
  } catch (error) {
    if (error instanceof FaultError) return error.message;
    throw error;
  }
  return "no error";
}

describe("--fault", () => {
  it.each([
    ["ecr:PutImage=throttle*3", { match: { service: "ecr", operation: "PutImage" }, fault: "throttle", times: 3 }],
    [
      "ecr-public:*@team/app-*=reset-after/2",
      { match: { service: "ecr-public", operation: "*", repository: "team/app-*" }, fault: "reset-after", every: 2 },
    ],
    ["ecr=slow-500*1/10", { match: { service: "ecr" }, fault: { slowMs: 500 }, times: 1, every: 10 }],
    [":Describe*=server-error", { match: { operation: "Describe*" }, fault: "server-error" }],
    ["=truncate-blob", { match: {}, fault: "truncate-blob" }],
    ["@team/app=unavailable", { match: { repository: "team/app" }, fault: "unavailable" }],
  ])("reads %s", (word, rule) => {
    expect(parseFault(word)).toEqual(rule);
  });

  const form =
    "a fault is [SERVICE[:OPERATION]][@REPOSITORY]=FAULT[*TIMES][/EVERY], for example ecr:PutImage=throttle*3, not";

  it.each([
    ["throttle", `${form} 'throttle'`],
    ["ecr:PutImage", `${form} 'ecr:PutImage'`],
    ["ecr:PutImage=throttle*x", `${form} 'ecr:PutImage=throttle*x'`],
    [
      "s3=throttle",
      `the fault 's3=throttle': match.service must be one of ecr, ecr-public, sts, sqs, events, cloudtrail, not "s3"`,
    ],
    [
      "ecr=explode",
      "the fault 'ecr=explode': must be one of throttle, server-error, unavailable, reset-before, reset-after, truncate-blob or slow-MILLISECONDS, not 'explode'",
    ],
    ["ecr=throttle*0", "the fault 'ecr=throttle*0': times must be a whole number from 1, not 0"],
    ["ecr=slow-0", "the fault 'ecr=slow-0': slowMs must be a whole number from 1 to 3600000, not 0"],
    [
      "ecr:PutImage=truncate-blob",
      "the fault 'ecr:PutImage=truncate-blob': truncate-blob happens in DownloadBlob alone: leave the operation 'PutImage' out",
    ],
  ])("refuses %s", (word, message) => {
    expect(told(word)).toBe(message);
  });
});
