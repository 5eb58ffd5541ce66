/**
 * The local account: an AWS account in one process, made of a synthesized stack. A value: started on port 0 in a test, or by
 * `npm start`; nothing is global.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountContext, CallOutcome, Identity } from "./aws/call.ts";
import { type Credentials, createCredentialStore } from "./aws/credentials.ts";
import { createAwsEndpoint } from "./aws/endpoint.ts";
import type { PolicyStatement } from "./aws/iam.ts";
import { createPerform } from "./aws/perform.ts";
import { createTokenStore } from "./aws/tokens.ts";
import type { PermissionUse } from "./aws/usage.ts";
import { type Compute, startCompute } from "./compute.ts";
import { tagsOfRepository } from "./ecr/resource-tags.ts";
import { ecrService } from "./ecr/service.ts";
import { ecrPublicService } from "./ecr-public/service.ts";
import { createSystemClock } from "./events/clock.ts";
import { toCloudTrailEvent } from "./events/cloudtrail.ts";
import { toEcrEvent } from "./events/ecr-events.ts";
import type { EventEnvelope } from "./events/event.ts";
import { stackDeployed } from "./events/stack-events.ts";
import type { InvokeResult } from "./lambda/result.ts";
import { tellCall } from "./narrate.ts";
import { createDownloadUrls } from "./registry/download-url.ts";
import { createRegistryHandler } from "./registry/handler.ts";
import { type Listening, listen } from "./servers.ts";
import { openDiskStore } from "./store/disk.ts";
import { createMemoryStore } from "./store/memory.ts";
import { readTemplate } from "./template/read-template.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

export interface LocalAccountOptions {
  /** Cloud assembly of the stack to run. */
  readonly assemblyDir: string;
  /** AWS API here, private registry on the next port, public registry on the one after; 0 takes free ones. */
  readonly port: number;
  /** Folder for repositories and images; memory without it. */
  readonly dataDir?: string | undefined;
  /** False: a Region without CREATE_ON_PUSH. */
  readonly createOnPush?: boolean;
  /** Whether ECR's own creation on push shows in CloudTrail: not documented, so both can be chosen. */
  readonly createOnPushInTrail?: boolean;
  /** Told of errors that are the local account's own. */
  readonly onDefect?: (error: unknown) => void;
}

export interface LocalAccount {
  readonly accountId: string;
  readonly region: string;
  readonly publicAlias: string;
  readonly createOnPush: boolean;
  /** Base URLs. */
  readonly endpoints: { readonly aws: string; readonly privateRegistry: string; readonly publicRegistry: string };
  readonly timeline: Timeline;
  /** Credentials of a user with all permissions; made at the first use of the name. */
  user(name: string): Credentials;
  /** Puts an event on the bus as if EventBridge had received it. */
  publish(event: EventEnvelope): void;
  /** Runs a function of the stack, by its folder's name, on a batch of message bodies. Errors: no such function. */
  invoke(functionName: string, bodies: readonly string[]): Promise<InvokeResult>;
  /** Resolves when no event is on its way, no message waits and no function runs. */
  idle(): Promise<void>;
  /** Messages in all dead-letter queues. */
  deadLetters(): number;
  /** Which action each principal needed so far, and whether it was allowed. */
  permissionUses(): PermissionUse[];
  close(): Promise<void>;
}

const ACCOUNT_ID = "123456789012";
/** Not the Region of ECR Public, so that a client of ours that mistakes one for the other is refused, as it would be on AWS. */
const REGION = "eu-west-1";
const PUBLIC_ALIAS = "d3m0acct";

