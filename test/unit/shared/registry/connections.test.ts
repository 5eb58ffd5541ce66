import { describe, expect, it } from "vitest";
import type { OpenBlob } from "#shared/registry/download.ts";
import { createSend } from "#shared/registry/http.ts";
import { indexOf, partOf } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const part = partOf(Buffer.alloc(300_000, 5));
const blob = { digest: part.digest, size: part.bytes.length };

describe("connections", () => {
  it("are kept: what is done one after the other takes one to each registry", async () => {
    const source = await startRegistry();
    source.hold("s", { ...part, blobs: [part], children: [] });
    const registry = await startRegistry();
    const send = createSend();
    const from = clientOf(source, { send });
    const open: OpenBlob = async (start) => (await from.openBlob("s", blob.digest, { start })).stream;

    const to = clientOf(registry, { send });

    for (const name of ["a", "b"]) {
      await to.hasBlob(name, blob.digest);
      await to.uploadBlob(name, blob, open);
      await to.headManifest(name, "v1");
      await to.putManifest(name, "v1", indexOf([]));
      await to.listReferrers(name, blob.digest);
    }

    expect(registry.requests).toHaveLength(16);
    expect(new Set(registry.requests.map(({ connection }) => connection)).size).toBe(1);
    expect(source.requests).toHaveLength(2);
    expect(new Set(source.requests.map(({ connection }) => connection)).size).toBe(1);
  });
});
