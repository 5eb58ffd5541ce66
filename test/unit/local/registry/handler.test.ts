import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { AwsError, type Perform } from "../../../../local/aws/call.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";
import { newRepository, pushBlob, refusal, startRegistry } from "./start-registry.ts";

const failing =
  (error: unknown): Perform =>
  () =>
    Promise.reject(error);

describe("the registry handler", () => {
  it("answers a defect of its own with 500 and tells of it", async () => {
    const defect = new Error("a secret of the inside");
    const { call, defects } = await startRegistry({ context: { perform: failing(defect) } });

    const refused = await refusal(await call("private", "GET", "/v2/web/manifests/v1"));

    expect(refused).toEqual({ status: 500, code: "UNKNOWN", message: "An internal error occurred." });
    expect(defects).toEqual([defect]);
  });

  it.each([
    ["ThrottlingException", 400, 429, "TOOMANYREQUESTS"],
    ["ServerException", 500, 500, "UNKNOWN"],
    ["KmsException", 400, 403, "DENIED"],
    ["LayersNotFoundException", 400, 404, "BLOB_UNKNOWN"],
    ["SomethingNewException", 400, 400, "UNKNOWN"],
  ])("tells %s (%i) as %i %s", async (exception, apiStatus, status, code) => {
    const error = new AwsError(exception, "in its own words", { status: apiStatus });
    const { call, defects } = await startRegistry({ context: { perform: failing(error) } });

    const refused = await refusal(await call("private", "GET", "/v2/web/manifests/v1"));

    expect(refused).toEqual({ status, code, message: "in its own words" });
    expect(defects).toEqual([]);
  });

  it("cuts the connection when a blob breaks off on its way, so that half of it is not taken for the whole", async () => {
    const store = createMemoryStore();
    const readBlob = () =>
      Readable.from(
        (async function* () {
          yield Buffer.from("half");
          throw new Error("disk broke");
        })(),
      );
    const broken = { ...store, private: { ...store.private, readBlob } };
    const hosts = await startRegistry({ store: broken });
    await store.private.createRepository(newRepository("web"));
    const digest = await pushBlob(hosts, "private", "web", Buffer.from("half and half"));

    const url = `${hosts.urls.private}${hosts.account.downloadUrls.sign("private", "web", digest)}`;
    const reading = fetch(url).then((response) => response.text());

    await expect(reading).rejects.toThrow();
    await vi.waitFor(() => expect(hosts.defects).toMatchObject([{ message: "disk broke" }]));
  });

  it.each(["//", "http://[", "/v2/../v2/%"])("survives the request target '%s'", async (target) => {
    const { urls, defects } = await startRegistry();

    const { connect } = await import("node:net");
    const { port } = new URL(urls.private);
    const socket = connect(Number(port), "127.0.0.1");
    socket.end(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    const answer = Buffer.concat(await socket.toArray()).toString();

    expect(answer).toMatch(/^HTTP\/1\.1 (404|401) /);
    expect(defects).toEqual([]);
  });
});
