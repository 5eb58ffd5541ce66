import { describe, expect, it } from "vitest";
import { keepTemplate } from "../../../../local/ecr/templates.ts";
import { imageOf } from "../ecr/image-content.ts";
import {
  accountId,
  alias,
  newRepository,
  pushImage,
  putManifest,
  refusal,
  roleArn,
  startRegistry,
} from "./start-registry.ts";

const image = imageOf(["layer"]);
const arn = `arn:aws:ecr:eu-west-1:${accountId}:repository/web`;

/** The role may do one thing on the repository. */
async function withRole(action: string) {
  const hosts = await startRegistry({ statements: [{ Effect: "Allow", Action: action, Resource: arn }] });
  await hosts.store.private.createRepository(newRepository("web"));
  await hosts.store.public.createRepository(newRepository("web"));
  await pushImage(hosts, "private", "web", image, "v1");
  hosts.trail.length = 0;
  const headers = { authorization: hosts.authorization("private", hosts.role) };
  const as = (method: string, path: string, init: { body?: string } = {}) =>
    hosts.call("private", method, `/v2/web/${path}`, { ...init, headers });
  return { ...hosts, as };
}

describe("a registry request", () => {
  it("is on the trail as the calls of a push, with who made them and through what", async () => {
    const hosts = await startRegistry();
    await hosts.store.public.createRepository(newRepository("web"));

    await pushImage(hosts, "public", `${alias}/web`, imageOf(["layer"]), "v1");

    expect(hosts.trail.map(({ call }) => call.operation)).toEqual([
      ...["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"],
      ...["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"],
      "PutImage",
    ]);
    const put = hosts.trail.at(-1);
    expect(put?.call).toMatchObject({
      service: "ecr-public",
      resources: [`arn:aws:ecr-public::${accountId}:repository/web`],
      readOnly: false,
      identity: hosts.user,
      region: "us-east-1",
      via: "registry",
      sourceIp: "127.0.0.1",
      userAgent: "node",
      parameters: {
        registryId: accountId,
        repositoryName: "web",
        imageTag: "v1",
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      },
    });
    expect(put?.response).toEqual({
      image: {
        registryId: accountId,
        repositoryName: "web",
        imageId: { imageDigest: image.digest, imageTag: "v1" },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      },
    });
    const uploadId = hosts.trail[0]?.response?.uploadId;
    expect(hosts.trail[1]?.call.parameters).toEqual({
      registryId: accountId,
      repositoryName: "web",
      uploadId,
      partFirstByte: 0,
      partLastByte: (image.blobs[0]?.bytes.length ?? 0) - 1,
    });
    expect(hosts.trail[2]?.response).toEqual({
      registryId: accountId,
      repositoryName: "web",
      uploadId,
      layerDigest: image.blobs[0]?.digest,
    });
  });

  it("needs the permission of its call, and is refused in its name", async () => {
    const { as, trail } = await withRole("ecr:BatchGetImage");

    expect((await as("GET", "manifests/v1")).status).toBe(200);
    expect((await as("GET", `referrers/${image.digest}`)).status).toBe(200);
    const refused = await refusal(await as("POST", "blobs/uploads/"));

    expect(refused).toEqual({
      status: 403,
      code: "DENIED",
      message: `User: ${roleArn.replace(":iam:", ":sts:").replace("role/", "assumed-role/")}/session is not authorized to perform: ecr:InitiateLayerUpload on resource: ${arn} because no identity-based policy allows the ecr:InitiateLayerUpload action`,
    });
    expect(trail.map(({ call, error }) => [call.operation, error?.code])).toEqual([
      ["BatchGetImage", undefined],
      ["ListImageReferrers", undefined],
      ["InitiateLayerUpload", "AccessDenied"],
    ]);
  });

  it.each([
    ["HEAD", () => `blobs/${image.blobs[0]?.digest}`, "ecr:BatchCheckLayerAvailability", 200],
    ["GET", () => `blobs/${image.blobs[0]?.digest}`, "ecr:GetDownloadUrlForLayer", 307],
    ["GET", () => "tags/list", "ecr:ListImages", 200],
    ["DELETE", () => "manifests/v1", "ecr:BatchDeleteImage", 202],
  ])("%s of %s is allowed by %s alone", async (method, path, action, status) => {
    const allowed = await withRole(action);
    const denied = await withRole("ecr:PutImage");

    expect((await allowed.as(method, path())).status).toBe(status);
    expect((await denied.as(method, path())).status).toBe(403);
  });

  it("does not touch the bytes of a push that is not allowed", async () => {
    const hosts = await withRole("ecr:InitiateLayerUpload");
    const started = await hosts.as("POST", "blobs/uploads/");
    const id = started.headers.get("docker-upload-uuid") ?? "";

    const refused = await hosts.as("PATCH", `blobs/uploads/${id}`, { body: "hello" });

    expect(refused.status).toBe(403);
    expect(hosts.store.private.uploadSize("web", id)).toBe(0);
  });

  it("makes a missing repository that a template covers, for layers and for manifests", async () => {
    const hosts = await startRegistry();
    const now = "2026-03-01T10:00:00.000Z";
    await keepTemplate(hosts.account, "team", {
      prefix: "team",
      encryptionConfiguration: { encryptionType: "AES256" },
      imageTagMutability: "IMMUTABLE",
      appliedFor: ["CREATE_ON_PUSH"],
      createdAt: now,
      updatedAt: now,
    });

    const pushed = await pushImage(hosts, "private", "team/web", image, "v1");
    const index = await putManifest(hosts, "private", "team/other", { ...image, manifest: "{}" }, "v1");

    expect(pushed.status).toBe(201);
    expect(index.status).toBe(405);
    expect(hosts.store.private.repositories().map(({ name }) => name)).toEqual(["team/other", "team/web"]);
    expect(hosts.trail[0]).toMatchObject({ call: { operation: "InitiateLayerUpload" }, error: undefined });
  });
});
