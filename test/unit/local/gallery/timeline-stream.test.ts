import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { startGallery, type TestGallery } from "../../../gallery/start-gallery.ts";
import { readEvents } from "./read-events.ts";

const entry = (what: string) => ({ kind: "event", who: "aws.ecr", what, repository: "team-a/web" }) as const;

function tellMany(test: TestGallery, from: number, to: number): void {
  for (let number = from; number <= to; number++) test.tell(entry(`n${number}`));
}

/** The cursor that a page would go on from. */
async function cursorOf(test: TestGallery): Promise<string> {
  const page = await (await fetch(test.url)).text();
  return /data-after="([^"]+)"/.exec(page)?.[1] ?? "";
}

describe("the live timeline", () => {
  it("tells what is there, that it is live, and then entries as they come", async () => {
    await using test = await startGallery();
    tellMany(test, 1, 2);
    const events = await readEvents(`${test.url}/timeline/stream`);

    const before = await events.until("live");
    test.tell({
      kind: "call",
      who: "arn:aws:iam::123456789012:user/alice",
      what: "ecr:PutImage",
      repository: "team-a/web",
    });
    const after = await events.next();

    expect(before.map(({ event, data }) => [event, data.what ?? data.fresh])).toEqual([
      ["start", true],
      ["entry", "n1"],
      ["entry", "n2"],
      ["live", undefined],
    ]);
    expect(after?.id).toMatch(/^[0-9a-f]{8}-3$/);
    expect(after?.data).toEqual({
      tone: "plain",
      time: "2026-03-02T08:05:09.250Z",
      clock: expect.stringMatching(/^\d\d:\d5:09$/),
      label: "call",
      who: "user alice",
      principal: "arn:aws:iam::123456789012:user/alice",
      what: "ecr:PutImage",
      repository: "team-a/web",
      address: "/private/team-a/web",
      text: "",
    });
  });

  it("goes on after the last event that a browser has, or after the page's own cursor", async () => {
    await using test = await startGallery();
    tellMany(test, 1, 3);
    const cursor = await cursorOf(test);
    tellMany(test, 4, 5);

    const byPage = await (await readEvents(`${test.url}/timeline/stream?after=${cursor}`)).until("live");
    const id = byPage[1]?.id ?? "";
    const byBrowser = await (
      await readEvents(`${test.url}/timeline/stream?after=${cursor}`, { "last-event-id": id })
    ).until("live");

    expect(byPage.map(({ data }) => data.what ?? data.fresh)).toEqual([false, "n4", "n5", undefined]);
    expect(byBrowser.map(({ data }) => data.what ?? data.fresh)).toEqual([false, "n5", undefined]);
  });

  it.each(["00000000-2", "nonsense", "999999", ""])(
    "begins anew for the cursor '%s', which is none of this run",
    async (cursor) => {
      await using test = await startGallery();
      tellMany(test, 1, 3);

      const events = await (await readEvents(`${test.url}/timeline/stream`, { "last-event-id": cursor })).until("live");

      expect(events.map(({ data }) => data.what ?? data.fresh)).toEqual([true, "n1", "n2", "n3", undefined]);
    },
  );

  it("replays at most 300 entries, the newest, and says when that leaves a gap", async () => {
    await using test = await startGallery();
    const cursor = await cursorOf(test);
    tellMany(test, 1, 300);
    const whole = await (await readEvents(`${test.url}/timeline/stream?after=${cursor}`)).until("live");
    tellMany(test, 301, 301);

    const gap = await (await readEvents(`${test.url}/timeline/stream?after=${cursor}`)).until("live");

    expect([whole[0]?.data.fresh, whole.length, whole[1]?.data.what]).toEqual([false, 302, "n1"]);
    expect([gap[0]?.data.fresh, gap.length, gap[1]?.data.what]).toEqual([true, 302, "n2"]);
  });

  it("sends only what the filter lets through, before and after", async () => {
    await using test = await startGallery();
    test.tell({ ...entry("a"), repository: "team-b/x" });
    test.tell(entry("b"));
    const events = await readEvents(`${test.url}/timeline/stream?repository=team-a&kind=event`);

    const before = await events.until("live");
    test.tell({ ...entry("c"), kind: "call" });
    test.tell(entry("d"));
    const after = await events.next();

    expect(before.map(({ data }) => data.what ?? data.fresh)).toEqual([true, "b", undefined]);
    expect(after?.data.what).toBe("d");
  });

  it("ends with the gallery, and lets go of a page that is closed", async () => {
    await using test = await startGallery();
    const gone = new Set<() => void>();
    const { onEntry } = test.timeline;
    vi.spyOn(test.timeline, "onEntry").mockImplementation((listener) => {
      const stop = onEntry(listener);
      const counted = () => {
        gone.add(counted);
        stop();
      };
      return counted;
    });
    const [first, second] = await Promise.all([1, 2].map(() => readEvents(`${test.url}/timeline/stream`)));
    await Promise.all([first?.until("live"), second?.until("live")]);

    await first?.cancel();
    await vi.waitFor(() => expect(gone.size).toBe(1), { timeout: 10_000 });
    test.gallery.close();

    expect(await second?.next()).toBeUndefined();
    expect(gone.size).toBe(2);
  });

  it("cuts off a browser that does not read, instead of keeping everything for it", async () => {
    await using test = await startGallery();
    const { hostname, port } = new URL(test.url);
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write("GET /timeline/stream HTTP/1.1\r\nhost: x\r\n\r\n");
    const stopped = vi.fn();
    const { onEntry } = test.timeline;
    vi.spyOn(test.timeline, "onEntry").mockImplementation((listener) => {
      const stop = onEntry(listener);
      return () => {
        stopped();
        stop();
      };
    });
    await vi.waitFor(() => expect(test.timeline.onEntry).toHaveBeenCalled(), { timeout: 10_000 });

    const text = "x".repeat(390);
    for (let number = 0; number < 100_000 && stopped.mock.calls.length === 0; number++) {
      test.tell({ ...entry("a"), text });
      if (number % 100 === 0) await new Promise(setImmediate);
    }

    expect(stopped).toHaveBeenCalledTimes(1);
    socket.resume();
    await closed;
  });

  it("has headers only for HEAD", async () => {
    await using test = await startGallery();

    const response = await fetch(`${test.url}/timeline/stream`, { method: "HEAD" });

    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await response.text()).toBe("");
  });

  it("refuses the hundred and first page", async () => {
    await using test = await startGallery();
    const readers = await Promise.all(Array.from({ length: 100 }, () => readEvents(`${test.url}/timeline/stream`)));

    const refused = await fetch(`${test.url}/timeline/stream`);

    expect([refused.status, await refused.text()]).toEqual([503, "at most 100 pages can watch the timeline at once\n"]);
    await Promise.all(readers.map((reader) => reader.cancel()));
  });
});
