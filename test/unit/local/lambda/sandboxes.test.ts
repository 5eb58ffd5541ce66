import { describe, expect, it, vi } from "vitest";
import { ARN, isRunning, payload, setUp } from "./set-up.ts";

const PID = "exports.handler = async () => ({ pid: process.pid });";

describe("an invocation", () => {
  it("gives the handler the event and gives back its answer", async () => {
    const { work } = setUp("exports.handler = async (event) => ({ got: event });");

    expect(await work({ Records: [1] })).toEqual({ payload: { got: { Records: [1] } } });
  });

  it("gives null for an answer of nothing", async () => {
    const { work } = setUp("exports.handler = async () => {};");

    expect(await work()).toEqual({ payload: null });
  });

  it("gives the context of Node's runtime", async () => {
    const { work, started } = setUp(
      `exports.handler = async (event, context) => ({
        ...context, remaining: context.getRemainingTimeInMillis(), members: Object.keys(context),
      });`,
    );

    const { remaining, ...context } = payload(await work());

    expect(context).toEqual({
      invokedFunctionArn: ARN,
      awsRequestId: started[0]?.requestId,
      functionName: "work",
      functionVersion: "$LATEST",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/work",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      members: [
        "clientContext",
        "identity",
        "invokedFunctionArn",
        "awsRequestId",
        "getRemainingTimeInMillis",
        "functionName",
        "functionVersion",
        "memoryLimitInMB",
        "logGroupName",
        "logStreamName",
      ],
    });
    expect(remaining).toBeGreaterThan(10_000);
    expect(remaining).toBeLessThanOrEqual(20_000);
  });

  it("has callbackWaitsForEmptyEventLoop in the context up to Node 22", async () => {
    const { work } = setUp("exports.handler = async (event, { callbackWaitsForEmptyEventLoop: x }) => ({ x });", {
      runtime: "nodejs22.x",
    });

    expect(await work()).toEqual({ payload: { x: true } });
  });

  it("finds the function by ARN, and by an ARN with a version", async () => {
    const { invoke } = setUp("exports.handler = async () => 1;");

    expect([await invoke(ARN, {}), await invoke(`${ARN}:$LATEST`, {})]).toEqual([{ payload: 1 }, { payload: 1 }]);
  });

  it("hands on the trace header, as the SDK reads it", async () => {
    const { invoke } = setUp("exports.handler = async () => process.env._X_AMZN_TRACE_ID;");

    expect(await invoke("work", {}, { traceHeader: "Root=1-a;Lineage=1:ab:3" })).toEqual({
      payload: "Root=1-a;Lineage=1:ab:3",
    });
    expect(payload(await invoke("work", {}))).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0$/,
    );
  });

  it("refuses an unknown function, an event above 6 MB, and everything once closed", async () => {
    const { invoke, close } = setUp("exports.handler = async () => 1;");

    await expect(invoke("gone", {})).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Function not found: gone",
    });
    await expect(invoke("work", "x".repeat(6 * 1024 * 1024))).rejects.toMatchObject({
      code: "RequestTooLargeException",
      message: "6291458 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    });
    await close();
    await expect(invoke("work", {})).rejects.toThrow("the functions of this account have been ended");
  });
});

describe("sandboxes", () => {
  it("are used again while they are warm", async () => {
    const { work, started } = setUp("let n = 0; exports.handler = async () => ({ n: ++n, pid: process.pid });");

    const first = payload(await work());
    const second = payload(await work());

    expect([first.n, second.n, second.pid]).toEqual([1, 2, first.pid]);
    expect(started.map(({ coldStart, accessKeyId }) => [coldStart, accessKeyId])).toEqual([
      [true, "ASIA1"],
      [false, "ASIA1"],
    ]);
  });

  it("do one thing at a time: another one is started for what comes meanwhile, with credentials of its own", async () => {
    const { work, started } = setUp(
      "exports.handler = () => new Promise((done) => setTimeout(done, 1000, { pid: process.pid }));",
    );

    const [first, second] = await Promise.all([work(), work()]);

    expect(payload(first).pid).not.toBe(payload(second).pid);
    expect(started.map(({ accessKeyId }) => accessKeyId).sort()).toEqual(["ASIA1", "ASIA2"]);
  });

  it("start one after the other: short work that comes at once is done by one process", async () => {
    const { work, started } = setUp(PID);

    const results = await Promise.all([work(), work(), work(), work()]);

    expect(new Set(results.map((result) => payload(result).pid)).size).toBeLessThan(4);
    expect(started.filter(({ coldStart }) => !coldStart).length).toBeGreaterThan(0);
  });

  it("are no more than the reserved concurrency", async () => {
    const { work } = setUp("exports.handler = () => new Promise((done) => setTimeout(done, 100));", {
      reservedConcurrency: 1,
    });

    const first = work();

    await expect(work()).rejects.toMatchObject({ code: "TooManyRequestsException", message: "Rate Exceeded." });
    expect(await first).toEqual({ payload: null });
    expect(await work()).toEqual({ payload: null });
  });

  it("are replaced when they have ended between two invocations", async () => {
    const { work } = setUp(
      "exports.handler = async () => { setTimeout(() => process.exit(0), 1); return { pid: process.pid }; };",
    );
    const { pid } = payload(await work());
    await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false));

    expect(payload(await work()).pid).not.toBe(pid);
  });

  it("end with close, in the midst of an invocation too", async () => {
    const { work, close, lines } = setUp(
      "exports.handler = () => { console.log('pid', process.pid); return new Promise(() => setInterval(() => {}, 1000)); };",
    );
    const running = work();
    const pid = await vi.waitFor(() => Number(/pid (\d+)/.exec(lines.join())?.[1] ?? expect.fail("not started")));

    await close();

    expect(isRunning(pid)).toBe(false);
    expect(await running).toMatchObject({
      error: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("signal: killed") },
    });
  });

  it("are ended by a close that comes while they start", async () => {
    const { work, close } = setUp(PID);
    const running = work();

    await close();

    expect(await running).toMatchObject({ error: { errorType: "Runtime.ExitError" } });
  });
});

describe("the end of an invocation", () => {
  it("is reported in Lambda's words, with the start only for a cold one", async () => {
    const { work, lines, reports } = setUp("exports.handler = async () => 1;");

    await work();
    await work();

    const [cold, warm] = reports;
    expect(lines.filter((line) => line.startsWith("REPORT"))).toEqual([
      `REPORT RequestId: ${cold?.requestId}\tDuration: ${cold?.durationMs.toFixed(2)} ms\tBilled Duration: ${cold?.billedMs} ms\tMemory Size: 256 MB\tMax Memory Used: ${cold?.maxMemoryMb} MB\tInit Duration: ${cold?.initMs?.toFixed(2)} ms`,
      `REPORT RequestId: ${warm?.requestId}\tDuration: ${warm?.durationMs.toFixed(2)} ms\tBilled Duration: ${warm?.billedMs} ms\tMemory Size: 256 MB\tMax Memory Used: ${warm?.maxMemoryMb} MB`,
    ]);
    expect(cold?.initMs).toBeGreaterThan(0);
    expect(cold?.billedMs).toBe(Math.ceil((cold?.durationMs ?? 0) + (cold?.initMs ?? 0)));
    expect(cold?.maxMemoryMb).toBeGreaterThan(10);
  });
});
