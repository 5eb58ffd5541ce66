/** GET of all repositories, at the private host. https://distribution.github.io/distribution/spec/api/#listing-repositories */
import { repositoryArn } from "../ecr/arn.ts";
import type { Exchange } from "./exchange.ts";
import { readPage, withNext } from "./listing.ts";
import { performedOn } from "./performed.ts";
import { respondJson } from "./respond.ts";

/** DescribeRepositories on all of them. Error: a bad `n`. */
export async function listRepositories(exchange: Exchange): Promise<void> {
  const { account, url, response } = exchange;
  const page = readPage(url);
  const call = {
    service: "ecr",
    operation: "DescribeRepositories",
    readOnly: true,
    parameters: { registryId: account.accountId, maxResults: page.limit },
    resource: repositoryArn(account, "*"),
  } as const;
  const { items, link } = await performedOn(exchange, call, async () => {
    const value = withNext(page, (options) => account.store.private.repositories(options).map(({ name }) => name));
    return { response: { repositories: value.items.map((repositoryName) => ({ repositoryName })) }, value };
  });
  respondJson(response, 200, { repositories: items }, link === undefined ? {} : { link: link("/v2/_catalog") });
}
