/** Steps of an upload that several files of the suite take. */
import { expect } from "vitest";
import { bytesOf, followed, locationOf } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { type Part, partOf } from "../../support/image-parts.ts";

/** As large as the first of two chunks must be for ECR. */
export const half = 5 * 1024 * 1024;
export const blob = partOf(Buffer.concat([Buffer.alloc(half, "the first half|"), Buffer.from("the second half")]));
export const end = blob.bytes.length;
export const octets = { "content-type": "application/octet-stream" };

/** Where the bytes go. */
export async function begin({ send }: ContractRepository): Promise<URL> {
  const started = await send("POST", "blobs/uploads/", { headers: { "content-length": "0" } });
  expect(started.status).toBe(202);
  return locationOf(started);
}

/** PATCH of the bytes of `blob` from `first` to before `past`. */
export function chunk({ host }: ContractRepository, location: URL, first: number, past: number): Promise<Response> {
  const headers = { ...octets, "content-range": `${first}-${past - 1}` };
  return host.send("PATCH", location, { headers, body: blob.bytes.subarray(first, past) });
}

/** The blob is there, whole, at the Location that the answer tells. */
export async function expectPushed(repository: ContractRepository, answer: Response, { digest, bytes }: Part = blob) {
  expect(answer.status).toBe(201);
  const got = await followed(await repository.host.send("GET", locationOf(answer)));
  expect((await bytesOf(got)).equals(bytes)).toBe(true);
  expect((await repository.send("HEAD", `blobs/${digest}`)).status).toBe(200);
}

/** The repository has no such blob. */
export async function expectAbsent({ send }: ContractRepository, digest = blob.digest): Promise<void> {
  expect((await send("HEAD", `blobs/${digest}`)).status).toBe(404);
}
