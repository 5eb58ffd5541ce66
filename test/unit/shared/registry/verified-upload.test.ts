import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { OpenBlob } from "#shared/registry/download.ts";
import { partOf, sha256 } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const part = partOf(Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251)));
const blob = { digest: part.digest, size: part.bytes.length };

/** Gives these bytes; the first opening ends at `end`, as a download that breaks off. */
const opener = (bytes: Buffer, end?: number): OpenBlob => {
  return async (start) => Readable.from([bytes.subarray(start, start === 0 ? end : undefined)]);
};

describe("an upload that is verified", () => {
  it("is completed when the bytes are what the digest says", async () => {
    const registry = await startRegistry();

    await clientOf(registry).uploadBlob("a", blob, opener(part.bytes, 120_000), { verify: true });

    expect(registry.lines()).toHaveLength(3);
    expect(registry.repository("a").blobs.get(blob.digest)?.read(0)).toEqual(part.bytes);
  });

  it("is never completed when they are not, and is not begun again", async () => {
    const registry = await startRegistry();
    const other = partOf(Buffer.from(part.bytes).fill(1, 299_999));

    await expect(clientOf(registry).uploadBlob("a", blob, opener(other.bytes), { verify: true })).rejects.toMatchObject(
      {
        code: "digest-mismatch",
        permanent: true,
        message: `the bytes of ${blob.digest} have the digest ${other.digest}`,
      },
    );
    // Whether the PATCH was seen before it was cut is a matter of chance.
    expect(registry.lines().filter((line) => line !== "PATCH a/blobs/uploads/1")).toEqual(["POST a/blobs/uploads/"]);
    expect(registry.repository("a").blobs.get(blob.digest)?.read(0)).toBeUndefined();
  });

  it("of no bytes is not begun for a digest of some", async () => {
    const registry = await startRegistry();

    await expect(
      clientOf(registry).uploadBlob("a", { digest: blob.digest, size: 0 }, opener(part.bytes), { verify: true }),
    ).rejects.toMatchObject({ code: "digest-mismatch" });
    expect(registry.requests).toEqual([]);
  });

  it("of no bytes goes like any other", async () => {
    const registry = await startRegistry();
    const empty = { digest: sha256(Buffer.alloc(0)), size: 0 };

    await clientOf(registry).uploadBlob("a", empty, opener(part.bytes), { verify: true });

    expect(registry.repository("a").blobs.get(empty.digest)).toMatchObject({ size: 0 });
  });
});
