import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { getPublicCatalogData } from "../ecr/public-catalog.ts";
import { describePublicRepository } from "../ecr/public-repositories.ts";
import { listPublicRepositoryTags, tagPublicRepository } from "../ecr/public-repository-tags.ts";
import type { Limiter } from "../pacing/limiter.ts";
import { publicSideElsewhere } from "../policy/public-region.ts";
import { locate } from "../registry/endpoint.ts";
import type { CatalogFiles } from "./catalog-files.ts";
import { CATALOG_TAG, catalogTag, inputsFingerprint, LOGO_TAG } from "./fingerprint.ts";
import { imageReader, type ReadingClient } from "./image-reader.ts";
import { listPublished } from "./list-published.ts";
import { type PageDifference, pageDifferences } from "./page-differences.ts";
import { keysOf, type PageRulesDeps, rulesOfPage } from "./page-rules.ts";
import type { CatalogFinding } from "./page-texts.ts";
import { type ReadPublishedDeps, readPublished } from "./read-published.ts";
import { wantedPage } from "./wanted-page.ts";
import { type WritePageDeps, writePage } from "./write-page.ts";

export interface SyncPageDeps extends PageRulesDeps, WritePageDeps, Omit<ReadPublishedDeps, "reader"> {
  readonly publicEcr: ECRPUBLICClient;
  readonly files: CatalogFiles;
  /** A client of the registry at a base URL. */
  readonly registryOf: (baseUrl: string) => ReadingClient;
  readonly pulls: Limiter;
}

export interface SyncPageRequest {
  readonly mode: "apply" | "plan";
  /** Name of the public repository. */
  readonly name: string;
  /** Looks at everything, whatever the tag of the last time says: this project, or its policy, may be another one now. */
  readonly afresh: boolean;
}

export type PageOutcome =
  | { readonly outcome: "gone" }
  /** No rule leads to it, and the policy's catalog does not name it: it is somebody else's. Or another Region's stack looks after all pages. */
  | { readonly outcome: "not-ours"; readonly reason: string }
  | { readonly outcome: "conforms"; readonly findings: readonly CatalogFinding[] }
  /** In a plan: what would be written. */
  | {
      readonly outcome: "differs" | "updated";
      readonly differences: readonly PageDifference[];
      readonly findings: readonly CatalogFinding[];
    };

/**
 * Brings the gallery page of one public repository to what the policy, its images' labels and what is public say. Level-triggered: it starts
 * from what is there, writes only where the page differs by meaning, and remembers in resource tags what it was made from, so that
 * the next time costs four calls where nothing has changed. A plan writes nothing.
 *
 * Errors: AutopilotError, or the signal's reason.
 */
export async function syncPage(deps: SyncPageDeps, { mode, name, afresh }: SyncPageRequest): Promise<PageOutcome> {
  const { publicEcr, files } = deps;
  const elsewhere = publicSideElsewhere(deps.policy, deps.region);
  if (elsewhere !== undefined) return { outcome: "not-ours", reason: elsewhere };
  const repository = await describePublicRepository(publicEcr, name);
  if (repository === undefined) return { outcome: "gone" };
  const tags = await listPublicRepositoryTags(publicEcr, repository);
  if (tags === undefined) return { outcome: "gone" };
  const texts = await files.texts(name);
  const rules = await rulesOfPage(deps, name, tags);
  if (texts === undefined && (rules === "elsewhere" || rules.length === 0)) return notOurs(rules === "elsewhere");

  const present = await getPublicCatalogData(publicEcr, name);
  if (present === undefined) return { outcome: "gone" };
  const { uri } = repository;
  const leading = rules === "elsewhere" ? [] : rules;
  const ruleDescription = leading.flatMap((rule) => rule.repository?.description ?? [])[0];
  const keys = keysOf(leading);
  const list = await listPublished(publicEcr, name);
  const inputs = inputsFingerprint({ uri, texts, ruleDescription, keys, list });
  const isKnown = tags[CATALOG_TAG] === catalogTag(inputs, present);
  const isLogoSent = texts?.logo === undefined || tags[LOGO_TAG] === texts.logo.sha256;
  if (isKnown && isLogoSent && !afresh) return { outcome: "conforms", findings: [] };

  const at = locate(uri);
  const reader = imageReader(deps.registryOf(at.baseUrl), at.repository, deps.pulls);
  const reading = await readPublished({ ...deps, reader }, name, list);
  const wanted = wantedPage({ texts, ruleDescription, published: { uri, keys, ...reading.published }, present });
  const differences = pageDifferences(wanted.page, present, tags[LOGO_TAG]);
  const findings = [...reading.findings, ...wanted.findings];
  if (mode === "plan") return { outcome: differences.length > 0 ? "differs" : "conforms", differences, findings };

  let standing = present;
  if (differences.length > 0) {
    const written = await writePage(deps, name, wanted.page, present.logoUrl);
    if (written === undefined) return { outcome: "gone" };
    findings.push(...written.findings);
    standing = written.standing;
  }
  const marks = {
    ...(wanted.page.logo && { [LOGO_TAG]: wanted.page.logo.sha256 }),
    [CATALOG_TAG]: catalogTag(inputs, standing),
  };
  const isMarked = Object.entries(marks).every(([key, value]) => tags[key] === value);
  if (!isMarked && !(await tagPublicRepository(publicEcr, repository, marks))) return { outcome: "gone" };
  return differences.length > 0 ? { outcome: "updated", differences, findings } : { outcome: "conforms", findings };
}

function notOurs(isElsewhere: boolean): PageOutcome {
  const why = isElsewhere ? "the mirror of another Region has made it" : "no mirror rule leads to it";
  return { outcome: "not-ours", reason: `${why}, and the policy's catalog does not name it` };
}
