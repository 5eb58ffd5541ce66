import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDiskStore } from "../../../../local/store/disk.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";
import { buildImage, type IndexImage } from "../../../../local/tour/image.ts";
import { isInstalled, run } from "../../../support/command.ts";
import { writeOciLayout } from "../../../support/oci-layout.ts";
import { alias, newRepository, startRegistry } from "./start-registry.ts";

const hasSkopeo = isInstalled("skopeo");
const image: IndexImage = buildImage({
  platforms: ["linux/amd64", "linux/arm64"],
  layersPerPlatform: 3,
  layerBytes: 100_000,
});

/** A folder with the image as a layout, and skopeo with a home of its own; both go with the test. */
async function prepare() {
  const folder = await mkdtemp(join(tmpdir(), "registry-skopeo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeOciLayout(join(folder, "source"), image, "v1");
  const skopeo = async (...args: string[]) => {
    const result = await run("skopeo", ["--insecure-policy", ...args], { HOME: folder, XDG_RUNTIME_DIR: folder });
    if (result.code !== 0) throw new Error(result.stderr);
    return result.stdout;
  };
  return { folder, skopeo };
}

const credentials = (token: string) => Buffer.from(token, "base64").toString();
const blobsOf = async (layout: string) => (await readdir(join(layout, "blobs", "sha256"))).sort();

describe.each(["memory", "disk"])("skopeo and a registry in %s", (form) => {
  it.runIf(hasSkopeo)("copies an index of two platforms to the private host and back", async () => {
    const { folder, skopeo } = await prepare();
    const store = form === "memory" ? createMemoryStore() : await openDiskStore(join(folder, "store"));
    const hosts = await startRegistry({ store });
    await store.private.createRepository(newRepository("team/web"));
    const creds = credentials(hosts.token("private"));
    const remote = `docker://${hosts.account.privateHost()}/team/web:v1`;

    const to = ["--all", "--dest-tls-verify=false", `--dest-creds=${creds}`];
    await skopeo("copy", ...to, `oci:${folder}/source:v1`, remote);
    const from = ["--all", "--src-tls-verify=false", `--src-creds=${creds}`];
    await skopeo("copy", ...from, remote, `oci:${folder}/back:v1`);
    const listed = await skopeo("list-tags", "--tls-verify=false", `--creds=${creds}`, remote.replace(/:v1$/, ""));

    expect(await blobsOf(join(folder, "back"))).toEqual(await blobsOf(join(folder, "source")));
    expect(store.private.image("team/web", "v1")?.digest).toBe(image.root.digest);
    expect(JSON.parse(listed).Tags).toEqual(["v1"]);
    expect(hosts.defects).toEqual([]);
  });

  it.runIf(hasSkopeo)("pushes to the public host with the token and pulls from it without one", async () => {
    const { folder, skopeo } = await prepare();
    const store = form === "memory" ? createMemoryStore() : await openDiskStore(join(folder, "store"));
    const hosts = await startRegistry({ store });
    await store.public.createRepository(newRepository("web"));
    const remote = `docker://${hosts.account.publicHost()}/${alias}/web:v1`;

    const to = ["--all", "--dest-tls-verify=false", `--dest-creds=${credentials(hosts.token("public"))}`];
    await skopeo("copy", ...to, `oci:${folder}/source:v1`, remote);
    await skopeo("copy", "--all", "--src-tls-verify=false", "--src-no-creds", remote, `oci:${folder}/back:v1`);
    const inspected = await skopeo("inspect", "--raw", "--tls-verify=false", "--no-creds", remote);

    expect(await blobsOf(join(folder, "back"))).toEqual(await blobsOf(join(folder, "source")));
    expect(inspected).toBe(image.root.bytes.toString());
    expect(hosts.trail.map(({ call }) => call.operation)).not.toContain("BatchGetImage");
    expect(hosts.defects).toEqual([]);
  });
});
