import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSend, type Send } from "#shared/registry/http.ts";
import { isInstalled, run } from "../support/command.ts";
import { newSigner, signatureImage } from "../support/cosign.ts";
import { contentOf, imageOf, indexOf, partOf, sha256, type TestImage } from "../support/image-parts.ts";
import { artifact, fallbackTag, mirrored, platformIndex, ruleOf } from "../unit/shared/mirror/set-up.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { accountPair, dockerPair, engine, type Pair, type Side, targetOf } from "./pairs.ts";
import { push, pushReferrers, read } from "./push.ts";

const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
const layers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => partOf(`layer ${from + n}`));
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const signer = newSigner();

/** What is pushed to one repository. */
interface Pushed {
  /** Tag -> image. */
  readonly tags: Readonly<Record<string, TestImage>>;
  /** Subject and what refers to it. */
  readonly referrers?: readonly (readonly [TestImage, readonly TestImage[]])[];
  /** ECR does not take it, and nothing of the kind can come from there. */
  readonly plainOnly?: boolean;
}

const base = imageOf(layers(3));
const eight = platformIndex(
  ...["386", "amd64", "arm", "arm64", "mips64le", "ppc64le", "riscv64", "s390x"].map(
    (architecture, n) => [imageOf(layers(2, 10 * n)), architecture] as const,
  ),
);
const signed = indexOf([imageOf(layers(1, 200)), imageOf(layers(1, 201))]);
const sbom = artifact({ subject: signed, layers: [partOf('{"spdxVersion":"SPDX-2.3"}', "application/spdx+json")] });
const signature = signatureImage([signer], signed, { referrer: true });

const CASES: Readonly<Record<string, Pushed>> = {
  "an image of one platform": { tags: { v1: base } },
  "an index of eight": { tags: { v1: eight } },
  "an index of indexes": { tags: { v1: indexOf([indexOf([base, imageOf(layers(1, 30))]), imageOf(layers(1, 40))]) } },
  "a Docker list": { tags: { v1: indexOf([imageOf(layers(2), DOCKER), imageOf(layers(1, 50), DOCKER)], DOCKER_LIST) } },
  "an image of 127 layers": { tags: { v1: imageOf(layers(127)) } },
  "an image with a layer of no bytes": { tags: { v1: imageOf([partOf(""), ...layers(1)]) } },
  "two tags with shared layers": { tags: { v1: base, v2: imageOf(layers(4)), "v1.0": base } },
  "a signature and an SBOM by subject": {
    tags: { v1: signed },
    referrers: [
      [signed, [signature, sbom]],
      [sbom, [artifact({ subject: sbom, layers: layers(1, 300), artifactType: "application/vnd.example.proof" })]],
    ],
  },
  "a signature and an SBOM by tag": {
    tags: {
      v1: signed,
      [`${fallbackTag(signed)}.sig`]: signatureImage([signer], signed),
      [`${fallbackTag(signed)}.sbom`]: imageOf([partOf("sbom", "text/spdx+json")]),
      [`${fallbackTag(signed.children[0] as TestImage)}.sig`]: signatureImage(
        [signer],
        signed.children[0] as TestImage,
      ),
    },
  },
  // ECR: "Image has to have at least 1 layer".
  "an artifact without layers": {
    tags: { v1: artifact({ artifactType: "application/vnd.example.note" }) },
    plainOnly: true,
  },
  "an artifact with an empty config": { tags: { v1: artifact({ layers: [partOf("note", "text/plain")] }) } },
};

