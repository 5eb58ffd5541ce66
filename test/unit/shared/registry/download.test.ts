import { Readable, Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { createDownload } from "#shared/registry/download.ts";
import { partOf } from "../../../support/image-parts.ts";

const MIB = 1024 * 1024;
const part = partOf(Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251)));
const blob = { digest: part.digest, size: part.bytes.length };
const pause = async () => {};

/** Takes what is written at once, and keeps it. */
function collecting() {
  const chunks: Buffer[] = [];
  const to = new Writable({
    write(chunk, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { to, written: () => Buffer.concat(chunks) };
}

/** Opens bytes in chunks of 10,000; `breaks`: at which byte each opening breaks off. Records where it was opened. */
function opener(bytes: Buffer, breaks: readonly number[] = []) {
  const starts: number[] = [];
  const open = async (start: number) => {
    starts.push(start);
    const end = breaks[starts.length - 1];
    return Readable.from(
      (function* () {
        for (let at = start; at < (end ?? bytes.length); at += 10_000) {
          yield bytes.subarray(at, Math.min(at + 10_000, end ?? bytes.length));
        }
        if (end !== undefined) throw new Error("reset by the peer");
      })(),
    );
  };
  return { starts, open };
}

describe("a download that is verified", () => {
  it("arrives whole when its bytes are what its digest says", async () => {
    const { to, written } = collecting();

    await createDownload(blob, opener(part.bytes).open, pause, true).write(to);

    expect(written()).toEqual(part.bytes);
  });

  it("keeps one hash over all its openings", async () => {
    const { starts, open } = opener(part.bytes, [25_000, 60_000]);
    const { to, written } = collecting();

    await createDownload(blob, open, pause, true).write(to);

    expect(starts).toEqual([0, 25_000, 60_000]);
    expect(written()).toEqual(part.bytes);
  });

  it("is hashed from its first byte when it is written once more", async () => {
    const download = createDownload(blob, opener(part.bytes).open, pause, true);
    await download.write(collecting().to);
    const { to, written } = collecting();

    await download.write(to);

    expect(written()).toEqual(part.bytes);
  });

  it.each([0, 50_000, 99_999])("and differs in byte %s ends before its last bytes are written", async (at) => {
    const other = Buffer.from(part.bytes);
    other[at] = (other[at] ?? 0) ^ 1;
    const { to, written } = collecting();
    const { starts, open } = opener(other);
    const download = createDownload(blob, open, pause, true);

    await expect(download.write(to)).rejects.toMatchObject({
      code: "digest-mismatch",
      permanent: true,
      message: `the bytes of ${part.digest} have the digest ${partOf(other).digest}`,
    });
    expect(written()).toHaveLength(90_000);
    expect(starts).toEqual([0]);
    expect(download.failure()).toMatchObject({ code: "digest-mismatch" });
  });

  it("is not hashed unless it is asked for", async () => {
    const other = Buffer.alloc(part.bytes.length);
    const { to, written } = collecting();

    await createDownload(blob, opener(other).open, pause).write(to);

    expect(written()).toEqual(other);
  });
});

describe("a download whose upload takes no more", () => {
  it("stops, keeps less than 1 MiB, and goes on where it stopped", async () => {
    const size = 8 * MIB;
    const chunk = Buffer.alloc(65_536);
    let given = 0;
    const open = async () =>
      new Readable({
        read() {
          given += chunk.length;
          this.push(given > size ? null : chunk);
        },
      });
    let taken = 0;
    let goOn = (): void => {};
    const to = new Writable({
      highWaterMark: 65_536,
      write(bytes, _, done) {
        taken += bytes.length;
        if (taken === MIB) goOn = done;
        else done();
      },
    });
    const writing = createDownload({ digest: blob.digest, size }, open, pause).write(to);
    await vi.waitFor(() => expect(taken).toBe(MIB));
    // Everything that could still move has moved once a turn of the loop brings nothing.
    for (let before = -1; before !== given; ) {
      before = given;
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(given - MIB).toBeLessThanOrEqual(MIB / 4);
    expect(to.writableLength).toBeLessThanOrEqual(MIB / 4);

    goOn();
    await writing;
    to.end();
    await new Promise((resolve) => to.once("finish", resolve));
    expect(taken).toBe(size);
  });
});
