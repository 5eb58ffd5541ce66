import { describe, expect, it } from "vitest";
import { parseCatalogRequest } from "#shared/events/catalog-request.ts";
import { parseEnvelope } from "#shared/events/envelope.ts";
import {
  type SyncCatalogDeps,
  syncCatalog,
  syncCatalogByHand,
} from "../../../../functions/sync-catalog/sync-catalog.ts";
import { labelledImage } from "../../../support/labelled-image.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { NAME, type PagesOptions, startPages } from "../../shared/catalog/pages.ts";
import { mirrorRule } from "../../shared/policy/support.ts";

const rule = mirrorRule("team/*", "team-{name}");
const BEGIN = { position: undefined, afresh: false };

/** Private repositories team/web and team/api, of which team-web is public; and public ones of others. */
async function start(options: PagesOptions = {}, mirror = [rule]) {
  const pages = await startPages(mirror, options);
  for (const name of ["team/web", "team/api", "other/web"]) {
    const tagRule = { tags: "mutable", except: [] } as const;
    await pages.store.private.createRepository({ name, createdAt: new Date(), tagRule, settings: {} });
  }
  await pages.create("somebody-s");
  const { observer, decisions } = recordingObserver();
  const sent: string[] = [];
  const deps: SyncCatalogDeps = {
    ...{ ecr: pages.ecr, publicEcr: pages.ecrPublic, policy: { mirror }, files: pages.deps.files, observer },
    region: "eu-west-1",
    displayName: undefined,
    now: () => new Date(),
    queue: { send: async (body) => void sent.push(body) },
    page: () => pages.deps,
  };
  const invocation = (remainingMs = () => 600_000) => ({ signal: new AbortController().signal, remainingMs });
  const requests = () => sent.map((body) => parseCatalogRequest(parseEnvelope(body)));
  return { ...pages, deps, decisions, sent, requests, invocation };
}

describe("sync-catalog", () => {
  it("asks for each page that is there and ours", async () => {
    const { deps, requests, decisions, invocation } = await start({
      texts: { "somebody-s": { findings: [] }, "not-there": { findings: [] } },
    });

    await syncCatalog(deps, BEGIN, invocation());

    expect(requests()).toEqual(["somebody-s", NAME].map((page) => ({ page, afresh: false })));
    expect(decisions).toEqual([{ decision: "catalog-swept", startedAt: expect.any(String), pages: 2 }]);
  });

  it("asks ECR nothing without rules and catalog", async () => {
    const { deps, calls, sent, invocation } = await start({}, []);
    calls.length = 0;

    await syncCatalog(deps, BEGIN, invocation());

    expect({ calls, sent }).toEqual({ calls: [], sent: [] });
  });

  it("goes on with the rest of a sweep in another invocation", async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 250 }, (_, index) => [`page-${String(index).padStart(3, "0")}`, { findings: [] }]),
    );
    const { deps, create, requests, decisions, invocation } = await start({ texts });
    for (const name of Object.keys(texts)) await create(name);

    await syncCatalog(
      deps,
      BEGIN,
      invocation(() => 1_000),
    );
    const rest = requests().at(-1);
    if (rest === undefined) throw new Error("nothing was sent");
    await syncCatalog(deps, rest, invocation());

    expect(rest).toMatchObject({ position: { after: "page-199", invocations: 1, pages: 200 }, afresh: false });
    expect(requests().flatMap((one) => ("page" in one ? one.page : []))).toEqual([...Object.keys(texts), NAME]);
    expect(decisions).toMatchObject([
      { decision: "catalog-sweep-continues", pages: 200 },
      { decision: "catalog-swept", pages: 251 },
    ]);
  });

  it("ends a sweep that runs in circles", async () => {
    const { deps, invocation } = await start();
    const position = { after: "a", startedAt: "2026-06-15T12:00:00.000Z", invocations: 100, pages: 1, afresh: false };

    await expect(syncCatalog(deps, { position, afresh: false }, invocation())).rejects.toMatchObject({
      code: "sweep-endless",
      permanent: true,
    });
  });

  it("leaves everything to the Region that the policy names, and tells so once in a sweep", async () => {
    const { deps, calls, sent, decisions, invocation } = await start();
    const elsewhere: SyncCatalogDeps = {
      ...deps,
      displayName: "Team A",
      policy: { ...deps.policy, publicRegion: "us-east-1" },
      page: () => ({ ...deps.page(invocation()), policy: { mirror: [rule], publicRegion: "us-east-1" } }),
    };
    calls.length = 0;

    await syncCatalog(elsewhere, BEGIN, invocation());
    await syncCatalog(elsewhere, { page: NAME, afresh: false }, invocation());
    const plan = await syncCatalogByHand(elsewhere, { mode: "plan" }, invocation());
    const page = await syncCatalogByHand(elsewhere, { mode: "apply", repository: NAME }, invocation());

    const reason =
      "the policy names us-east-1 as publicRegion: the stack of eu-west-1 publishes, but leaves retention, deletions and gallery pages to the one there";
    expect(decisions.slice(0, 3)).toEqual([
      { decision: "public-side-elsewhere", region: "eu-west-1", publicRegion: "us-east-1", reason },
      { decision: "catalog-swept", startedAt: expect.any(String), pages: 0 },
      { decision: "event-ignored", repository: NAME, reason },
    ]);
    expect(plan).toEqual({ mode: "plan", pages: [], words: `Nothing would be written: ${reason}.` });
    expect(page).toMatchObject({ outcome: "not-ours", reason });
    expect({ calls, sent }).toEqual({ calls: [], sent: [] });
  });

  it("asks, in that Region, for every page that a rule may have given to a repository of another one", async () => {
    const { deps, create, requests, invocation } = await start();
    await create("team-elsewhere");

    await syncCatalog({ ...deps, policy: { ...deps.policy, publicRegion: "eu-west-1" } }, BEGIN, invocation());

    expect(requests()).toEqual(["team-elsewhere", NAME].map((page) => ({ page, afresh: false })));
  });

  it("writes the registry's display name when it is another one", async () => {
    const { deps, calls, decisions, invocation } = await start();
    const named = { ...deps, displayName: "Team A" };

    await syncCatalog(named, BEGIN, invocation());
    await syncCatalog(named, BEGIN, invocation());

    expect(calls.filter((name) => name === "PutRegistryCatalogData")).toHaveLength(1);
    expect(decisions[0]).toEqual({ decision: "catalog-name-updated", displayName: "Team A" });
  });

  it("tells what became of a page", async () => {
    const finding = { file: "catalog/team-web/logo.png", rule: "logo-size", message: "has 40 x 40 pixels" };
    const { deps, put, decisions, invocation } = await start({ texts: { [NAME]: { findings: [finding] } } });
    await put(labelledImage(), ["v1"]);

    for (const page of [NAME, NAME, "somebody-s", "not-there"]) {
      await syncCatalog(deps, { page, afresh: false }, invocation());
    }

    const fields = ["usageText", "architectures", "operatingSystems"];
    expect(decisions).toEqual([
      {
        decision: "catalog-finding",
        repository: NAME,
        file: finding.file,
        rule: finding.rule,
        reason: finding.message,
      },
      {
        ...{ decision: "catalog-updated", repository: NAME, fields, findings: 1 },
        reason: "the gallery page said something else in usageText, architectures, operatingSystems",
      },
      { decision: "catalog-conforms", repository: NAME, findings: 0 },
      expect.objectContaining({ decision: "event-ignored", repository: "somebody-s" }),
      { decision: "catalog-gone", repository: "not-there", reason: "there is no such public repository" },
    ]);
  });

  it("leaves a page to another invocation where little time is left", async () => {
    const { deps, calls, requests, invocation } = await start();
    calls.length = 0;

    await syncCatalog(
      deps,
      { page: NAME, afresh: true },
      invocation(() => 60_000),
    );

    expect({ requests: requests(), calls }).toEqual({ requests: [{ page: NAME, afresh: true }], calls: [] });
  });
});

