import { describe, expect, it } from "vitest";
import { descriptorOf, TYPE } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import {
  API,
  askedByApi,
  holdTagged,
  image,
  listOf,
  readByTag,
  sbom,
  signature,
  startWithImage,
  TAG,
  TAGGED,
  told,
} from "./referrers-set-up.ts";
import { clientOf, startRegistry } from "./set-up.ts";

describe("a list of referrers", () => {
  it("is what the referrers API answers", async () => {
    const registry = await startWithImage();
    registry.on("GET", API, { answer: 200, body: listOf(told(signature, sbom)) });

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual(told(signature, sbom));
    expect(registry.requests).toMatchObject([
      { path: `a/referrers/${image.digest}`, headers: { accept: TYPE.index, authorization: "Basic ours" } },
    ]);
  });

  it("that is empty is the whole truth: no tag is looked for", async () => {
    const registry = await startWithImage();
    holdTagged(registry, listOf(told(signature)));
    registry.on("GET", API, { answer: 200, body: listOf([]) });

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual([]);
    expect(registry.lines()).toEqual([askedByApi]);
  });

  it.each([
    ["docker-registry's page", { answer: 404, body: "404 page not found\n" }],
    ["an OCI error", { answer: 404, body: ociError("NAME_UNKNOWN") }],
    ["bad request", { answer: 400, body: ociError("UNSUPPORTED") }],
    ["no such method", { answer: 405, body: ociError("UNSUPPORTED", "The operation is unsupported.") }],
    ["not acceptable", { answer: 406 }],
    ["not implemented", { answer: 501 }],
    ["a page of HTML", { answer: 200, body: "<html>welcome</html>" }],
    ["another list", { answer: 200, body: '{"tags":[]}' }],
    ["null", { answer: 200, body: "null" }],
    ["an image", { answer: 200, body: String(image.bytes) }],
  ] as const)("is read from the fallback tag where the API's answer is %s", async (_, fault) => {
    const registry = await startWithImage();
    holdTagged(registry, listOf(told(signature, sbom)));
    registry.on("GET", API, fault);

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual(told(signature, sbom));
    expect(registry.lines()).toEqual([askedByApi, readByTag]);
  });

  it("is empty where there is neither API nor tag", async () => {
    const registry = await startWithImage();

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual([]);
    expect(registry.lines()).toEqual([askedByApi, readByTag]);
  });

  it("is empty where the tag leads to something else", async () => {
    const registry = await startWithImage();
    registry.repository("a").manifests.set(TAG, image);

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual([]);
  });

  it.each([
    [{ answer: 401, body: ociError("UNAUTHORIZED") }, "registry-denied"],
    [{ answer: 403, body: ociError("DENIED", "User is not authorized") }, "registry-denied"],
    [{ answer: 400, body: ociError("DENIED", "no") }, "registry-denied"],
    [{ answer: 429 }, "registry-throttled"],
    [{ answer: 503 }, "registry-unavailable"],
    [{ cut: "before" }, "registry-unreachable"],
  ] as const)("is not taken for empty after %j", async (fault, code) => {
    const registry = await startWithImage();
    registry.on("GET", API, fault, 2);

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({ code, permanent: false });
    expect(registry.lines()).not.toContain(readByTag);
  });

  it("is not taken for empty when its tag may not be read", async () => {
    const registry = await startWithImage();
    registry.on("GET", TAGGED, { answer: 403, body: ociError("DENIED", "no") });

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-denied",
    });
  });

  it("with a descriptor that cannot be read is refused, and not shortened", async () => {
    const registry = await startWithImage();
    registry.on("GET", API, { answer: 200, body: listOf([...told(signature), { digest: "sha512:abc" }]) });

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "manifest-invalid",
      permanent: true,
      message: `${registry.url}/v2/a/referrers/${image.digest}: the manifest has no mediaType in 'manifests[1]'`,
    });
  });

  it("above 4 MiB is refused, and not read to its end", async () => {
    const registry = await startWithImage();
    registry.on("GET", API, { answer: 200, body: listOf([], { padding: "x".repeat(4_194_304) }) });

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-answer-too-long",
      message: `${registry.url}/v2/a/referrers/${image.digest} has more than 4194304 bytes`,
    });
  });

  it("of what is no digest is not asked for", async () => {
    const registry = await startWithImage();

    await expect(clientOf(registry).listReferrers("a", "v1")).rejects.toMatchObject({ code: "reference-invalid" });
    expect(registry.requests).toEqual([]);
  });
});

