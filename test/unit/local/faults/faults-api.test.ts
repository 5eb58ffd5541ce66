import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFaults } from "../../../../local/faults/faults.ts";
import { createFaultsApi } from "../../../../local/faults/faults-api.ts";
import { send } from "../api-gateway/signed-request.ts";

async function start() {
  const faults = createFaults();
  const api = createFaultsApi(faults);
  const server = createServer((request, response) => {
    if (!api(request, response)) response.writeHead(404).end("not of the faults");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = async (method: string, path: string, body?: string) => {
    const answer = await send(url, { method, path, ...(body === undefined ? {} : { body }) });
    const text = answer.body.toString();
    return [answer.status, text.startsWith("{") ? JSON.parse(text) : text];
  };
  return { faults, call };
}

describe("/faults", () => {
  it("adds a fault as JSON or in one word, lists them with their hits, and takes them away", async () => {
    const { faults, call } = await start();
    const rule = { match: { service: "ecr", operation: "PutImage" }, fault: { slowMs: 5 } };

    const added = [
      await call("POST", "/faults", JSON.stringify(rule)),
      await call("POST", "/faults", '"ecr=throttle*3"'),
    ];
    faults.strike({ service: "ecr", operation: "X", via: "api" }, () => true);
    const listed = await call("GET", "/faults");

    expect(added).toEqual([
      [201, { id: 1, ...rule, matched: 0, hits: 0 }],
      [201, { id: 2, match: { service: "ecr" }, fault: "throttle", times: 3, matched: 0, hits: 0 }],
    ]);
    expect(listed).toEqual([
      200,
      { faults: [expect.objectContaining({ id: 1, hits: 0 }), expect.objectContaining({ id: 2, hits: 1 })] },
    ]);
    expect(await call("DELETE", "/faults/1")).toEqual([204, ""]);
    expect(faults.list()).toMatchObject([{ id: 2 }]);
    expect(await call("DELETE", "/faults")).toEqual([204, ""]);
    expect(faults.list()).toEqual([]);
  });

  it.each([
    ["{", "the body must be a fault as JSON, or a JSON text in the form of --fault"],
    ['{"match":{}}', "fault must be one of"],
    ['"ecr"', "a fault is [SERVICE"],
    [`"${"x".repeat(70_000)}"`, "a fault has at most 65536 bytes"],
  ])("refuses the body %s", async (body, message) => {
    const { faults, call } = await start();

    expect(await call("POST", "/faults", body)).toEqual([400, { message: expect.stringContaining(message) }]);
    expect(faults.list()).toEqual([]);
  });

  it("says what it does not know, and leaves other paths to others", async () => {
    const { faults, call } = await start();
    faults.add({ match: {}, fault: "throttle" });

    expect(await call("DELETE", "/faults/x")).toEqual([404, { message: "there is no fault 'x'" }]);
    expect(await call("PUT", "/faults")).toEqual([405, { message: "PUT is not provided here" }]);
    expect(await call("GET", "/faulty")).toEqual([404, "not of the faults"]);
    expect(faults.list()).toHaveLength(1);
  });
});
