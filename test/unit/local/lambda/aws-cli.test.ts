import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isInstalled, run } from "../../../support/command.ts";
import { temporaryFolder } from "../template/assembly-folder.ts";
import { startInvokeApi } from "./start-invoke-api.ts";

describe.runIf(isInstalled("aws"))("aws lambda invoke", () => {
  it("gives the function its payload, and keeps the answer in a file", async () => {
    const HOME = temporaryFolder();
    const files = { payload: join(HOME, "in.json"), answer: join(HOME, "out.json") };
    writeFileSync(files.payload, '{"mode":"plan"}');
    const { url, keys, invoked } = await startInvokeApi({ answer: { payload: { plan: [] } } });

    const words = [
      "lambda",
      "invoke",
      "--function-name",
      "work",
      "--payload",
      `fileb://${files.payload}`,
      files.answer,
    ];
    const { stdout, stderr } = await run(
      "aws",
      [...words, "--endpoint-url", url, "--region", "eu-west-1", "--output", "json"],
      { HOME, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_PAGER: "" },
    );

    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(readFileSync(files.answer, "utf8")).toBe('{"plan":[]}');
    expect(invoked).toMatchObject([{ event: { mode: "plan" } }]);
  });
});
