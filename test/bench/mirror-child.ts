/**
 * The mirror engine in a process of its own: `mirror-child SOURCE DESTINATION REPOSITORY`, the URLs of both registries and a repository whose
 * tag `bench` is mirrored to the same name. Prints what came of it, how many requests it made, and the time and CPU of the copy itself.
 */
import { type MirrorDeps, mirrorImage } from "#shared/mirror/mirror-image.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend, type Send } from "#shared/registry/http.ts";
import { plainDestination, plainSource } from "../support/plain-registries.ts";

async function main([sourceUrl = "", destinationUrl = "", repository = ""]: readonly string[]): Promise<void> {
  let requests = 0;
  const connections = createSend();
  const send: Send = (request) => {
    requests += 1;
    return connections(request);
  };
  const client = (baseUrl: string) => createRegistryClient({ baseUrl, send, authorization: async () => undefined });
  const to = plainDestination(client(destinationUrl), repository);
  const rule: MirrorRule = {
    source: repository,
    destination: repository,
    tags: { include: ["*"], exclude: [] },
    immutable: [],
    verify: false,
    gates: {},
    retention: [],
  };
  const deps: MirrorDeps = {
    region: "eu-west-1",
    policy: { mirror: [rule] },
    source: plainSource(client(sourceUrl)),
    async destination() {
      // At ECR Public the repository is described: counted as one request.
      requests += 1;
      return to;
    },
    remainingMs: () => 3_600_000,
    now: () => new Date(),
  };
  const began = performance.now();
  const before = process.cpuUsage();
  const outcomes: string[] = [];
  await mirrorImage(
    deps,
    { repository, reference: { tag: "bench" }, orParents: false },
    async ({ outcome }) => void outcomes.push(outcome),
  );
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  const outcome = outcomes.join(", ");
  process.stdout.write(JSON.stringify({ outcome, requests, seconds, cpuSeconds: (user + system) / 1e6 }));
}

main(process.argv.slice(2)).then(
  // Kept connections would hold the process.
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
