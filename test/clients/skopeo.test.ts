import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildImage, type IndexImage } from "../../local/tour/image.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { isInstalled, run } from "../support/command.ts";
import { writeOciLayout } from "../support/oci-layout.ts";

describe.runIf(isInstalled("skopeo"))("skopeo", () => {
  let test: TestAccount;
  let directory: string;
  let image: IndexImage;
  let privateHost: string;
  let publicHost: string;
  let credentials: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-skopeo-"));
    test = await startTestAccount();
    image = buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 3, layerBytes: 300_000 });
    await writeOciLayout(join(directory, "image"), image, "v2.0.0");
    privateHost = new URL(test.account.endpoints.privateRegistry).host;
    publicHost = new URL(test.account.endpoints.publicRegistry).host;
    const { authorizationData } = await test.ecr.send(new GetAuthorizationTokenCommand({}));
    credentials = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString();
  });

  afterAll(async () => {
    await test?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** Its own home, so that no login of this machine plays a part. */
  const skopeo = (...args: string[]) =>
    run("skopeo", ["--insecure-policy", ...args], { HOME: directory, XDG_RUNTIME_DIR: directory });

  it("copies an image with all its platforms to a repository that does not exist", async () => {
    const copied = await skopeo(
      "copy",
      "--all",
      "--dest-tls-verify=false",
      `--dest-creds=${credentials}`,
      `oci:${directory}/image:v2.0.0`,
      `docker://${privateHost}/team-a/skopeo:v2.0.0`,
    );

    expect(copied).toMatchObject({ code: 0 });
  });

  it("finds the public copy with the same digest", async () => {
    await test.decision("image-mirrored", "team-a/skopeo");

    const inspected = await skopeo(
      "inspect",
      "--tls-verify=false",
      `docker://${publicHost}/${test.account.publicAlias}/team-a-skopeo:v2.0.0`,
    );

    expect(inspected).toMatchObject({ code: 0 });
    expect(JSON.parse(inspected.stdout)).toMatchObject({ Digest: image.root.digest, RepoTags: ["v2.0.0"] });
  });

  it("copies the public image back out, bit for bit", async () => {
    const copied = await skopeo(
      "copy",
      "--all",
      "--src-tls-verify=false",
      `docker://${publicHost}/${test.account.publicAlias}/team-a-skopeo:v2.0.0`,
      `oci:${directory}/back:v2.0.0`,
    );

    expect(copied).toMatchObject({ code: 0 });
    for (const { digest, bytes } of [image.root, ...image.children, ...image.blobs]) {
      const back = await readFile(join(directory, "back", "blobs", ...digest.split(":")));
      expect(back.equals(bytes)).toBe(true);
    }
  });
});
