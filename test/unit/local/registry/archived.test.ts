import { describe, expect, it } from "vitest";
import { addExclusion } from "../../../../local/ecr/pull-time-exclusions.ts";
import { lastPull } from "../../../../local/ecr/pull-times.ts";
import { archive, restore } from "../../../../local/ecr/storage-class.ts";
import { privateTarget } from "../../../../local/ecr/target.ts";
import { imageOf } from "../ecr/image-content.ts";
import { accountId, newRepository, pushImage, startRegistry } from "./start-registry.ts";

const repositoryName = "web";
const image = imageOf(["layer"]);
const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };
const sbom = imageOf(["sbom"], { subject, artifactType: "application/vnd.example.sbom" });

async function start() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository(repositoryName));
  await pushImage(hosts, "private", repositoryName, image, "v1");
  await pushImage(hosts, "private", repositoryName, sbom, sbom.digest);
  const target = privateTarget(hosts.account, { repositoryName });
  const recordOf = (digest: string) => {
    const record = hosts.store.private.image(repositoryName, digest);
    return record ?? expect.fail(`no image ${digest}`);
  };
  const get = (method: string, below: string) => hosts.call("private", method, `/v2/${repositoryName}/${below}`);
  return { ...hosts, target, recordOf, get };
}

describe("an archived image at the private host", () => {
  it("answers pulls with 404 until it is restored", async () => {
    const { target, recordOf, get } = await start();
    await archive(target, recordOf(image.digest), target.clock());

    for (const reference of ["v1", image.digest]) {
      expect((await get("HEAD", `manifests/${reference}`)).status).toBe(404);
      const refused = await get("GET", `manifests/${reference}`);
      expect(refused.status).toBe(404);
      expect(await refused.json()).toMatchObject({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
    }

    await restore(target, recordOf(image.digest), target.clock());
    expect((await get("GET", "manifests/v1")).status).toBe(200);
  });

  it("comes back with a push", async () => {
    const hosts = await start();
    await archive(hosts.target, hosts.recordOf(image.digest), hosts.target.clock());

    await pushImage(hosts, "private", repositoryName, image, "v1");

    expect((await hosts.get("GET", "manifests/v1")).status).toBe(200);
  });

  it("is no referrer of another", async () => {
    const { target, recordOf, get } = await start();
    const referrers = async () => {
      const index = (await (await get("GET", `referrers/${image.digest}`)).json()) as { manifests: unknown };
      return index.manifests;
    };
    expect(await referrers()).toMatchObject([{ digest: sbom.digest }]);

    await archive(target, recordOf(sbom.digest), target.clock());

    expect(await referrers()).toEqual([]);
  });
});

describe("a pull at the private host", () => {
  it("is not recorded for a principal that is excluded", async () => {
    const { store, target, recordOf, get } = await start();
    const user = `arn:aws:iam::${accountId}:user/mary`;
    await addExclusion(store.private, user, target.clock());

    await get("GET", "manifests/v1");

    expect(lastPull(store.private, repositoryName, recordOf(image.digest))).toBeUndefined();
  });
});
