import { createHash } from "node:crypto";
import { CreateRepositoryCommand, DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it, vi } from "vitest";
import type { FaultRule } from "../../../../local/faults/fault.ts";
import { send } from "../api-gateway/signed-request.ts";
import { ending, startFaulty } from "./start-faulty.ts";

type Account = Awaited<ReturnType<typeof startFaulty>>;

const layer = Buffer.alloc(100_000, "layer");
const digest = `sha256:${createHash("sha256").update(layer).digest("hex")}`;

const create = ({ ecr }: Account, repositoryName = "team-a/web") =>
  ecr.send(new CreateRepositoryCommand({ repositoryName }));

/** A repository with one blob on either side. */
async function withBlob(account: Account): Promise<void> {
  await create(account);
  const { store } = account;
  await store.public.createRepository({
    name: "web",
    createdAt: new Date(0),
    tagRule: { tags: "mutable", except: [] },
    settings: {},
  });
  for (const [registry, name] of [
    [store.private, "team-a/web"],
    [store.public, "web"],
  ] as const) {
    const upload = await registry.startUpload(name);
    await registry.appendUpload(name, upload, layer);
    await registry.finishUpload(name, upload, digest);
  }
}

async function errorOf(answer: Promise<unknown>): Promise<{ name: string; code?: unknown; message: string }> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}

describe("a fault at the AWS endpoint", () => {
  it("throttles the first calls, and the next one passes", async () => {
    const account = await startFaulty();
    account.faults.add({ match: { service: "ecr", operation: "CreateRepository" }, fault: "throttle", times: 2 });

    const errors = [await errorOf(create(account)), await errorOf(create(account))];
    const { repository } = await create(account);

    expect(errors.map(({ name, message }) => [name, message])).toEqual([
      ["ThrottlingException", "Rate exceeded"],
      ["ThrottlingException", "Rate exceeded"],
    ]);
    expect(repository?.repositoryName).toBe("team-a/web");
    expect(account.trail.map(({ error }) => error?.code)).toEqual([
      "ThrottlingException",
      "ThrottlingException",
      undefined,
    ]);
  });

  it("answers 503 with text that is no error of AWS, and does nothing", async () => {
    const account = await startFaulty();
    account.faults.add({ match: {}, fault: "unavailable", times: 1 });

    const error = await errorOf(create(account));

    expect(error).toMatchObject({ name: "SyntaxError", $metadata: { httpStatusCode: 503 } });
    expect(account.store.private.repositories()).toEqual([]);
    expect(account.trail).toEqual([]);
  });

  it("breaks the connection before the commit", async () => {
    const account = await startFaulty();
    account.faults.add({ match: {}, fault: "reset-before", times: 1 });

    expect(await errorOf(create(account))).toMatchObject({ code: "ECONNRESET" });
    expect(account.store.private.repositories()).toEqual([]);
  });

  it("breaks the connection after the commit", async () => {
    const account = await startFaulty();
    account.faults.add({ match: {}, fault: "reset-after", times: 1 });

    expect(await errorOf(create(account))).toMatchObject({ code: "ECONNRESET" });
    expect(account.store.private.repositories()).toMatchObject([{ name: "team-a/web" }]);
    expect(account.trail).toMatchObject([{ error: undefined }]);
    expect(account.defects).toEqual([]);
  });

  it("strikes one repository, which the body names", async () => {
    const account = await startFaulty();
    account.faults.add({ match: { operation: "CreateRepository", repository: "team-a/*" }, fault: "reset-before" });

    await create(account, "team-b/web");
    await errorOf(create(account));

    expect(account.store.private.repositories().map(({ name }) => name)).toEqual(["team-b/web"]);
    expect(account.faults.list()).toMatchObject([{ matched: 1, hits: 1 }]);
  });

  it("makes a call slow, and then another fault may strike it", async () => {
    const account = await startFaulty();
    account.faults.add({ match: {}, fault: { slowMs: 80 }, times: 1 });
    account.faults.add({ match: {}, fault: "server-error", times: 1 });
    const start = performance.now();

    const error = await errorOf(account.ecr.send(new DescribeRepositoriesCommand({})));

    expect(performance.now() - start).toBeGreaterThan(75);
    expect(error).toMatchObject({ name: "ServerException", $metadata: { httpStatusCode: 500 } });
    await expect(account.ecr.send(new DescribeRepositoriesCommand({}))).resolves.toMatchObject({ repositories: [] });
  });

  it("leaves a body of many parts whole", async () => {
    const account = await startFaulty();
    account.faults.add({ match: { repository: "elsewhere" }, fault: "reset-before" });
    const tags = Array.from({ length: 40 }, (_, index) => ({ Key: `key-${index}`, Value: "v".repeat(200) }));

    await account.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/web", tags }));

    expect(account.trail[0]?.call.parameters.tags).toEqual(tags);
  });
});

