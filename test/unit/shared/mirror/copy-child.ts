/** Copies one image in a process of its own, so that only the copier's memory is measured: `copy-child.ts SOURCE DESTINATION NAME TAG`. */
import { copyImage } from "#shared/mirror/copy.ts";
import { planImage } from "#shared/mirror/plan.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import { plainDestination, plainSource } from "../../../support/plain-registries.ts";

const [sourceUrl = "", destinationUrl = "", repository = "", tag = ""] = process.argv.slice(2);
const send = createSend();
const [source, client] = [sourceUrl, destinationUrl].map((baseUrl) =>
  createRegistryClient({ baseUrl, send, authorization: async () => undefined }),
);
const root = await source?.getManifest(repository, tag);
if (source === undefined || client === undefined || root === undefined) throw new Error("nothing to copy");
const plan = await planImage(source, repository, root);

const before = process.resourceUsage().maxRSS;
const destination = { ...plainDestination(client, repository), layersPresent: async () => new Set<string>() };
const request = { plan, accessories: [], tags: [tag], verify: false };
const { outcome, bytes } = await copyImage(
  { source: plainSource(source), remainingMs: () => 600_000 },
  request,
  destination,
);
const grownKiB = process.resourceUsage().maxRSS - before;
console.log(JSON.stringify({ outcome, bytes, grownKiB }));
process.exit(0);