/** Starts the account, deploys the stack of the assembly into it, and resolves when the deployment's own work is done. */
export async function startLocalAccount(options: LocalAccountOptions): Promise<LocalAccount> {
  const { assemblyDir, dataDir, port, createOnPush = true, createOnPushInTrail = true } = options;
  const onDefect = options.onDefect ?? ((error: unknown) => console.error("defect of the local account:", error));
  const clock = createSystemClock();
  const place = { accountId: ACCOUNT_ID, region: REGION, clock: clock.now };
  const template = readTemplate({ assemblyDir, ...place });
  const store = dataDir === undefined ? createMemoryStore() : await openDiskStore(dataDir);
  const timeline = createTimeline(clock.now);
  const credentials = createCredentialStore(ACCOUNT_ID);
  const users = new Map<string, Credentials>();

  const rolePolicies = new Map(template.roles.map(({ roleArn, statements }) => [roleArn, statements]));
  const policiesOf = (identity: Identity): readonly PolicyStatement[] | "all" =>
    identity.type === "role" ? (rolePolicies.get(identity.roleArn) ?? []) : "all";
  let compute: Compute | undefined;
  const record = (outcome: CallOutcome): void => {
    const told = tellCall(outcome);
    if (told !== undefined) timeline.add(told);
    const event = toCloudTrailEvent(outcome, place);
    if (event !== undefined) compute?.publish(event, outcome.call.identity.accessKeyId);
  };
  const tagsOf = (arn: string) => tagsOfRepository(store, arn);
  const { perform, usage } = createPerform({ policiesOf, record, clock: clock.now, tagsOf });

  const servers: Listening[] = [];
  const urlOf = (server: Listening | undefined): string => server?.url ?? "";
  const hostOf = (server: Listening | undefined): string => urlOf(server).replace("http://", "");
  const account: AccountContext = {
    ...place,
    store,
    publicAlias: PUBLIC_ALIAS,
    privateUrl: () => urlOf(servers[1]),
    privateHost: () => hostOf(servers[1]),
    publicUrl: () => urlOf(servers[2]),
    publicHost: () => hostOf(servers[2]),
    createOnPush,
    createOnPushInTrail,
    ...createTokenStore(clock.now),
    downloadUrls: createDownloadUrls({ secret: randomBytes(32), clock: clock.now }),
    perform,
  };
  const close = async (): Promise<void> => {
    await compute?.close();
    await Promise.all(servers.map((server) => server.close()));
    await store.close();
  };

  try {
    const services = [ecrService, ecrPublicService];
    const api = createAwsEndpoint({ services, account, credentials, onDefect });
    const listeners = [
      withTimeline(timeline, api),
      createRegistryHandler({ account, side: "private", onDefect }),
      createRegistryHandler({ account, side: "public", onDefect }),
    ];
    for (const [index, listener] of listeners.entries()) {
      servers.push(await listen(listener, port === 0 ? 0 : port + index));
    }
    compute = startCompute({ template, place, clock, credentials, timeline, apiUrl: urlOf(servers[0]) });
    const { publish, idle } = compute;
    store.private.onChange((change) => {
      const event = toEcrEvent(change, place);
      if (event !== undefined) publish(event);
    });
    publish(stackDeployed(place, template.stackId));
    await idle();
  } catch (error) {
    await close();
    throw error;
  }

  const { publish, idle, invoke, deadLetters } = compute;
  return {
    accountId: ACCOUNT_ID,
    region: REGION,
    publicAlias: PUBLIC_ALIAS,
    createOnPush,
    endpoints: { aws: urlOf(servers[0]), privateRegistry: urlOf(servers[1]), publicRegistry: urlOf(servers[2]) },
    timeline,
    user(name) {
      const user = users.get(name) ?? credentials.addUser(name);
      users.set(name, user);
      return user;
    },
    publish: (event) => publish(event),
    invoke,
    idle,
    deadLetters,
    permissionUses: usage,
    close,
  };
}

/** The timeline as JSON beside the API: GET /timeline, and with `?after=N` only what came after entry N. */
function withTimeline(
  timeline: Timeline,
  api: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET" || pathname !== "/timeline") {
      void api(request, response);
      return;
    }
    const after = Number(searchParams.get("after") ?? 0);
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(timeline.after(Number.isFinite(after) ? after : 0)));
  };
}