const programs = ["docker-registry", "skopeo"];
describe.runIf(programs.every(isInstalled))("the mirror between two real registries", () => {
  let directory: string;
  const registries: DockerRegistry[] = [];
  let docker: Pair;

  beforeAll(async () => {
    // In memory where there is a /dev/shm: a disk's fsync would be most of the time.
    directory = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ecr-autopilot-mirror-"));
    const [source, destination] = [
      await startDockerRegistry(directory, "source"),
      await startDockerRegistry(directory, "destination"),
    ];
    registries.push(source, destination);
    docker = dockerPair(source, destination);
  });

  afterAll(async () => {
    for (const registry of registries) await registry.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** The manifest that skopeo sees, bit for bit; in a home of its own, so that no login of this machine plays a part. */
  async function inspectRaw(
    { url, prefix, credentials }: Side,
    repository: string,
    reference: string,
  ): Promise<string> {
    const login = credentials === undefined ? ["--no-creds"] : [`--creds=${credentials}`];
    const at = `${reference.startsWith("sha256:") ? "@" : ":"}${reference}`;
    const image = `docker://${new URL(url).host}/${prefix}${repository}${at}`;
    const args = ["--insecure-policy", "inspect", "--raw", "--tls-verify=false", ...login, image];
    const { code, stdout, stderr } = await run("skopeo", args, { HOME: directory, XDG_RUNTIME_DIR: directory });
    if (code !== 0) throw new Error(`skopeo inspect ${image}: ${stderr}`);
    return stdout;
  }

  const pairs: readonly (readonly [string, () => Promise<Pair>])[] = [
    ["of two plain registries", async () => docker],
    ["of the local account", accountPair],
  ];

  describe.each(pairs)("%s", (kind, pairOf) => {
    const cases = Object.entries(CASES).filter(([, { plainOnly }]) => !plainOnly || kind === pairs[0]?.[0]);
    it.each(cases)("publishes %s bit for bit", async (name, { tags, referrers = [] }) => {
      const pair = await pairOf();
      const [repository, destination] = [`from/${slug(name)}`, `to-${slug(name)}`];
      await pair.makeSource(repository);
      const [from, to] = [targetOf(pair.source, repository), targetOf(pair.destination, destination)];
      for (const [tag, image] of Object.entries(tags)) await push(from, image, tag);
      for (const [subject, found] of referrers) {
        await pushReferrers(from, subject, found, { list: !pair.listsReferrers });
      }
      const rules = [ruleOf({ source: repository, destination, tags: { include: ["v*"], exclude: [] } })];
      const deps = engine(pair, rules);

      for (const tag of Object.keys(tags)) {
        const outcomes = await mirrored(deps, { tag }, repository);
        expect(outcomes.map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^(mirrored|unchanged)$/)]);
      }

      const about = referrers.flatMap(([, found]) => found);
      const seen = [...Object.entries(tags), ...about.map((one) => [one.digest, one] as const)];
      for (const [reference, { bytes }] of seen) {
        const published = await inspectRaw(pair.destination, destination, reference);
        expect(published).toBe(await inspectRaw(pair.source, repository, reference));
        expect(published).toBe(bytes.toString());
      }
      for (const image of [...Object.values(tags), ...about]) {
        const { manifests, blobs } = contentOf(image);
        for (const { digest, bytes } of manifests) expect(await read(to, `manifests/${digest}`)).toEqual(bytes);
        for (const { digest } of blobs) expect(sha256(await read(to, `blobs/${digest}`))).toBe(digest);
      }
      const there = await deps.destination(destination, { create: false });
      for (const [subject, found] of referrers) {
        const listed = await there?.client.listReferrers(there.repository, subject.digest);
        expect(listed?.map(({ digest }) => digest).sort()).toEqual(found.map(({ digest }) => digest).sort());
      }
      expect(await mirrored(deps, { tag: "v1" }, repository)).toMatchObject([{ outcome: "unchanged" }]);
    });

    it("publishes nothing for the push of a child that has no tag", async () => {
      const pair = await pairOf();
      await pair.makeSource("from/child");
      const [child] = eight.children as [TestImage];
      await push(targetOf(pair.source, "from/child"), child);
      const deps = engine(pair, [ruleOf({ source: "from/child", destination: "to-child" })]);

      expect(await mirrored(deps, { digest: child.digest }, "from/child")).toMatchObject([{ outcome: "not-selected" }]);
      await expect(read(targetOf(pair.destination, "to-child"), `manifests/${child.digest}`)).rejects.toThrow("404");
    });

    it("takes at most three requests where there is nothing to do", async () => {
      const pair = await pairOf();
      await pair.makeSource("from/idle");
      await push(targetOf(pair.source, "from/idle"), base, "v1");
      const rules = [ruleOf({ source: "from/idle", destination: "to-idle" })];
      await mirrored(engine(pair, rules), { tag: "v1" }, "from/idle");

      const requests: string[] = [];
      const connections = createSend();
      const send: Send = (request) => {
        requests.push(`${request.method} ${request.url.pathname.split("/").slice(-2).join("/")}`);
        return connections(request);
      };
      // A source that tells an image's tags with it, as ECR does.
      const deps = engine(pair, rules, { send, listsTags: false });
      expect(await mirrored(deps, { tag: "v1" }, "from/idle")).toMatchObject([{ outcome: "unchanged" }]);

      // The third, at AWS, is the description of the public repository.
      expect(requests).toEqual(["HEAD manifests/v1", "HEAD manifests/v1"]);
    });
  });
});
