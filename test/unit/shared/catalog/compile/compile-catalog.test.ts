import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import { renderText } from "#shared/catalog/render-text.ts";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { png } from "./png.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-catalog-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
}

async function compile(...section: string[]) {
  const yaml = ["version: 1", "catalog:", "  repositories:", ...(section.length > 0 ? section : ["    []"])].join("\n");
  const { pages, logos, findings } = await compileCatalog({ policy: readPolicy(yaml, "p.yaml").policy, directory });
  return { pages, logos, findings: findings.map(({ file, rule, message }) => `${file} | ${rule} | ${message}`) };
}

describe("compileCatalog", () => {
  it("takes each field from the section, or from the file of its repository", async () => {
    const logo = png(60, 60);
    await put({
      "catalog/team/api/about.md": "# API\n\n[manual](manual.md)\n",
      "catalog/team/api/logo.png": logo,
      "catalog/tools/usage.md": "",
      "catalog/tools/.DS_Store": "x",
    });

    const { pages, logos, findings } = await compile(
      "    - { repository: team/api, description: The API, usage: Run it, source: https://github.com/o/r }",
      '    - { repository: empty, description: "", about: "" }',
    );

    expect([...pages.keys()]).toEqual(["empty", "team/api", "tools"]);
    const page = pages.get("team/api");
    expect(page).toMatchObject({ description: "The API", source: "https://github.com/o/r", findings: [] });
    expect(renderText(page?.about ?? { pieces: [] }, { source: page?.source }).text).toBe(
      "# API\n\n[manual](https://github.com/o/r/blob/HEAD/manual.md)",
    );
    expect(logos.get(page?.logo?.sha256 ?? "")).toEqual(logo);
    expect(pages.get("tools")).toEqual({ usage: { pieces: [] }, findings: [] });
    expect(pages.get("empty")).toEqual({ description: "", about: { pieces: [] }, findings: [] });
    expect(findings).toEqual([]);
  });

  it("names each file that cannot be used, with the rule, and makes the page of the rest", async () => {
    await put({
      "catalog/api/about.md": Buffer.from([0x23, 0x20, 0xff]),
      "catalog/api/usage.md": "Run <script>x</script>it",
      "catalog/api/logo.png": "<svg/>",
      "catalog/api/abuot.md": "x",
      "catalog/api/README": "x",
      "catalog/Team-A/about.md": "x",
      "catalog/stray.md": "x",
    });
    await symlink(join(directory, "catalog", "api"), join(directory, "catalog", "linked"));

    const { pages, findings } = await compile("    - { repository: api, description: D }");

    expect([...pages.keys()]).toEqual(["api"]);
    expect(pages.get("api")).toMatchObject({ description: "D", usage: { pieces: ["Run it", { cut: "" }] } });
    expect(pages.get("api")).not.toHaveProperty("about");
    expect(pages.get("api")).not.toHaveProperty("logo");
    expect(findings).toEqual([
      'catalog/Team-A | folder-name | is not used: "Team-A" contains "T"; ECR Public allows the characters a-z, 0-9, ".", "_", "-" and "/"',
      "catalog/api/README | file-unknown | is not used; only about.md, usage.md, logo.png are",
      "catalog/api/abuot.md | file-unknown | is not used; name it about.md if it is that",
      "catalog/linked | folder-link | is a link to a folder, which is not followed; put the folder there",
      "catalog/stray.md | file-place | belongs to no repository; put it into catalog/<public name>/",
      "catalog/api/about.md | text-encoding | is not UTF-8 and is not used; save it as UTF-8",
      "catalog/api/usage.md | html-element | line 1: the element <script> was taken out: a page shows text and images",
      "catalog/api/logo.png | logo-format | is no PNG image but SVG or other text; save it as PNG",
    ]);
  });

  it("reads a path of the section only within the policy's folder, and by its exact name", async () => {
    const outside = await mkdtemp(join(tmpdir(), "ecr-autopilot-outside-"));
    await writeFile(join(outside, "logo.png"), png(60, 60));
    await put({ "logos/API.png": png(60, 60), "logos/dir.png/x": "x", "catalog/f/logo.png": png(60, 60) });
    await symlink(join(outside, "logo.png"), join(directory, "logos", "link.png"));
    await symlink("API.png", join(directory, "logos", "inner.png"));
    const section = ["a", "b", "c", "d", "e", "f"].map(
      (name, index) =>
        `    - { repository: ${name}${name}, logo: logos/${["api", "link", "dir", "none", "inner", "API"][index]}.png }`,
    );

    const { pages, findings } = await compile(...section);
    await rm(outside, { recursive: true });

    expect([...pages].filter(([, { logo }]) => logo !== undefined).map(([name]) => name)).toEqual(["ee", "ff"]);
    expect(findings.slice(1)).toEqual([
      'logos/api.png | file-missing | is not there: "api.png" does not exist; there is "API.png", if that is meant',
      "logos/link.png | file-outside | is a link to a file outside of the policy's folder, which is not read; put the file there",
      "logos/dir.png | file-kind | is no file; write the path of one",
      expect.stringMatching(/^logos\/none\.png \| file-missing \| is not there: "none\.png" does not exist/),
    ]);
    expect(findings[0]).toContain('catalog/f | folder-name | is not used: "f" has 1 character');
  });

  it("tells of a file that the section makes useless", async () => {
    await put({ "catalog/api/about.md": "from the file" });

    const { pages, findings } = await compile("    - { repository: api, about: from the policy }");

    expect(pages.get("api")?.about?.pieces[0]).toBe("from the policy");
    expect(findings).toEqual([
      "catalog/api/about.md | file-unused | is not used, since catalog.repositories[0].about is given; remove one of them",
    ]);
  });

  it("does not use a text that is too large to be read, or that hides what must go too deep", async () => {
    const nested = "<scr".repeat(40) + "<script></script>".concat("ipt></script>".repeat(40));
    await put({ "catalog/api/about.md": "x".repeat(512 * 1024 + 1), "catalog/api/usage.md": nested });

    const { pages, findings } = await compile();

    expect(pages.get("api")?.about).toBeUndefined();
    expect(findings[0]).toBe(
      "catalog/api/about.md | text-size | has 524289 bytes and is not used; a page shows 25600 characters, and more than 524288 bytes are not read",
    );
    expect(pages.get("api")?.usage).toBeUndefined();
    expect(findings.at(-1)).toBe(
      "catalog/api/usage.md | text-nesting | is not used: what a page must not have is hidden in it too deep; write it plainly",
    );
  });
});
