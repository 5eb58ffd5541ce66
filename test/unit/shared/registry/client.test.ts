import { describe, expect, it } from "vitest";
import { imageOf, partOf } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

describe("a registry client", () => {
  it("carries a blob from one registry to another, with each its own credentials", async () => {
    const layer = partOf(Buffer.alloc(500_000, 7));
    const source = await startRegistry({ authorization: () => "Basic source", manners: "ecr" });
    const destination = await startRegistry({ authorization: () => "Bearer destination", manners: "ecr" });
    source.hold("team/web", imageOf([layer]));
    const from = clientOf(source, { authorization: async () => "Basic source" });
    const to = clientOf(destination, { authorization: async () => "Bearer destination" });

    await to.uploadBlob("alias/web", { digest: layer.digest, size: layer.bytes.length }, async (start) => {
      return (await from.openBlob("team/web", layer.digest, { start })).stream;
    });

    expect(destination.repository("alias/web").blobs.get(layer.digest)?.read(0)).toEqual(layer.bytes);
    expect(await to.hasBlob("alias/web", layer.digest)).toBe(true);
  });

  it("that nobody answers is transient, and tells the address", async () => {
    const registry = await startRegistry();
    await registry.close();

    await expect(clientOf(registry).getManifest("a", "v1")).rejects.toMatchObject({
      code: "registry-unreachable",
      permanent: false,
      message: expect.stringContaining(`GET ${registry.url}/v2/a/manifests/v1: connect ECONNREFUSED`),
    });
  });

  it("raises the signal's reason, whatever it was about to do", async () => {
    const registry = await startRegistry();
    const reason = new Error("the deadline is near");
    const client = clientOf(registry, { signal: AbortSignal.abort(reason) });

    await expect(client.getManifest("a", "v1")).rejects.toBe(reason);
    await expect(client.hasBlob("a", `sha256:${"a".repeat(64)}`)).rejects.toBe(reason);
    expect(registry.requests).toEqual([]);
  });
});
