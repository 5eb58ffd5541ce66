import { describe, expect, it } from "vitest";
import { usageFromPublished } from "#shared/catalog/usage-from-published.ts";
import { digest, image, newKey, published, uri } from "./published-sample.ts";
import { rendered } from "./rendered.ts";

const both = [
  { os: "linux", architecture: "arm64", variant: "v8" },
  { os: "linux", architecture: "amd64" },
  { os: "unknown", architecture: "unknown" },
];

describe("a usage text from what is public", () => {
  it("tells how to pull, on what it runs, how to verify it, and all tags", () => {
    const pem = newKey();
    const images = [
      image(1, ["1.0.0"], { platforms: both }),
      image(2, ["latest", "1.1.0"], { platforms: both }),
      image(3, ["1.1.0-windows"], { platforms: [{ os: "windows", architecture: "amd64" }] }),
      image(4, [`${digest(2).replace(":", "-")}.sig`]),
    ];
    const usage = usageFromPublished(published(images, { signed: [digest(2)], keys: [{ name: "release", pem }] }));

    expect(usage).toBe(`## Pull

\`\`\`sh
docker pull public.ecr.aws/a1b2c3d4/team-a-api:1.1.0
\`\`\`

A tag may lead to another image tomorrow; a digest is always the same one:

\`\`\`sh
docker pull public.ecr.aws/a1b2c3d4/team-a-api@${digest(2)}
\`\`\`

## Supported platforms

- \`linux/amd64\`
- \`linux/arm64\`
- \`windows/amd64\` as \`1.1.0-windows\`

## Verify the signature

\`1.1.0\` is signed, and the signature is published beside it.

Save this public key as \`release.pub\`:

\`\`\`
${pem.trim()}
\`\`\`

Then, with cosign:

\`\`\`sh
cosign verify --key release.pub public.ecr.aws/a1b2c3d4/team-a-api@${digest(2)}
\`\`\`

## Tags

- \`1.1.0\`, \`latest\`: \`${digest(2)}\`
- \`1.1.0-windows\`: \`${digest(3)}\`
- \`1.0.0\`: \`${digest(1)}\`

_Written by ecr-autopilot from what was published._`);
    expect(rendered(usage ?? "").elements).toEqual(["code", "em", "h2", "li", "p", "ul"]);
  });

  it("is no more than its image needs: one tag, no platform, no signature", () => {
    expect(usageFromPublished(published([image(1, ["main"])]))).toBe(`## Pull

\`\`\`sh
docker pull ${uri}:main
\`\`\`

A tag may lead to another image tomorrow; a digest is always the same one:

\`\`\`sh
docker pull ${uri}@${digest(1)}
\`\`\`

## Tags

- \`main\`: \`${digest(1)}\`

_Written by ecr-autopilot from what was published._`);
  });

  it("is none where no image has a tag of its own", () => {
    expect(usageFromPublished(published([]))).toBeUndefined();
    expect(usageFromPublished(published([image(1, [`${digest(2).replace(":", "-")}.sig`])]))).toBeUndefined();
  });

  it("lists as many tags as fit, newest first, and counts the rest", () => {
    const images = Array.from({ length: 5_000 }, (_, index) => image(index, [`1.0.${index}`]));
    const lines = (usageFromPublished(published(images)) ?? "").split("\n");
    const listed = lines.filter((line) => line.startsWith("- `"));
    const length = lines.join("\n").length;

    expect(length).toBeLessThanOrEqual(25_600);
    expect(length).toBeGreaterThan(25_600 - 120);
    expect(listed[0]).toBe(`- \`1.0.4999\`: \`${digest(4_999)}\``);
    expect(listed.length).toBeGreaterThan(250);
    expect(lines).toContain(`- and ${5_000 - listed.length} more`);
  });

  it("shows ten tags of an image, and counts the rest", () => {
    const tags = Array.from({ length: 40 }, (_, index) => `build-${index + 10}`);

    expect(usageFromPublished(published([image(1, tags)]))).toContain("`build-18`, `build-19` and 30 more: `sha256:");
  });

  it("shows no more platforms than are in use, and none that is no name", () => {
    const platforms = Array.from({ length: 200 }, (_, index) => ({ os: "linux", architecture: `a${index}` }));
    const hostile = [
      { os: "linux`](x)", architecture: "amd64" },
      { os: "linux", architecture: "<script>" },
      { os: "linux", architecture: "x".repeat(1_000_000) },
    ];
    const usage = usageFromPublished(published([image(1, ["v1.0.0"], { platforms: [...hostile, ...platforms] })]));

    expect(usage?.split("\n").filter((line) => line.startsWith("- `linux/a"))).toHaveLength(40);
    expect(usage).toContain("- and 160 more");
    expect(usage).not.toMatch(/script|\]\(|xxx/);
  });
});

describe("the part about signatures", () => {
  const images = [image(1, ["1.0.0"]), image(2, ["1.1.0"])];
  const about = (more: object) =>
    /## Verify the signature\n\n(.*?)\n\n## Tags/s.exec(usageFromPublished(published(images, more)) ?? "")?.[1];

  it("is about the newest image that is signed", () => {
    const text = about({ signed: [digest(1)], keys: [{ name: "release", pem: newKey() }] });

    expect(text).toContain("`1.0.0` is signed");
    expect(text).toContain(`cosign verify --key release.pub ${uri}@${digest(1)}`);
  });

  it("is missing where only something else is signed", () => {
    expect(about({ signed: [digest(3)], keys: [{ name: "release", pem: newKey() }] })).toBeUndefined();
  });

  it("says only that there are signatures where no key is known", () => {
    expect(about({ signed: [digest(2)] })).toBe(
      `\`1.1.0\` is signed, and the signature is published beside it. To see what there is:

\`\`\`sh
cosign tree ${uri}@${digest(2)}
\`\`\``,
    );
  });

  it("shows each key once, in a file whose name a shell takes as it is", () => {
    const [one, two, three] = [newKey(), newKey(), newKey()];
    const text = about({
      signed: [digest(2)],
      keys: [
        { name: "release", pem: one },
        { name: "again", pem: `\n${one}\n` },
        { name: "two; rm -rf /", pem: two },
        { name: "release", pem: three },
      ],
    });

    expect(text?.split("\n").filter((line) => line.startsWith("cosign"))).toEqual(
      ["release", "key-2", "key-3"].map((name) => `cosign verify --key ${name}.pub ${uri}@${digest(2)}`),
    );
    expect(text).toContain("One of these keys has made it.");
    for (const pem of [one, two, three]) expect(text?.split(pem.trim())).toHaveLength(2);
  });

  it("never shows what is no public key", () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG\n-----END PRIVATE KEY-----\n";

    expect(about({ signed: [digest(2)], keys: [{ name: "release", pem }] })).not.toMatch(/PRIVATE|MIGH|--key/);
  });
});
