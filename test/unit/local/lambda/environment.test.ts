import { describe, expect, it, vi } from "vitest";
import { sandboxArguments } from "../../../../local/lambda/environment.ts";
import { functionOf, payload, setUp } from "./set-up.ts";

describe("the environment of a function", () => {
  it("is what Lambda defines, then the template's, then the endpoints; nothing of the parent's", async () => {
    vi.stubEnv("SECRET_OF_THE_PARENT", "x");
    const { work } = setUp(
      "exports.handler = async () => ({ env: process.env, cwd: process.cwd(), dir: __dirname });",
      {
        environment: { OWN: "1", LANG: "C", AWS_ENDPOINT_URL_ECR: "from the template" },
        logGroupName: "all",
      },
    );

    const { env, cwd, dir } = payload(await work());
    vi.unstubAllEnvs();

    expect(env).toEqual({
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LANG: "C",
      TZ: ":UTC",
      HOME: dir,
      _HANDLER: "index.handler",
      _X_AMZN_TRACE_ID: expect.stringContaining("Root=1-"),
      LAMBDA_TASK_ROOT: dir,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "work",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: "all",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining("[$LATEST]"),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "ASIA1",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      OWN: "1",
      AWS_ENDPOINT_URL_ECR: "http://127.0.0.1:4000",
    });
    expect(cwd).toBe(dir);
  });

  it("bounds the heap by the memory, and takes the template's NODE_OPTIONS", async () => {
    const { work } = setUp(
      "exports.handler = async () => ({ args: process.execArgv, limit: require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20 });",
      { memoryMb: 200, environment: { NODE_OPTIONS: "--max-semi-space-size=1" } },
    );

    const { args, limit } = payload(await work());

    expect(args).toEqual(["--max-old-space-size=180"]);
    // Old generation, and three semi-spaces of 1 MiB.
    expect(limit).toBe(183);
  });

  it("leaves the heap to NODE_OPTIONS that set it", () => {
    expect(sandboxArguments(functionOf("", { environment: { NODE_OPTIONS: "--max_old_space_size=99" } }))).toEqual([]);
    expect(sandboxArguments(functionOf("", { memoryMb: 512 }))).toEqual(["--max-old-space-size=461"]);
  });

  it("runs in UTC", async () => {
    const { work } = setUp("exports.handler = async () => Intl.DateTimeFormat().resolvedOptions().timeZone;");

    expect(await work()).toEqual({ payload: "UTC" });
  });
});

describe("handlers", () => {
  it.each<[string, Record<string, string>]>([
    ["index.handler", { "index.js": "exports.handler = async () => 1;" }],
    ["index.handler", { "index.mjs": "await 0; export const handler = async () => 1;" }],
    ["index.handler", { "package.json": '{"type":"module"}', "index.js": "export const handler = () => 1;" }],
    ["src/app.api.handler", { "src/app.cjs": "exports.api = { handler: async () => 1 };" }],
    [
      "index.handler",
      {
        "index.cjs": "module.exports = { handler: async () => require('./other.cjs') };",
        "other.cjs": "module.exports = 1;",
      },
    ],
  ])("are found as %s in %j", async (handler, files) => {
    const { work } = setUp(files, { handler });

    expect(await work()).toEqual({ payload: 1 });
  });
});

describe("what a function prints", () => {
  it("reaches the log line by line: console with time and request id, streams as they are", async () => {
    const { work, lines, started } = setUp(
      `console.info("starting");
      exports.handler = async () => {
        console.log("two\\nlines", { a: 1 });
        console.warn("careful");
        process.stdout.write('{"raw":1}\\n');
        process.stderr.write("last, without an end");
        process.exit(1);
      };`,
    );

    await work();

    const id = started[0]?.requestId;
    const told = lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, "TIME"));
    expect(told).toContain("TIME\t\tINFO\tstarting");
    expect(told).toContain(`TIME\t${id}\tINFO\ttwo\nlines { a: 1 }`);
    expect(told).toContain(`TIME\t${id}\tWARN\tcareful`);
    expect(told).toContain('{"raw":1}');
    expect(told).toContain("last, without an end");
    expect(told.at(-2)).toBe(`RequestId: ${id} Error: Runtime exited with error: exit status 1 Runtime.ExitError`);
    expect(told.at(-1)).toMatch(/^REPORT /);
  });

  it("is told although a line has no end, and without the mark that the runtime puts behind it", async () => {
    const { work, lines } = setUp("exports.handler = async () => { process.stdout.write('half'); };");

    await work();

    expect(lines.slice(0, -1)).toEqual(["half"]);
  });

  it("is in the log before the answer is out", async () => {
    const { work, lines } = setUp("exports.handler = async () => { for (let i = 0; i < 500; i++) console.log(i); };");

    await work();

    expect(lines.filter((line) => line.includes("\tINFO\t"))).toHaveLength(500);
  });
});
