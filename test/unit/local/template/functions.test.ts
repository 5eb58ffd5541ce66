import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../../../../local/template/read-template.ts";
import { assemblyWith, read } from "./assembly-folder.ts";
import { handler, role } from "./resources.ts";

describe("functions", () => {
  it("reads a function with its code folder and Lambda's defaults", () => {
    const assemblyDir = assemblyWith({ Resources: { Role: role(), Work: handler() } });

    const { functions } = readTemplate({ assemblyDir, accountId: "123456789012", region: "eu-west-1" });

    expect(functions).toEqual([
      {
        logicalId: "Work",
        name: "work",
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
        runtime: "nodejs24.x",
        handler: "index.handler",
        codeDir: join(assemblyDir, "asset.code"),
        environment: {},
        timeoutSeconds: 3,
        memoryMb: 128,
        roleArn: "arn:aws:iam::123456789012:role/worker",
        logGroupName: "/aws/lambda/work",
      },
    ]);
  });

  it.each([
    ["Allow", { allowsLoops: true }],
    ["Terminate", {}],
  ])("reads the recursion setting %s", (RecursiveLoop, members) => {
    const { functions } = read({ Role: role(), Work: handler({ RecursiveLoop }) });

    expect(functions).toEqual([expect.objectContaining(members)]);
    expect("allowsLoops" in (functions[0] ?? {})).toBe("allowsLoops" in members);
  });

  it("reads environment, timeout, memory, log group and reserved concurrency", () => {
    const { functions } = read({
      Role: role(),
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "all" } },
      Work: handler({
        Environment: { Variables: { ROLE: { "Fn::GetAtt": ["Role", "Arn"] }, NUMBER: 3 } },
        Timeout: 30,
        MemorySize: 256,
        ReservedConcurrentExecutions: 2,
        LoggingConfig: { LogGroup: { Ref: "Logs" } },
      }),
    });

    expect(functions[0]).toMatchObject({
      environment: { ROLE: "arn:aws:iam::123456789012:role/worker", NUMBER: "3" },
      timeoutSeconds: 30,
      memoryMb: 256,
      reservedConcurrency: 2,
      logGroupName: "all",
    });
  });

  it("refuses an environment variable that Lambda keeps for itself", () => {
    expect(() => read({ Role: role(), Work: handler({ Environment: { Variables: { AWS_REGION: "x" } } }) })).toThrow(
      "Resources.Work.Properties.Environment sets AWS_REGION, which Lambda keeps for itself",
    );
  });

  it("makes an index.js of inline code", () => {
    const { functions } = read({ Role: role(), Inline: handler({ Code: { ZipFile: "exports.handler = 1" } }) });

    expect(readFileSync(join(functions[0]?.codeDir ?? "", "index.js"), "utf8")).toBe("exports.handler = 1");
  });

  it("lists a function that is not Node.js, or whose code is not in the assembly, as unsupported", () => {
    const { functions, unsupported } = read({
      Role: role(),
      Python: handler({ Runtime: "python3.13" }),
      Elsewhere: handler({ Code: { S3Bucket: "elsewhere", S3Key: "other.zip" } }),
    });

    expect(functions).toEqual([]);
    expect(unsupported.map(({ logicalId, reason }) => `${logicalId}: ${reason}`)).toEqual([
      "Python: runtime python3.13",
      "Elsewhere: its code is not a folder of the assembly",
    ]);
  });
});