describe("sync-catalog by hand", () => {
  it("plans all pages in words and as data, and writes, sends and tells nothing", async () => {
    const { deps, put, calls, decisions, sent, invocation } = await start();
    await put(labelledImage(), ["v1"]);

    const answer = await syncCatalogByHand({ ...deps, displayName: "Team A" }, { mode: "plan" }, invocation());

    expect(answer).toMatchObject({
      mode: "plan",
      displayName: "Team A",
      pages: [{ repository: NAME, fields: ["usageText", "architectures", "operatingSystems"], findings: [] }],
      words: expect.stringMatching(
        /^The registry\n {2}would be shown as "Team A"\n\nteam-web\n {2}would be written: usageText: empty -> \d+ lines/,
      ),
    });
    expect(answer).not.toHaveProperty("next");
    expect({ decisions, sent, writes: calls.filter((name) => /^(Put|Tag)/.test(name)) }).toEqual({
      decisions: [],
      sent: [],
      writes: [],
    });
  });

  it("plans in parts where the time is short", async () => {
    const { deps, create, invocation } = await start();
    await create("team-api");
    let left = 2_500;

    const first = await syncCatalogByHand(
      deps,
      { mode: "plan" },
      invocation(() => (left -= 1_000)),
    );
    const position = "next" in first ? first.next : undefined;
    const second = await syncCatalogByHand(deps, { mode: "plan", ...(position && { position }) }, invocation());

    expect(position).toMatchObject({ after: "team-api", pages: 1 });
    expect(first).toMatchObject({ words: expect.stringContaining("This is one part: the next begins") });
    expect(second).toEqual({ mode: "plan", pages: [], words: "Every page says what it should." });
  });

  it("answers for one page, though it is not ours or not there", async () => {
    const { deps, put, decisions, invocation } = await start();
    await put(labelledImage(), ["v1"]);
    const ask = (mode: "apply" | "plan", repository: string) =>
      syncCatalogByHand(deps, { mode, repository }, invocation());

    expect(await ask("plan", "not-there")).toMatchObject({ words: "not-there\n  there is no such public repository" });
    expect(await ask("apply", "somebody-s")).toMatchObject({ outcome: "not-ours", fields: [] });
    expect(await ask("apply", NAME)).toEqual({
      mode: "apply",
      outcome: "updated",
      fields: ["usageText", "architectures", "operatingSystems"],
      findings: [],
    });
    expect(await ask("plan", NAME)).toMatchObject({ pages: [], words: "Every page says what it should." });
    expect(decisions.map(({ decision }) => decision)).toEqual(["event-ignored", "catalog-updated"]);
  });

  it("sweeps, and answers with the number of pages", async () => {
    const { deps, requests, invocation } = await start();

    expect(await syncCatalogByHand(deps, { mode: "apply" }, invocation())).toEqual({
      ...{ mode: "apply", pages: 1, continues: false },
    });
    expect(requests()).toEqual([{ page: NAME, afresh: true }]);
  });
});
