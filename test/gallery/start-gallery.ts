/** The gallery alone, over an empty store in memory and a timeline that tests write, on a port of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountContext } from "../../local/aws/call.ts";
import { createPerform } from "../../local/aws/perform.ts";
import { createTokenStore } from "../../local/aws/tokens.ts";
import { createGallery, type Gallery } from "../../local/gallery/gallery.ts";
import { createDownloadUrls } from "../../local/registry/download-url.ts";
import { createMemoryStore } from "../../local/store/memory.ts";
import type { Store } from "../../local/store/store.ts";
import { createTimeline, type Timeline, type TimelineEntry } from "../../local/timeline.ts";

export interface TestGallery extends AsyncDisposable {
  readonly url: string;
  readonly account: AccountContext;
  readonly store: Store;
  readonly timeline: Timeline;
  readonly gallery: Gallery;
  readonly defects: unknown[];
  /** Adds an entry; what is not given is empty. */
  tell(entry: Partial<TimelineEntry> & Pick<TimelineEntry, "kind" | "who" | "what">): void;
  /** Moves the clock of store and timeline on. */
  pass(milliseconds: number): void;
}

export async function startGallery(): Promise<TestGallery> {
  let now = new Date("2026-03-02T08:05:09.250Z");
  const clock = () => now;
  const store = createMemoryStore({ clock });
  const timeline = createTimeline(clock);
  const { perform } = createPerform({ policiesOf: () => "all", record: () => undefined, clock });
  const account: AccountContext = {
    accountId: "123456789012",
    region: "eu-west-1",
    store,
    clock,
    publicAlias: "d3m0acct",
    privateHost: () => "127.0.0.1:4511",
    publicHost: () => "127.0.0.1:4512",
    privateUrl: () => "http://127.0.0.1:4511",
    publicUrl: () => "http://127.0.0.1:4512",
    createOnPush: true,
    createOnPushInTrail: false,
    ...createTokenStore(clock),
    downloadUrls: createDownloadUrls({ secret: "of this test", clock }),
    perform,
  };
  const defects: unknown[] = [];
  const gallery = createGallery({ account, timeline, onDefect: (error) => void defects.push(error) });
  const server = createServer((request, response) => {
    if (!gallery.handle(request, response)) response.writeHead(501).end("left to the API");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    store,
    timeline,
    gallery,
    defects,
    tell: (entry) => timeline.add({ repository: undefined, text: undefined, facts: {}, ...entry }),
    pass: (milliseconds) => {
      now = new Date(now.getTime() + milliseconds);
    },
    async [Symbol.asyncDispose]() {
      gallery.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}