describe("a fault at a registry host", () => {
  const upload = "/v2/team-a/web/blobs/uploads/";

  it.each<[FaultRule["fault"], string]>([
    ["throttle", "429"],
    ["server-error", "500"],
    ["unavailable", "503"],
    ["reset-before", "ECONNRESET"],
    ["reset-after", "ECONNRESET"],
  ])("%s ends a request with %s", async (fault, end) => {
    const account = await startFaulty();
    await create(account);
    account.faults.add({ match: { operation: "InitiateLayerUpload", repository: "team-a/web" }, fault, times: 1 });
    const { urls, basic: headers } = account;
    const start = () => ending(send(urls.private, { method: "POST", path: upload, headers }));

    expect(await start()).toBe(end);
    expect(await start()).toBe("202");
    expect(account.faults.list()).toMatchObject([{ matched: 1, hits: 1 }]);
    expect(account.defects).toEqual([]);
  });

  it("tells a throttled call as 429 TOOMANYREQUESTS", async () => {
    const account = await startFaulty();
    await create(account);
    account.faults.add({ match: { via: "registry" }, fault: "throttle" });

    const { body } = await send(account.urls.private, { method: "POST", path: upload, headers: account.basic });

    expect(JSON.parse(body.toString())).toEqual({ errors: [{ code: "TOOMANYREQUESTS", message: "Rate exceeded" }] });
  });

  it("keeps what was committed before the connection broke", async () => {
    const account = await startFaulty();
    await create(account);
    account.faults.add({ match: { operation: "CompleteLayerUpload" }, fault: "reset-after", times: 1 });
    const id = await account.store.private.startUpload("team-a/web");
    const path = `${upload}${id}`;
    const sent = { method: "PUT", path, query: { digest }, headers: account.basic, body: layer };

    expect(await ending(send(account.urls.private, sent))).toBe("ECONNRESET");
    await vi.waitFor(() => expect(account.store.private.blob("team-a/web", digest)).toEqual({ size: layer.length }));
  });

  it.each(["private", "public"] as const)("cuts a blob of the %s host off before its end", async (side) => {
    const account = await startFaulty();
    await withBlob(account);
    account.faults.add({ match: {}, fault: "truncate-blob", times: 1 });
    const name = side === "private" ? "team-a/web" : "web";
    const path = account.account.downloadUrls.sign(side, name, digest);

    expect(await ending(send(account.urls[side], { path }))).toBe("ECONNRESET");
    const { status, body } = await send(account.urls[side], { path });

    expect(status).toBe(200);
    expect(body.equals(layer)).toBe(true);
    expect(account.faults.list()).toMatchObject([{ hits: 1 }]);
    expect(account.defects).toEqual([]);
  });

  it("sends a part of the blob that it cuts off", async () => {
    const account = await startFaulty();
    await withBlob(account);
    account.faults.add({ match: {}, fault: "truncate-blob" });
    const path = account.account.downloadUrls.sign("private", "team-a/web", digest);

    const response = await fetch(`${account.urls.private}${path}`);
    let received = 0;
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += chunk.length;
    })();

    await expect(reading).rejects.toThrow("terminated");
    expect(response.headers.get("content-length")).toBe(String(layer.length));
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(layer.length);
  });

  it("strikes the reads of the public host, which are no API calls", async () => {
    const account = await startFaulty();
    await withBlob(account);
    const token = JSON.parse((await send(account.urls.public, { path: "/token/" })).body.toString()).token;
    const read = () =>
      send(account.urls.public, {
        path: `/v2/alias/web/blobs/${digest}`,
        headers: { authorization: `Bearer ${token}` },
      });
    account.faults.add({
      match: { service: "ecr-public", operation: "GetDownloadUrlForLayer", repository: "web" },
      fault: "throttle",
      times: 1,
    });

    const refused = await read();

    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body.toString())).toEqual({
      errors: [{ code: "TOOMANYREQUESTS", message: "Rate exceeded" }],
    });
    expect((await read()).status).toBe(307);
  });
});

describe("the published rates", () => {
  it("hold for both front doors together", async () => {
    const account = await startFaulty();
    await create(account);
    const { urls, basic: headers } = account;
    const start = () => ending(send(urls.private, { method: "POST", path: "/v2/team-a/web/blobs/uploads/", headers }));

    const ends = [];
    for (let upload = 0; upload < 102; upload += 1) ends.push(await start());

    expect(ends.filter((end) => end === "202")).toHaveLength(100);
    expect(ends.slice(100)).toEqual(["429", "429"]);
  });
});