describe("a list of several pages", () => {
  const link = (target: string) => ({ link: `<${target}>; rel="next"` });

  it("is read to its last page, wherever the Link's address begins", async () => {
    const registry = await startWithImage();
    const third = `${registry.url}/v2/a/referrers/${image.digest}?last=b,c`;
    const first = { answer: 200, body: listOf(told(signature)), headers: link("?last=a%2Bb") };
    const second = {
      answer: 200,
      body: listOf(told(sbom)),
      headers: { link: `<?first>; rel="prev", <${third}>; rel=next` },
    };
    registry.on("GET", API, first);
    registry.on("GET", API, second);
    registry.on("GET", API, { answer: 200, body: listOf(told(image)), headers: { link: '<?first>; rel="prev"' } });

    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual(told(signature, sbom, image));
    expect(registry.requests.map(({ query }) => query)).toEqual(["", "?last=a%2Bb", "?last=b,c"]);
  });

  it("is not followed to another host, and never taken for a registry without the API", async () => {
    const registry = await startWithImage();
    const elsewhere = await startRegistry();
    registry.on("GET", API, { answer: 200, body: listOf([]), headers: link(`${elsewhere.url}/v2/x?token=secret`) });

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-refused",
      permanent: true,
      message: expect.stringMatching(/at another host: http:\/\/127\.0\.0\.1:\d+\/v2\/x$/),
    });
    expect(elsewhere.requests).toEqual([]);
    expect(registry.lines()).toEqual([askedByApi]);
  });

  it.each(['/v2/a; rel="next"', '<>; rel="next"', '<http://[>; rel="next"'])(
    "is not taken for whole when its Link cannot be read: %s",
    async (header) => {
      const registry = await startWithImage();
      registry.on("GET", API, { answer: 200, body: listOf(told(signature)), headers: { link: header } });

      await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
        code: "registry-unavailable",
        message: expect.stringContaining("a Link that cannot be read"),
      });
    },
  );

  it("is not taken for whole when a later page is missing", async () => {
    const registry = await startWithImage();
    registry.on("GET", API, { answer: 200, body: listOf(told(signature)), headers: link("?last=a") });

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-unavailable",
      permanent: false,
      message: `${registry.url}/v2/a/referrers/${image.digest} breaks off after page 1`,
    });
    expect(registry.lines()).toEqual([askedByApi, askedByApi]);
  });

  it("without end is given up after a hundred", async () => {
    const registry = await startWithImage();
    registry.on("GET", API, { answer: 200, body: listOf(told(signature)), headers: link("?again") }, 1_000);

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-answer-too-long",
      permanent: true,
      message: `${registry.url}/v2/a/referrers/${image.digest} goes on after 100 referrers`,
    });
    expect(registry.requests).toHaveLength(100);
  });

  it("with more than ten thousand referrers is given up", async () => {
    const registry = await startWithImage();
    const page = listOf(Array(6_000).fill(descriptorOf(signature)));
    registry.on("GET", API, { answer: 200, body: page, headers: link("?again") }, 1_000);

    await expect(clientOf(registry).listReferrers("a", image.digest)).rejects.toMatchObject({
      code: "registry-answer-too-long",
      message: expect.stringContaining("goes on after 12000 referrers"),
    });
    expect(registry.requests).toHaveLength(2);
  });
});
