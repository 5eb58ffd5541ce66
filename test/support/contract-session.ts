/** Clients and registry hosts of one target, made once for all its cases. */
import { ECR } from "@aws-sdk/client-ecr";
import { ECRPUBLIC } from "@aws-sdk/client-ecr-public";
import type { ContractClients } from "./contract-api.ts";
import { createRegistryHost, type RegistryHost } from "./contract-registry.ts";
import type { RunningTarget, Side } from "./contract-target.ts";

export interface ContractSession extends ContractClients {
  /** Region of the private registry. */
  readonly region: string;
  /** Reached with a token of the caller. */
  registry(side: Side): Promise<RegistryHost>;
  /** The id of the account, as the service tells it. */
  registryId(): Promise<string>;
  /** Ends the target too. */
  close(): Promise<void>;
}

/** Clients are made at once; a host is asked for its token when it is first used, and keeps it for the session. */
export function openSession(target: RunningTarget): ContractSession {
  const { private: ours, public: everyones } = target.endpoints;
  const credentials = target.credentials === undefined ? {} : { credentials: target.credentials };
  const region = ours?.region ?? "us-east-1";
  const ecr = new ECR({ region, ...(ours && { endpoint: ours.url }), ...credentials });
  const ecrPublic = new ECRPUBLIC({
    region: "us-east-1",
    ...(everyones && { endpoint: everyones.url }),
    ...credentials,
  });

  async function connect(side: Side): Promise<RegistryHost> {
    if (side === "private") {
      const { authorizationData } = await ecr.getAuthorizationToken({});
      const { proxyEndpoint = "", authorizationToken } = authorizationData?.[0] ?? {};
      return createRegistryHost(proxyEndpoint, `Basic ${authorizationToken}`);
    }
    const { authorizationData } = await ecrPublic.getAuthorizationToken({});
    const { registries } = await ecrPublic.describeRegistries({});
    const authority = registries?.[0]?.registryUri?.split("/")[0];
    // Told without a scheme: that of the API.
    const { protocol } = new URL(everyones?.url ?? "https://public.ecr.aws");
    return createRegistryHost(`${protocol}//${authority}`, `Bearer ${authorizationData?.authorizationToken}`);
  }

  const hosts = new Map<Side, Promise<RegistryHost>>();
  return {
    ecr,
    ecrPublic,
    region,
    registry(side) {
      const host = hosts.get(side) ?? connect(side);
      hosts.set(side, host);
      return host;
    },
    async registryId() {
      if (ours !== undefined) return (await ecr.describeRegistry({})).registryId ?? "";
      return (await ecrPublic.describeRegistries({})).registries?.[0]?.registryId ?? "";
    },
    async close() {
      ecr.destroy();
      ecrPublic.destroy();
      await target.close();
    },
  };
}
