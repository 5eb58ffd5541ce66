/** All cases of the contract, by topic: one file each under cases/. */
import type { Topic } from "../support/contract-case.ts";
import { cases as creationTemplates } from "./cases/creation-templates.ts";
import { cases as deletion } from "./cases/deletion.ts";
import { cases as layers } from "./cases/layers.ts";
import { cases as listing } from "./cases/listing.ts";
import { cases as mutability } from "./cases/mutability.ts";
import { cases as policies } from "./cases/policies.ts";
import { cases as publicCatalog } from "./cases/public-catalog.ts";
import { cases as publicImages } from "./cases/public-images.ts";
import { cases as publicRepositories } from "./cases/public-repositories.ts";
import { cases as pullTimes } from "./cases/pull-times.ts";
import { cases as pulling } from "./cases/pulling.ts";
import { cases as putImage } from "./cases/put-image.ts";
import { cases as referrers } from "./cases/referrers.ts";
import { cases as registrySettings } from "./cases/registry-settings.ts";
import { cases as repositories } from "./cases/repositories.ts";
import { cases as scanning } from "./cases/scanning.ts";
import { cases as storageClass } from "./cases/storage-class.ts";
import { cases as tags } from "./cases/tags.ts";
import { cases as tokens } from "./cases/tokens.ts";

export const topics: readonly Topic[] = [
  { title: "repositories", cases: repositories },
  { title: "mutability", cases: mutability },
  { title: "scanning", cases: scanning },
  { title: "policies", cases: policies },
  { title: "tags", cases: tags },
  { title: "creation-templates", cases: creationTemplates },
  { title: "registry-settings", cases: registrySettings },
  { title: "tokens", cases: tokens },
  { title: "layers", cases: layers },
  { title: "put-image", cases: putImage },
  { title: "pulling", cases: pulling },
  { title: "pull-times", cases: pullTimes },
  { title: "listing", cases: listing },
  { title: "deletion", cases: deletion },
  { title: "referrers", cases: referrers },
  { title: "storage-class", cases: storageClass },
  { title: "public-repositories", cases: publicRepositories },
  { title: "public-catalog", cases: publicCatalog },
  { title: "public-images", cases: publicImages },
];
