/** GET of tags. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags */
import type { Target } from "../ecr/target.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { readPage, withNext } from "./listing.ts";
import { performed, targetOf } from "./performed.ts";
import { respond } from "./respond.ts";

/** Private: ListImages. In the order of the names, at most 1,000. Content type as in AWS's sample. Errors: NAME_UNKNOWN, a bad `n`. */
export async function listTags(at: RepositoryExchange): Promise<void> {
  const page = readPage(at.url);
  const read = ({ registry, repositoryName }: Target) =>
    withNext(page, (options) => registry.tags(repositoryName, options));
  const call = {
    operation: "ListImages",
    readOnly: true,
    members: { filter: { tagStatus: "TAGGED" }, maxResults: page.limit },
  };
  const { items, link } =
    at.service === "ecr"
      ? await performed(at, call, async (target) => {
          const value = read(target);
          return { response: { imageIds: value.items.map((imageTag) => ({ imageTag })) }, value };
        })
      : read(targetOf(at));
  const headers = {
    "content-type": at.service === "ecr" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
    ...(link === undefined ? {} : { link: link(`${at.path}/tags/list`) }),
  };
  const name = at.path.slice("/v2/".length);
  respond(at.response, 200, headers, `${JSON.stringify({ name, tags: items })}\n`);
}
