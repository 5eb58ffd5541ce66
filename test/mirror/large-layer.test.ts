import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { isInstalled } from "../support/command.ts";
import { descriptorOf, partOf, type TestImage, TYPE } from "../support/image-parts.ts";
import { mirrored, ruleOf } from "../unit/shared/mirror/set-up.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { dockerPair, engine, targetOf } from "./pairs.ts";
import { push, read } from "./push.ts";

const SIZE = 256 * 1024 * 1024;
/** SHA-256 of that many zero bytes. */
const DIGEST = "sha256:a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484";

/** Puts a blob of zeros into the registry's storage, as a file that takes no room. */
async function holdZeros({ root }: DockerRegistry, repository: string): Promise<void> {
  const hex = DIGEST.replace("sha256:", "");
  const storage = join(root, "docker", "registry", "v2");
  const blob = join(storage, "blobs", "sha256", hex.slice(0, 2), hex);
  await mkdir(blob, { recursive: true });
  const file = await open(join(blob, "data"), "w");
  await file.truncate(SIZE);
  await file.close();
  const link = join(storage, "repositories", repository, "_layers", "sha256", hex);
  await mkdir(link, { recursive: true });
  await writeFile(join(link, "link"), DIGEST);
}

// 2 GiB, with the memory that it takes, are copied by `npm run bench:mirror`: hashing them alone is 6 seconds of a core.
it.runIf(isInstalled("docker-registry"))("a layer of 256 MiB is published between two plain registries", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-large-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const source = await startDockerRegistry(directory, "source");
  onTestFinished(() => source.close());
  const destination = await startDockerRegistry(directory, "destination");
  onTestFinished(() => destination.close());
  await holdZeros(source, "team/web");
  const config = partOf("{}", TYPE.config);
  const layers = [{ mediaType: TYPE.layer, digest: DIGEST, size: SIZE }];
  const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE.image, config: descriptorOf(config), layers });
  const image: TestImage = { ...partOf(text, TYPE.image), blobs: [config], children: [] };
  const pair = dockerPair(source, destination);
  await push(targetOf(pair.source, "team/web"), image, "v1");
  const deps = engine(pair, [ruleOf()]);

  expect(await mirrored(deps, { tag: "v1" })).toMatchObject([{ outcome: "mirrored", bytes: SIZE + 2 }]);

  // The registry has compared the digest of what it took.
  expect(await read(targetOf(pair.destination, "web"), "manifests/v1")).toEqual(image.bytes);
  const there = await deps.destination("web", { create: false });
  expect(await there?.layersPresent([DIGEST])).toEqual(new Set([DIGEST]));
});
