/** The front doors of a local account for the contract: the API and both registries, on free ports, with no functions behind them. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountContext } from "../../local/aws/call.ts";
import { createCredentialStore } from "../../local/aws/credentials.ts";
import { createAwsEndpoint } from "../../local/aws/endpoint.ts";
import { createPerform } from "../../local/aws/perform.ts";
import { createTokenStore } from "../../local/aws/tokens.ts";
import { ecrService } from "../../local/ecr/service.ts";
import { ecrPublicService } from "../../local/ecr-public/service.ts";
import { createDownloadUrls } from "../../local/registry/download-url.ts";
import { createRegistryHandler } from "../../local/registry/handler.ts";
import { type Listening, listen } from "../../local/servers.ts";
import { openDiskStore } from "../../local/store/disk.ts";
import { createMemoryStore } from "../../local/store/memory.ts";
import type { RunningTarget } from "./contract-target.ts";

const accountId = "123456789012";
const region = "eu-west-1";

/** Functions are left out on purpose: they would bring repositories to a policy while a case looks at them. Closing fails when the account had a defect. */
export async function startLocalTarget(form: "memory" | "disk", name: string): Promise<RunningTarget> {
  const directory = form === "disk" ? await mkdtemp(join(tmpdir(), "ecr-contract-")) : undefined;
  const store = directory === undefined ? createMemoryStore() : await openDiskStore(directory);
  const clock = () => new Date();
  const credentials = createCredentialStore(accountId);
  const { accessKeyId, secretAccessKey } = credentials.addUser("contract");
  const { perform } = createPerform({ policiesOf: () => "all", record: () => {}, clock });
  const servers: Listening[] = [];
  const urlOf = (index: number): string => servers[index]?.url ?? "";
  const hostOf = (index: number): string => new URL(urlOf(index)).host;
  const account: AccountContext = {
    accountId,
    region,
    store,
    clock,
    publicAlias: "d3m0acct",
    privateUrl: () => urlOf(1),
    privateHost: () => hostOf(1),
    publicUrl: () => urlOf(2),
    publicHost: () => hostOf(2),
    createOnPush: true,
    createOnPushInTrail: true,
    ...createTokenStore(clock),
    downloadUrls: createDownloadUrls({ secret: randomBytes(32), clock }),
    perform,
  };
  const defects: unknown[] = [];
  const onDefect = (defect: unknown): void => void defects.push(defect);
  servers.push(
    await listen(createAwsEndpoint({ services: [ecrService, ecrPublicService], account, credentials, onDefect }), 0),
    await listen(createRegistryHandler({ account, side: "private", onDefect }), 0),
    await listen(createRegistryHandler({ account, side: "public", onDefect }), 0),
  );

  return {
    name,
    endpoints: { private: { url: urlOf(0), region }, public: { url: urlOf(0), region: "us-east-1" } },
    credentials: { accessKeyId, secretAccessKey },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await store.close();
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
      if (defects.length > 0) throw new AggregateError(defects, `${defects.length} defects of ${name}`);
    },
  };
}
