import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeSettings, defaultSettings, newRecord } from "../../../../local/ecr/settings.ts";
import { keepRegistryCatalogData } from "../../../../local/ecr-public/registry-catalog-data.ts";
import { newRecord as newPublicRecord } from "../../../../local/ecr-public/settings.ts";
import { fillAccount } from "../../../gallery/example-account.ts";
import { putImage, smallImage } from "../../../gallery/put-image.ts";
import { startGallery, type TestGallery } from "../../../gallery/start-gallery.ts";

let test: TestGallery;

beforeAll(async () => {
  test = await startGallery();
  await fillAccount(test);
});

afterAll(() => test[Symbol.asyncDispose]());

/** The page's text, with entities as they are and white space collapsed; and its markup. */
async function page(path: string): Promise<{ text: string; markup: string }> {
  const response = await fetch(test.url + path, { headers: { accept: "text/html" } });
  expect([response.status, test.defects]).toEqual([200, []]);
  const markup = await response.text();
  return { markup, text: markup.replace(/<[^>]+>/g, " ").replace(/[\s\u00a0]+/g, " ") };
}

/** The text of one card of the start page. */
async function card(name: string): Promise<string> {
  const { markup } = await page("/");
  const cards = markup.split('<article class="card').map((part) => part.split("</article>")[0] ?? "");
  const found = cards.find((part) => part.includes(`${name}</a></h3>`)) ?? "";
  return found.replace(/<[^>]+>/g, " ").replace(/[\s\u00a0]+/g, " ");
}

describe("the start page", () => {
  it("shows the standards of each private repository, and what a repository lacks", async () => {
    expect(await card("team-a/web")).toContain(
      "Image tags IMMUTABLE except dev-* Scan on push on Encryption AES256 Lifecycle policy 2 rules " +
        "Repository policy 1 statement Resource tags managed-by=ecr-autopilot team=a",
    );
    expect(await card("legacy-import")).toContain(
      "Image tags IMMUTABLE Scan on push off Encryption AES256 Lifecycle policy none Repository policy none Resource tags none",
    );
    expect(await card("team-a/api")).toContain("Encryption KMS, own key Lifecycle");
  });

  it("shows the newest images that have tags, with sizes and digests", async () => {
    const image = test.store.private.image("team-a/web", "v1.4");
    const text = await card("team-a/web");

    expect(text).toMatch(/dev-login-form .* v1\.4 v1\.4\.0 index of 2: linux\/amd64, linux\/arm64 · \d\.\d KiB/);
    expect(text).toContain(image?.digest.slice(0, 19));
    expect(text).toContain("All 6 images");
    expect(await card("legacy-import")).toContain("No images.");
  });

  it("links to the public page of each published repository, with description and badges", async () => {
    const { markup } = await page("/");

    expect(markup).toContain('href="/public/team-a-web"><span class="alias">d3m0acct/</span>team-a-web</a>');
    expect(markup).toContain("The web front end of team A");
    expect(markup).toContain('<li title="Architecture">x86-64</li>');
  });

  it("tells what happened last, without routine", async () => {
    const { text } = await page("/");

    expect(text).toContain("function mirror-image image-mirrored team-a/web");
    expect(text).not.toContain("repository-conforms");
    expect(text).not.toContain("CompleteLayerUpload");
  });

  it("shows fifty repositories at a time", async () => {
    await using many = await startGallery();
    for (let number = 100; number < 160; number++) {
      await many.store.private.createRepository(newRecord(`r${number}`, new Date(), defaultSettings));
    }
    const names = async (path: string) =>
      [...(await (await fetch(many.url + path)).text()).matchAll(/href="\/private\/(r\d+)">/g)].map(([, name]) => name);

    const [first, second, beyond] = [await names("/"), await names("/?page=2"), await names("/?page=99")];

    expect([first.length, first.at(-1)]).toEqual([50, "r149"]);
    expect(second).toEqual(["r150", "r151", "r152", "r153", "r154", "r155", "r156", "r157", "r158", "r159"]);
    expect(beyond).toEqual(second);
    expect(await (await fetch(many.url)).text()).toContain('<a href="?page=2" rel="next">');
  });

  it("says how to begin when there is nothing", async () => {
    await using empty = await startGallery();

    const text = await (await fetch(empty.url)).text();

    expect(text).toContain("docker push 127.0.0.1:4511/team-a/web:v1.0.0");
    expect(text).toContain("Nothing has been published yet.");
  });
});

