import type { CatalogFiles } from "#shared/catalog/catalog-files.ts";
import { compileCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import { isWorthTelling, pagePlan } from "#shared/catalog/page-plan.ts";
import { readPresentLogo } from "#shared/catalog/present-logo.ts";
import { createFactsCache } from "#shared/catalog/read-published.ts";
import { pageNames } from "#shared/catalog/sweep-pages.ts";
import { type SyncPageDeps, syncPage } from "#shared/catalog/sync-page.ts";
import { getRegistryDisplayName, putRegistryDisplayName } from "#shared/ecr/public-catalog.ts";
import { PULLS_PER_SECOND } from "#shared/mirror/public-reader.ts";
import { lookUpSources } from "#shared/mirror/sources-of.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import type { Applied, PageAnswer, Plan } from "./backend.ts";
import type { DirectDeps } from "./direct-deps.ts";
import { keepingObserver } from "./watcher.ts";

/** The pages of the public gallery, made of the policy's file and of what stands beside it. */
export function directCatalog(deps: DirectDeps) {
  const { ecr, publicEcr, policy, region, remainingMs, signal, send, watcher } = deps;
  const authorization = deps.publicAuthorization;
  const { displayName } = policy.catalog;
  let made: Promise<SyncPageDeps> | undefined;

  async function pageDeps(): Promise<SyncPageDeps> {
    return {
      ...{ publicEcr, policy, region, remainingMs, files: await compiledFiles(deps) },
      pulls: createLimiter({ perSecond: PULLS_PER_SECOND }),
      cache: createFactsCache(),
      sourcesOf: lookUpSources(ecr, policy),
      registryOf: (baseUrl) => createRegistryClient({ baseUrl, send, authorization, signal }),
      presentLogo: (address) => readPresentLogo(send, address, signal),
    };
  }

  /** Made at the first use: most commands have nothing to do with pages. */
  function page(): Promise<SyncPageDeps> {
    made ??= pageDeps();
    return made;
  }

  async function sync(name: string): Promise<PageAnswer> {
    const outcome = await syncPage(await page(), { mode: "apply", name, afresh: true });
    const { fields, findings, reason } = pagePlan(name, outcome);
    return { repository: name, outcome: outcome.outcome, fields, findings, ...(reason !== undefined && { reason }) };
  }

  async function plan(repository: string | undefined): Promise<Plan> {
    const isNamed = displayName === undefined || (await getRegistryDisplayName(publicEcr)) === displayName;
    const pages = [];
    for (const name of repository === undefined ? await names() : [repository]) {
      signal.throwIfAborted();
      const one = pagePlan(name, await syncPage(await page(), { mode: "plan", name, afresh: true }));
      if (repository !== undefined || isWorthTelling(one)) pages.push(one);
    }
    return { of: "catalog", pages, ...(repository === undefined && !isNamed && { displayName }) };
  }

  async function apply(): Promise<Applied> {
    const { observer, decisions } = keepingObserver(watcher);
    if (displayName !== undefined && (await getRegistryDisplayName(publicEcr)) !== displayName) {
      await putRegistryDisplayName(publicEcr, displayName);
      observer.decided({ decision: "catalog-name-updated", displayName });
    }
    const pages: PageAnswer[] = [];
    for (const name of await names()) {
      signal.throwIfAborted();
      pages.push(await sync(name));
    }
    return { requested: "catalog", pages, decisions };
  }

  async function names(): Promise<string[]> {
    const { files } = await page();
    return pageNames({ ecr, publicEcr, policy, files });
  }

  return { sync, plan, apply };
}

/** As `catalogFiles` gives what the build wrote. */
async function compiledFiles({ policy, policyFolder }: DirectDeps): Promise<CatalogFiles> {
  const { pages, logos } = await compileCatalog({ policy, directory: policyFolder });
  return {
    texts: async (name) => pages.get(name),
    logo: async (sha256) => {
      const bytes = logos.get(sha256);
      if (bytes === undefined) throw new RangeError(`no page has the logo ${sha256}`);
      return bytes;
    },
    names: async () => [...pages.keys()].sort(),
  };
}
