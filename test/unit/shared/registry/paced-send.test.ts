import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Limiter } from "#shared/pacing/limiter.ts";
import { createSend } from "#shared/registry/http.ts";
import { paced, type RegistryAction } from "#shared/registry/paced-send.ts";
import { imageOf, partOf } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const layer = partOf("layer");
const blob = { digest: layer.digest, size: layer.bytes.length };
const open = async () => Readable.from([layer.bytes]);

/** Limiters that write down who came, and let everybody through. */
function recording() {
  const taken: RegistryAction[] = [];
  const throttled: RegistryAction[] = [];
  const limiterOf = (action: RegistryAction): Limiter => ({
    take: async () => void taken.push(action),
    throttled: () => void throttled.push(action),
  });
  return { taken, throttled, send: paced(createSend(), limiterOf) };
}

describe("paced requests", () => {
  it("are held as the API action that they count as; reads are not", async () => {
    const registry = await startRegistry();
    const image = imageOf([]);
    registry.hold("manifests", image);
    const { taken, send } = recording();
    const client = clientOf(registry, { send });

    await client.headManifest("manifests", "v1");
    await client.hasBlob("manifests", layer.digest);
    expect(taken).toEqual([]);
    await client.uploadBlob("manifests", blob, open);
    expect(taken).toEqual(["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"]);
    await client.putManifest("manifests", "uploads", image);
    expect(taken.slice(3)).toEqual(["PutImage"]);
  });

  it("are not sent before their limiter lets them through", async () => {
    const registry = await startRegistry();
    let letThrough = (): void => {};
    const turn = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const send = paced(createSend(), () => ({ take: () => turn, throttled: () => {} }));
    const upload = clientOf(registry, { send }).uploadBlob("a", blob, open);
    // Another client's request has come and gone meanwhile.
    await clientOf(registry).hasBlob("a", layer.digest);
    expect(registry.lines().filter((line) => !line.startsWith("HEAD"))).toEqual([]);

    letThrough();
    await upload;

    expect(registry.repository("a").blobs.has(layer.digest)).toBe(true);
  });

  it("pass the limiter again when they are sent again with a fresh token", async () => {
    const registry = await startRegistry({ authorization: () => "Basic new" });
    const image = imageOf([]);
    registry.hold("a", image);
    const { taken, send } = recording();
    const authorization = async ({ renew = false } = {}) => (renew ? "Basic new" : "Basic old");

    await clientOf(registry, { send, authorization }).putManifest("a", "v1", image);

    expect(taken).toEqual(["PutImage", "PutImage"]);
  });

  it("tell the limiter of their own action, and no other, when the registry throttles", async () => {
    const registry = await startRegistry();
    registry.on("POST", /./, { answer: 429 }, 2);
    registry.on("PUT", /./, { answer: 503 });
    const { taken, throttled, send } = recording();

    await clientOf(registry, { send }).uploadBlob("a", blob, open);

    expect(throttled).toEqual(["InitiateLayerUpload", "InitiateLayerUpload"]);
    expect(taken.filter((action) => action === "InitiateLayerUpload")).toHaveLength(4);
  });

  it("of an action without a limiter are sent at once", async () => {
    const registry = await startRegistry();
    const send = paced(createSend(), () => undefined);

    await clientOf(registry, { send }).uploadBlob("a", blob, open);

    expect(registry.lines()).toHaveLength(3);
  });

  it("wait no longer than their signal, and are not sent", async () => {
    const registry = await startRegistry();
    const abort = new AbortController();
    const reason = new Error("the deadline is near");
    let waiting = (): void => {};
    const isWaiting = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const take = () => {
      waiting();
      return new Promise<void>(() => {});
    };
    const send = paced(createSend(), () => ({ take, throttled: () => {} }));
    const upload = clientOf(registry, { send, signal: abort.signal }).uploadBlob("a", blob, open);
    upload.catch(() => {});
    await isWaiting;

    abort.abort(reason);

    await expect(upload).rejects.toBe(reason);
    expect(registry.requests).toEqual([]);
  });

  it("of a signal that has aborted take no turn", async () => {
    const registry = await startRegistry();
    const reason = new Error("over");
    const { taken, send } = recording();

    const upload = clientOf(registry, { send, signal: AbortSignal.abort(reason) }).uploadBlob("a", blob, open);

    await expect(upload).rejects.toBe(reason);
    expect(taken).toEqual([]);
  });
});