describe("the page of a private repository", () => {
  it("shows its policies over several lines", async () => {
    const { markup } = await page("/private/team-a/web");

    expect(markup).toContain("{\n  &quot;rules&quot;: [\n    {\n      &quot;rulePriority&quot;: 1,");
    expect(markup).toContain("&quot;Action&quot;: [\n        &quot;ecr:BatchCheckLayerAvailability&quot;,");
  });

  it("shows all images with tags, sizes and whole digests, those with tags first", async () => {
    const { markup, text } = await page("/private/team-a/web");
    const digests = [...markup.matchAll(/<code class="digest"[^>]*>(sha256:[0-9a-f]{64})<\/code>/g)].map(
      ([, digest]) => digest,
    );
    const { store } = test;

    expect(digests).toHaveLength(6);
    expect(digests.slice(0, 2)).toEqual(
      ["dev-login-form", "v1.4.0"].map((tag) => store.private.image("team-a/web", tag)?.digest),
    );
    expect(text).toContain("docker pull 127.0.0.1:4511/team-a/web:dev-login-form");
  });

  it("gives an index the size of its largest image", async () => {
    const index = test.store.private.image("team-a/web", "v1.4.0");
    const images = test.store.private.images("team-a/web").filter(({ contentSize }) => contentSize > 0);
    const sizes = images.map(({ contentSize }) => `${(contentSize / 1024).toFixed(1)} KiB`);
    const { text } = await page("/private/team-a/web");
    const shown = /v1\.4 v1\.4\.0 index of 2: [^·]+· ([\d.]+ KiB)/.exec(text)?.[1];

    expect(index?.contentSize).toBe(0);
    expect(sizes).toContain(shown);
  });

  it("names the key of its encryption, and says what having no policy means", async () => {
    expect((await page("/private/team-a/api")).text).toContain(
      "KMS arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab",
    );
    const { text } = await page("/private/legacy-import");
    expect(text).toContain("None: images stay until somebody deletes them.");
    expect(text).toContain("None: only principals of this account have access.");
  });

  it("shows a policy that is no JSON as it is", async () => {
    await test.store.private.createRepository(newRecord("odd", new Date(), defaultSettings));
    await test.store.private.updateRepository(
      "odd",
      changeSettings(() => ({ policyText: "not <json>" })),
    );

    expect((await page("/private/odd")).markup).toContain("<code>not &lt;json&gt;</code>");
  });

  it("takes a name with its slashes encoded", async () => {
    expect((await page("/private/team-a%2Fweb")).markup).toContain('<h1 class="name">team-a/web</h1>');
  });
});

describe("the public page of a repository", () => {
  it("shows name with alias, description, pull command and the badges that the gallery has", async () => {
    const { markup, text } = await page("/public/team-a-web");

    expect(markup).toContain('<h1 class="name"><span class="alias">d3m0acct/</span>team-a-web</h1>');
    expect(text).toContain("pages of the shop over HTTP/2, without root, for two platforms.");
    expect(text).toContain("docker pull 127.0.0.1:4512/d3m0acct/team-a-web:v1.4.0");
    expect([...markup.matchAll(/<li title="[^"]*">([^<]*)<\/li>/g)].map(([, badge]) => badge)).toEqual([
      "Linux",
      "ARM 64",
      "x86-64",
    ]);
  });

  it("shows the about text first, and usage and image tags when asked", async () => {
    const [about, usage, tags] = await Promise.all(
      ["", "?tab=usage", "?tab=tags"].map((query) => page(`/public/team-a-web${query}`)),
    );

    expect(about?.markup).toContain("<h2>Web front end of team A</h2>");
    expect(about?.markup).toContain('<a href="/public/team-a-web?tab=about" aria-current="page">About</a>');
    expect(about?.markup).not.toContain("Run it");
    expect(usage?.markup).toContain("<h3>Run it</h3>");
    expect(tags?.text).toMatch(
      /v1\.4 index of 2: .* docker pull 127\.0\.0\.1:4512\/d3m0acct\/team-a-web:v1\.4 v1\.4\.0 /,
    );
    expect(tags?.text).toContain(test.store.public.image("team-a-web", "v1.4")?.digest);
  });

  it("is a page also without any catalog data", async () => {
    const { text } = await page("/public/team-a-api");

    expect(text).toContain("There is no about text.");
    expect((await page("/public/team-a-api?tab=usage")).text).toContain("There is no usage text.");
    expect((await page("/public/team-a-api?tab=tags")).text).toContain("There is no tag.");
    expect(text).not.toContain("docker pull");
  });

  it("names the registry once it has a name", async () => {
    expect((await page("/public/team-a-web")).text).not.toContain(" by ");
    await keepRegistryCatalogData(test.account, "Example <Ltd>");

    expect((await page("/public/team-a-web")).markup).toContain('<p class="by">by Example &lt;Ltd&gt;</p>');
  });

  it("shows fifty tags at a time", async () => {
    const { store, account } = test;
    await store.public.createRepository(newPublicRecord("many", account.clock(), { tags: [] }));
    const tags = Array.from({ length: 51 }, (_, index) => `t${100 + index}`);
    await putImage(store.public, "many", smallImage(10), tags);

    const first = await page("/public/many?tab=tags");
    const second = await page("/public/many?tab=tags&page=2");

    expect(first.markup).toContain('<a href="?tab=tags&amp;page=2" rel="next">');
    expect(first.text).toContain("page 1 of 2, 51 tags");
    expect(second.markup.match(/docker pull [^<]*:t\d+</g)?.at(-1)).toBe(
      "docker pull 127.0.0.1:4512/d3m0acct/many:t150<",
    );
  });
});

describe("the timeline page", () => {
  it("shows the newest entries first, filtered as its address says", async () => {
    const { markup, text } = await page("/timeline?repository=team-a&kind=trouble");
    const rows = [...markup.matchAll(/<li class="entry (\w+)">/g)].map(([, tone]) => tone);

    expect(rows).toEqual(["plain", "failed", "refused"]);
    expect(text).toContain("user bob ecr:PutImage team-a/web ImageTagAlreadyExistsException: The image tag");
    expect(markup).toContain('<input name="repository" value="team-a"');
    expect(markup).toContain('<option value="trouble" selected>');
  });

  it("has at most 300 rows", async () => {
    await using busy = await startGallery();
    for (let number = 0; number < 400; number++) busy.tell({ kind: "event", who: "x", what: `n${number}` });
    const markup = await (await fetch(`${busy.url}/timeline`, { headers: { accept: "text/html" } })).text();
    const rows = [...markup.matchAll(/<span class="what">(n\d+)<\/span>/g)].map(([, what]) => what);

    expect([rows.length, rows[0], rows.at(-1)]).toEqual([300, "n399", "n100"]);
  });
});
