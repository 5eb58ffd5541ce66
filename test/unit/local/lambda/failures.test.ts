import { describe, expect, it, vi } from "vitest";
import { isRunning, payload, setUp } from "./set-up.ts";

describe("a handler that fails", () => {
  it("gives its error with type, message and trace, and logs it", async () => {
    const { work, lines } = setUp("exports.handler = async () => { throw new TypeError('boom'); };");

    const result = await work();

    expect(result).toEqual({
      error: { errorType: "TypeError", errorMessage: "boom", trace: expect.arrayContaining(["TypeError: boom"]) },
    });
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"boom"/,
    );
  });

  it.each([
    ["throw 'text'", { errorType: "string", errorMessage: "text", trace: [] }],
    ["throw new (class Own extends Error { name = 'Own'; })('x')", { errorType: "Own", errorMessage: "x" }],
    [
      "const a = {}; a.a = a; return a",
      { errorType: "Runtime.JSONStringifyError", errorMessage: "Unable to stringify response body" },
    ],
    [
      "return 'x'.repeat(7_000_000)",
      {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      },
    ],
  ])("tells '%s'", async (body, error) => {
    const { work } = setUp(`exports.handler = async (event) => { if (event.fine) return 1; ${body}; };`);

    expect(await work()).toMatchObject({ error });
    expect(await work({ fine: true })).toEqual({ payload: 1 });
  });

  it("keeps its sandbox", async () => {
    const { work, started } = setUp("exports.handler = async () => { throw new Error(); };");

    await work();
    await work();

    expect(started.map(({ coldStart }) => coldStart)).toEqual([true, false]);
  });
});

describe("a process that ends", () => {
  it.each([
    ["process.exit(0)", "Runtime exited without providing a reason"],
    ["process.exit(3)", "Runtime exited with error: exit status 3"],
    ["setTimeout(() => { throw new Error('later'); })", "Runtime exited with error: exit status 129"],
    ["Promise.reject(new Error('nobody'))", "Runtime exited with error: exit status 128"],
    ["process.kill(process.pid, 'SIGTERM')", "Runtime exited with error: signal: terminated"],
  ])("by %s is a Runtime.ExitError, and is replaced", async (statement, reason) => {
    const { work, started } = setUp(
      `exports.handler = (event) => event.fine ? 1 : new Promise(() => { ${statement}; });`,
    );

    expect(await work()).toEqual({
      error: {
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${started[0]?.requestId} Error: ${reason}`,
        trace: [],
      },
    });
    expect(await work({ fine: true })).toEqual({ payload: 1 });
  });

  it("because nothing is left that its promise could wait for is one too", async () => {
    const { work } = setUp("exports.handler = () => new Promise(() => {});");

    expect(await work()).toMatchObject({
      error: {
        errorType: "Runtime.ExitError",
        errorMessage: expect.stringContaining("Runtime exited without providing a reason"),
      },
    });
  });

  it("says what went wrong in its log", async () => {
    const { work, lines } = setUp(
      "exports.handler = () => new Promise(() => { setTimeout(() => { throw new Error('later'); }); });",
    );

    await work();

    expect(lines.join("\n")).toMatch(/ERROR\tUncaught Exception \t\{"errorType":"Error","errorMessage":"later"/);
  });

  it("cannot use more heap than the function has memory", async () => {
    const { work } = setUp(
      "exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };",
      {
        memoryMb: 128,
      },
    );

    expect(await work()).toMatchObject({
      error: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("signal: aborted") },
    });
  });
});

describe("the timeout", () => {
  it.each([
    ["waits", "await new Promise(() => setInterval(() => {}, 1000))"],
    ["works without a pause", "for (;;);"],
  ])("kills a handler that %s, and replaces its sandbox", async (_, statement) => {
    const { work, started, reports, lines } = setUp(
      `exports.handler = async (event) => { console.log('pid', process.pid); if (event.fine) return 1; ${statement}; };`,
      { timeoutSeconds: 0.3 },
    );

    const result = await work();

    const pid = Number(/pid (\d+)/.exec(lines.join())?.[1]);
    expect(result).toEqual({
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${started[0]?.requestId} Error: Task timed out after 0.30 seconds`,
        trace: [],
      },
    });
    expect(reports[0]?.durationMs).toBeGreaterThanOrEqual(295);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
    expect(await work({ fine: true })).toEqual({ payload: 1 });
  });

  it("does not count the start", async () => {
    const { work } = setUp(
      "const until = Date.now() + 400; while (Date.now() < until); exports.handler = async () => 1;",
      {
        timeoutSeconds: 0.3,
      },
    );

    expect(await work()).toEqual({ payload: 1 });
  });
});

describe("a start that fails", () => {
  it.each<[string, Record<string, string>, string, string, string]>([
    ["a missing file", {}, "index.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'index'"],
    [
      "a missing package",
      { "index.cjs": "require('no-such-package');" },
      "index.handler",
      "Runtime.ImportModuleError",
      "Error: Cannot find module 'no-such-package'",
    ],
    [
      "a missing export",
      { "index.cjs": "exports.other = 1;" },
      "index.handler",
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    [
      "an export that is no function",
      { "index.cjs": "exports.handler = 1;" },
      "index.handler",
      "Runtime.HandlerNotFound",
      "index.handler is not a function",
    ],
    [
      "code that does not parse",
      { "index.cjs": "exports.handler = (" },
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: Unexpected end of input",
    ],
    ["code that throws", { "index.cjs": "throw new RangeError('no');" }, "index.handler", "RangeError", "no"],
    ["a handler name without a dot", { "index.cjs": "" }, "index", "Runtime.MalformedHandlerName", "Bad handler"],
    [
      "a handler with a callback",
      { "index.cjs": "exports.handler = (a, b, c) => 1;" },
      "index.handler",
      "Runtime.CallbackHandlerDeprecated",
      "removed support for callback-based function handlers",
    ],
  ])("by %s is the result", async (_, files, handler, errorType, errorMessage) => {
    const { work } = setUp(files, { handler });

    expect(await work()).toMatchObject({ error: { errorType, errorMessage: expect.stringContaining(errorMessage) } });
  });

  it("by an exit is a Runtime.ExitError", async () => {
    const { work } = setUp("process.exit(7);");

    expect(await work()).toMatchObject({
      error: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("exit status 7") },
    });
  });

  it("is tried anew with the next invocation", async () => {
    const { work, started } = setUp(
      "const fs = require('node:fs'); if (!fs.existsSync('ok')) { fs.writeFileSync('ok', ''); throw new Error('first'); } exports.handler = async () => 1;",
    );

    expect(await work()).toMatchObject({ error: { errorMessage: "first" } });
    expect(payload(await work())).toBe(1);
    expect(started.map(({ coldStart }) => coldStart)).toEqual([true, true]);
  });

  it("by a folder that is gone is a Runtime.ExitError", async () => {
    const { work } = setUp("exports.handler = async () => 1;", { codeDir: "/no/such/folder" });

    expect(await work()).toMatchObject({ error: { errorType: "Runtime.ExitError" } });
  });
});
