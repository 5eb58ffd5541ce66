import { describe, expect, it } from "vitest";
import type { PageTexts } from "#shared/catalog/page-texts.ts";
import { picture } from "../../../gallery/picture.ts";
import { bundleReferrer, labelledImage, labelledIndex } from "../../../support/labelled-image.ts";
import { mirrorRule } from "../policy/support.ts";
import { awsError, NAME, sha256Hex, startPages } from "./pages.ts";

const rule = mirrorRule("team/*", "team-{name}");
const described = mirrorRule("team/*", "team-{name}", { repository: { description: "By the rule" } });
const labels = { "org.opencontainers.image.title": "Web", "org.opencontainers.image.description": "Serves pages" };
const texts = (more: Partial<PageTexts>): Record<string, PageTexts> => ({ [NAME]: { findings: [], ...more } });
const GENERATED = "_Written by ecr-autopilot from what was published._";

/** An index of two platforms with attestations, whose first image has the labels. */
function release() {
  return labelledIndex([
    [labelledImage({ labels }), "linux/amd64"],
    [labelledImage({ architecture: "arm64" }), "linux/arm64"],
    [labelledImage(), "unknown/unknown"],
  ]);
}

describe("the page of a public repository", () => {
  it("is made of the labels, the platforms and the tags that are public, and is then left alone", async () => {
    const pages = await startPages([rule]);
    const image = release();
    await pages.put(image, ["v1.2.0", "latest"]);

    const first = await pages.sync();
    const page = await pages.page();
    pages.forget();
    const second = await pages.sync();

    expect(first).toMatchObject({ outcome: "updated", findings: [] });
    expect(first).toMatchObject({
      differences: ["description", "aboutText", "usageText", "architectures", "operatingSystems"].map((field) => ({
        field,
      })),
    });
    expect(page).toMatchObject({
      description: "Serves pages",
      architectures: ["ARM 64", "x86-64"],
      operatingSystems: ["Linux"],
    });
    expect(page.aboutText).toMatch(/^## Web\n\nServes pages\n/);
    expect(page.usageText).toContain(`docker pull public.localhost:5000/alias/team-web:v1.2.0`);
    expect(page.usageText).toContain(`docker pull public.localhost:5000/alias/team-web@${image.digest}`);
    expect(second).toEqual({ outcome: "conforms", findings: [] });
    expect(pages.reads).toEqual([]);
    expect(pages.calls).toEqual([
      "DescribeRepositories",
      "ListTagsForResource",
      "GetRepositoryCatalogData",
      "DescribeImages",
    ]);
  });

  it("conforms also when everything is looked at again, without a write", async () => {
    const pages = await startPages([rule]);
    await pages.put(release(), ["v1.2.0"]);
    await pages.sync();
    pages.forget();

    expect(await pages.sync({ afresh: true })).toEqual({ outcome: "conforms", findings: [] });

    expect(pages.reads.length).toBeGreaterThan(0);
    expect(pages.calls).not.toContain("PutRepositoryCatalogData");
    expect(pages.calls).not.toContain("TagResource");
  });

  it("takes platforms from all tagged images, and reads the manifest of one that it knows no more", async () => {
    const pages = await startPages([rule]);
    const old = labelledImage({ os: "windows" });
    await pages.put(old, ["v1"]);
    await pages.sync();
    await pages.put(labelledImage({ architecture: "arm" }), ["v2"]);
    pages.forget();

    await pages.sync();

    expect(await pages.page()).toMatchObject({
      architectures: ["ARM", "x86-64"],
      operatingSystems: ["Linux", "Windows"],
    });
    expect(pages.reads).not.toContain(`manifest ${old.digest.slice(7, 13)}`);
  });

  it("loses a badge with the last image that had it", async () => {
    const pages = await startPages([rule]);
    await pages.put(labelledImage({ os: "windows" }), ["v1"]);
    await pages.put(labelledImage(), ["v2"]);
    await pages.sync();
    await pages.store.public.deleteTag(NAME, "v1");

    const outcome = await pages.sync();

    expect(outcome).toMatchObject({
      outcome: "updated",
      differences: [{ field: "usageText" }, { words: 'operatingSystems: "Linux", "Windows" -> "Linux"' }],
    });
    expect(await pages.page()).toMatchObject({ operatingSystems: ["Linux"] });
  });

  it("keeps what a person wrote, and replaces what was made up", async () => {
    const pages = await startPages([rule]);
    await pages.put(labelledImage({ labels }), ["v1"]);
    await pages.write({ aboutText: "# By a person", usageText: `old\n\n${GENERATED}`, description: "By a person" });

    await pages.sync();

    const page = await pages.page();
    expect(page.aboutText).toBe("# By a person");
    expect(page.usageText).toMatch(/^## Pull\n/);
    expect(page.description).toBe("Serves pages");
  });

  it("goes back to what it should say when somebody has changed it", async () => {
    const pages = await startPages([rule], { texts: texts({ about: { pieces: ["By the policy"] } }) });
    await pages.put(labelledImage(), ["v1"]);
    await pages.sync();
    const { architectures = [], operatingSystems = [], usageText = "" } = await pages.page();
    await pages.write({ aboutText: "Changed", usageText, architectures, operatingSystems });

    expect(await pages.sync()).toMatchObject({ outcome: "updated", differences: [{ field: "aboutText" }] });

    expect((await pages.page()).aboutText).toBe("By the policy");
  });

  it("says what the policy says, before the mirror rule, before labels", async () => {
    const pages = await startPages([described], { texts: texts({ description: "By the catalog" }) });
    await pages.put(labelledImage({ labels }), ["v1"]);
    await pages.sync();
    const byCatalog = await pages.page();
    pages.setTexts({});

    await pages.sync();

    expect(byCatalog.description).toBe("By the catalog");
    expect((await pages.page()).description).toBe("By the rule");
  });

  it("tells how to verify a signature that is public as a tag, or as a referrer", async () => {
    const pages = await startPages([rule]);
    const [tagged, referred] = [labelledImage(), labelledImage()];
    await pages.put(tagged, ["v1"]);
    await pages.put(bundleReferrer(tagged), [`${tagged.digest.replace(":", "-")}.sig`]);
    await pages.sync();
    const byTag = (await pages.page()).usageText;
    await pages.put(referred, ["v2"]);
    await pages.put(bundleReferrer(referred, "https://slsa.dev/provenance/v1"), [undefined]);
    await pages.sync();
    const attested = (await pages.page()).usageText;
    await pages.put(bundleReferrer(referred), [undefined]);

    await pages.sync();

    expect(byTag).toContain(`cosign tree public.localhost:5000/alias/team-web@${tagged.digest}`);
    expect(attested).not.toContain(`cosign tree public.localhost:5000/alias/team-web@${referred.digest}`);
    expect((await pages.page()).usageText).toContain(
      `cosign tree public.localhost:5000/alias/team-web@${referred.digest}`,
    );
  });

  it("is planned without a write", async () => {
    const pages = await startPages([rule]);
    await pages.put(labelledImage(), ["v1"]);

    const outcome = await pages.sync({ mode: "plan" });

    expect(outcome).toMatchObject({ outcome: "differs" });
    expect(outcome).toHaveProperty("differences.1.words", 'architectures: none -> "x86-64"');
    expect(pages.calls.filter((name) => /^(Put|Tag)/.test(name))).toEqual([]);
    expect(await pages.page()).toEqual({});
  });

  it("is made with an image that has no labels, or no image at all", async () => {
    const pages = await startPages([rule]);

    expect(await pages.sync()).toEqual({ outcome: "conforms", findings: [] });
    await pages.put(labelledImage(), ["v1"]);
    expect(await pages.sync()).toMatchObject({ outcome: "updated", findings: [] });

    expect(await pages.page()).toMatchObject({ aboutText: "", architectures: ["x86-64"] });
  });
});

describe("whose page it is", () => {
  it("is nobody's of ours without a rule and a word in the catalog", async () => {
    const pages = await startPages([rule]);
    await pages.create("somebody-s");

    expect(await pages.sync({ name: "somebody-s" })).toEqual({
      outcome: "not-ours",
      reason: "no mirror rule leads to it, and the policy's catalog does not name it",
    });
    expect(pages.calls).not.toContain("PutRepositoryCatalogData");
  });

  it("is ours where a rule leads to it from a private repository, though the mirror has not made it", async () => {
    const pages = await startPages([described]);
    await pages.create("team-api");

    await pages.sync({ name: "team-api" }, { sourcesOf: async () => ["team/api"] });

    expect((await pages.page("team-api")).description).toBe("By the rule");
  });

  it("is another Region's where its mirror has made it, unless the catalog names it", async () => {
    const pages = await startPages([described]);
    await pages.tag("ecr-autopilot:source", "us-west-2/team/web");

    expect(await pages.sync()).toMatchObject({
      outcome: "not-ours",
      reason: expect.stringContaining("another Region"),
    });
    pages.setTexts(texts({ description: "By the catalog" }));
    await pages.sync();

    expect((await pages.page()).description).toBe("By the catalog");
  });

  it("is ours where the policy has the pages of all Regions looked after from here", async () => {
    const pages = await startPages([described]);
    await pages.tag("ecr-autopilot:source", "us-west-2/team/web");
    const policy = { mirror: [described], publicRegion: "eu-west-1" };

    await pages.sync({}, { policy });
    await pages.tag("ecr-autopilot:source", "us-west-2/other/web");

    expect((await pages.page()).description).toBe("By the rule");
    expect(await pages.sync({}, { policy })).toMatchObject({ outcome: "not-ours" });
  });

  it("is nobody's here where the policy has another Region look after all of them, though the catalog names it", async () => {
    const pages = await startPages([described], { texts: texts({ description: "By the catalog" }) });

    expect(await pages.sync({}, { policy: { mirror: [described], publicRegion: "us-west-2" } })).toEqual({
      outcome: "not-ours",
      reason: expect.stringContaining("the policy names us-west-2 as publicRegion"),
    });
    expect(pages.calls).toEqual([]);
  });

  it.each([
    "DescribeRepositories",
    "ListTagsForResource",
    "GetRepositoryCatalogData",
    "PutRepositoryCatalogData",
    "TagResource",
  ])("is gone when the repository goes before %s", async (operation) => {
    const pages = await startPages([rule], {
      before(name) {
        if (name === operation) throw awsError("RepositoryNotFoundException");
      },
    });
    await pages.put(labelledImage(), ["v1"]);

    expect(await pages.sync()).toEqual({ outcome: "gone" });
  });
});

describe("the logo of a page", () => {
  const [old, other] = [picture(60, [1, 2, 3]), picture(61, [4, 5, 6])];

  it("is sent with every write, and again when it is another one", async () => {
    const pages = await startPages([rule], { logos: [old, other], texts: texts({ logo: { sha256: sha256Hex(old) } }) });
    await pages.sync();
    await pages.put(labelledImage(), ["v1"]);
    await pages.sync();
    pages.setTexts(texts({ logo: { sha256: sha256Hex(other) } }));
    const third = await pages.sync();
    const fourth = await pages.sync();

    expect(pages.written.map(({ logoImageBlob }) => logoImageBlob)).toEqual([old, old, other]);
    expect(third).toMatchObject({ outcome: "updated", differences: [{ field: "logo" }] });
    expect(fourth).toMatchObject({ outcome: "conforms" });
    expect(await pages.resourceTags()).toMatchObject({ "ecr-autopilot:logo": sha256Hex(other) });
  });

  it("is sent again where the tag tells of another one", async () => {
    const pages = await startPages([rule], { logos: [old], texts: texts({ logo: { sha256: sha256Hex(old) } }) });
    await pages.sync();
    await pages.tag("ecr-autopilot:logo", "0".repeat(64));

    expect(await pages.sync()).toMatchObject({ outcome: "updated", differences: [{ field: "logo" }] });
  });

  it("of a person stays, though a write without it would take it away", async () => {
    const pages = await startPages([rule]);
    await pages.write({ logoImageBlob: old } as never);
    await pages.put(labelledImage(), ["v1"]);

    expect(await pages.sync()).toMatchObject({ outcome: "updated", findings: [] });

    expect(pages.written.at(-1)?.logoImageBlob).toEqual(old);
    expect((await pages.page()).logoUrl).toContain(sha256Hex(old).slice(0, 32));
    expect(await pages.resourceTags()).not.toHaveProperty("ecr-autopilot:logo");
  });

  it("that nobody can read is told, and the rest is written", async () => {
    const pages = await startPages([rule]);
    await pages.write({ logoImageBlob: old } as never);
    await pages.put(labelledImage(), ["v1"]);

    expect(await pages.sync({}, { presentLogo: async () => undefined })).toMatchObject({
      outcome: "updated",
      findings: [{ file: "logo", rule: "logo-unreadable" }],
    });
  });

  it("that ECR Public refuses is told, and the rest is written, once", async () => {
    const bad = Buffer.from("no picture");
    const pages = await startPages([rule], { logos: [bad], texts: texts({ logo: { sha256: sha256Hex(bad) } }) });
    await pages.put(labelledImage(), ["v1"]);

    const first = await pages.sync();
    const second = await pages.sync();

    expect(first).toMatchObject({
      outcome: "updated",
      findings: [{ file: "logo", rule: "logo-refused", message: expect.stringContaining("must be a PNG") }],
    });
    expect(await pages.page()).toMatchObject({ architectures: ["x86-64"] });
    expect(second).toMatchObject({ outcome: "conforms" });
    expect(pages.written).toHaveLength(2);
  });
});

describe("what is wrong", () => {
  it.each([
    ["a config that is no JSON", labelledImage({ config: "{" }), "config-invalid"],
    ["a config that is a text", labelledImage({ config: '"x"' }), "config-invalid"],
  ])("with an image, %s, is a finding, and the page is made of the rest", async (_, broken, rule_) => {
    const pages = await startPages([rule]);
    await pages.put(labelledImage({ architecture: "arm64" }), ["v1.0.0"]);
    await pages.put(broken, ["v2.0.0"]);

    const outcome = await pages.sync();

    expect(outcome).toMatchObject({
      outcome: "updated",
      findings: [{ file: `${NAME}@${broken.digest}`, rule: rule_ }],
    });
    expect(await pages.page()).toMatchObject({ architectures: ["ARM 64"] });
    expect((await pages.page()).usageText).toContain(":v2.0.0\n");
  });

  it("with an image that the registry does not hold is a finding", async () => {
    const pages = await startPages([rule]);
    const lost = labelledImage();
    await pages.put(labelledImage({ architecture: "arm64" }), ["v1"]);
    await pages.put(lost, ["v2"]);
    const { registryOf } = pages.deps;
    const lossy: typeof registryOf = (url) => {
      const registry = registryOf(url);
      const getManifest: typeof registry.getManifest = async (name, digest) =>
        digest === lost.digest ? undefined : registry.getManifest(name, digest);
      return { ...registry, getManifest };
    };

    expect(await pages.sync({}, { registryOf: lossy })).toMatchObject({
      outcome: "updated",
      findings: [{ file: `${NAME}@${lost.digest}`, rule: "image-gone" }],
    });
    expect(await pages.page()).toMatchObject({ architectures: ["ARM 64"] });
  });

  it("with the policy's files is told again with the page", async () => {
    const finding = { file: "catalog/team-web/logo.png", rule: "logo-size", message: "has 40 x 40 pixels" };
    const pages = await startPages([rule], { texts: texts({ findings: [finding] }) });

    expect(await pages.sync()).toEqual({ outcome: "conforms", findings: [finding] });
    expect(await pages.sync()).toEqual({ outcome: "conforms", findings: [] });
    expect(await pages.sync({ afresh: true })).toEqual({ outcome: "conforms", findings: [finding] });
  });

  it("with what ECR Public made of the page is told, and does not lead to a write each time", async () => {
    const pages = await startPages([rule], {
      before(operation, input) {
        if (operation === "PutRepositoryCatalogData") {
          Object.assign(input.catalogData as object, { architectures: ["x86-64", "kept"] });
        }
      },
    });
    await pages.put(labelledImage(), ["v1"]);

    const first = await pages.sync();
    const second = await pages.sync();

    expect(first).toMatchObject({
      outcome: "updated",
      findings: [
        {
          file: "architectures",
          rule: "kept-differently",
          message: 'ECR Public keeps other than was written: architectures: "kept", "x86-64" -> "x86-64"',
        },
      ],
    });
    expect(second).toEqual({ outcome: "conforms", findings: [] });
    expect(pages.written).toHaveLength(1);
  });

  it("for a moment is an error, and what was written is written again after it", async () => {
    let isDown = true;
    const pages = await startPages([rule], {
      before(operation) {
        if (operation === "TagResource" && isDown) throw awsError("ThrottlingException");
      },
    });
    await pages.put(labelledImage(), ["v1"]);

    await expect(pages.sync()).rejects.toMatchObject({ code: "ecr-throttled" });
    isDown = false;

    expect(await pages.sync()).toEqual({ outcome: "conforms", findings: [] });
    expect(await pages.resourceTags()).toHaveProperty("ecr-autopilot:catalog");
  });

  it("with the time is an error before anything is written", async () => {
    const pages = await startPages([rule]);
    await pages.put(labelledImage(), ["v1"]);

    await expect(pages.sync({}, { remainingMs: () => 1_000 })).rejects.toMatchObject({
      code: "page-late",
      permanent: false,
    });
    expect(pages.written).toEqual([]);
  });
});
