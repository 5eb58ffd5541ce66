/** A local account with ECR's repository operations on a port of its own, for the tests of this room. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ECRClient } from "@aws-sdk/client-ecr";
import { onTestFinished } from "vitest";
import type { AccountContext, CallOutcome, Identity } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import { createAwsEndpoint } from "../../../../local/aws/endpoint.ts";
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import type { Service } from "../../../../local/aws/operation.ts";
import { createPerform } from "../../../../local/aws/perform.ts";
import { createTokenStore } from "../../../../local/aws/tokens.ts";
import { repositoryOperations } from "../../../../local/ecr/repository-operations.ts";
import { tagsOfRepository } from "../../../../local/ecr/resource-tags.ts";
import { createDownloadUrls } from "../../../../local/registry/download-url.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";

export const accountId = "123456789012";
export const region = "eu-west-1";
/** The role of a function, next to the user who may do everything. */
export const roleArn = `arn:aws:iam::${accountId}:role/governor`;

const ecr: Service = {
  name: "ecr",
  targetPrefix: "AmazonEC2ContainerRegistry_V20150921",
  operations: new Map(repositoryOperations.map((operation) => [operation.name, operation])),
};

interface Options {
  readonly services?: readonly Service[];
  /** Policy of the role; the user is an administrator. */
  readonly statements?: readonly PolicyStatement[];
  readonly context?: Partial<AccountContext>;
}

/** Started on port 0 and closed with the test. */
export async function startAccount(options: Options = {}) {
  const trail: CallOutcome[] = [];
  const defects: unknown[] = [];
  const clock = () => new Date("2026-03-01T10:00:00.250Z");
  const store = createMemoryStore();
  const credentials = createCredentialStore(accountId);
  const user = credentials.addUser("mary");
  const role = credentials.addRoleSession(roleArn, "session");
  const policiesOf = (identity: Identity) => (identity.type === "role" ? (options.statements ?? []) : ("all" as const));
  const record = (outcome: CallOutcome) => void trail.push(outcome);
  const { perform, usage } = createPerform({
    policiesOf,
    record,
    clock,
    tagsOf: (arn) => tagsOfRepository(store, arn),
  });
  const account: AccountContext = {
    accountId,
    region,
    store,
    clock,
    publicAlias: "alias",
    privateHost: () => "private.localhost:5000",
    publicHost: () => "public.localhost:5000",
    privateUrl: () => "http://private.localhost:5000",
    publicUrl: () => "http://public.localhost:5000",
    createOnPush: true,
    createOnPushInTrail: false,
    ...createTokenStore(clock),
    downloadUrls: createDownloadUrls({ secret: "of this test", clock }),
    perform,
    ...options.context,
  };
  const onDefect = (error: unknown) => void defects.push(error);
  const server = createServer(
    createAwsEndpoint({ services: options.services ?? [ecr], account, credentials, onDefect }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const clients: { destroy(): void }[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
  });

  function client(who: "user" | "role" = "user", scope = region): ECRClient {
    const made = new ECRClient({
      endpoint,
      region: scope,
      credentials: who === "user" ? user : { ...role },
      maxAttempts: 1,
    });
    clients.push(made);
    return made;
  }
  return { account, store, endpoint, trail, defects, usage, client, user, role };
}
