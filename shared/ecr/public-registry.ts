import { DescribeRegistriesCommand, type ECRPUBLICClient, type RegistryAlias } from "@aws-sdk/client-ecr-public";
import { attempt } from "./errors.ts";

/**
 * The alias of the account's public registry, as in `public.ecr.aws/<alias>/<name>`: its primary one, which ECR Public shows in its URIs, or
 * else the default one, which AWS gives with the first public repository; undefined before that. One that is not ACTIVE waits for AWS's
 * approval, or was refused it, and cannot be used (API model, RegistryAlias). Errors: AutopilotError.
 */
export async function publicRegistryAlias(client: ECRPUBLICClient): Promise<string | undefined> {
  const aliases: RegistryAlias[] = [];
  let from: string | undefined;
  do {
    const { registries = [], nextToken } = await attempt("find the alias of the public registry", () =>
      client.send(new DescribeRegistriesCommand(from === undefined ? {} : { nextToken: from })),
    );
    aliases.push(...registries.flatMap((registry) => registry.aliases ?? []));
    from = nextToken;
  } while (from !== undefined);
  const active = aliases.filter(({ status }) => status === "ACTIVE");
  const found =
    active.find((alias) => alias.primaryRegistryAlias) ?? active.find((alias) => alias.defaultRegistryAlias);
  return found?.name;
}
