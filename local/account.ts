/**
 * The local account: an AWS account in one process, made of a synthesized stack. A value: started on port 0 in a test, or by
 * `npm start`; nothing is global.
 */
import { randomBytes } from "node:crypto";
import type { AccountContext, Call, CallOutcome, Identity } from "./aws/call.ts";
import { type Credentials, createCredentialStore } from "./aws/credentials.ts";
import type { PolicyStatement } from "./aws/iam.ts";
import { createPerform } from "./aws/perform.ts";
import { createTokenStore } from "./aws/tokens.ts";
import type { PermissionUse } from "./aws/usage.ts";
import { createCloudTrailService } from "./cloudtrail/service.ts";
import type { TrailState } from "./cloudtrail/trail.ts";
import { startCompute } from "./compute.ts";
import { tagsOfRepository } from "./ecr/resource-tags.ts";
import { type ScanResult, scanOf, setScanFindings } from "./ecr/scan-findings.ts";
import { ecrService } from "./ecr/service.ts";
import { ecrPublicService } from "./ecr-public/service.ts";
import { createSystemClock } from "./events/clock.ts";
import { toCloudTrailEvent } from "./events/cloudtrail.ts";
import type { Switches } from "./events/disturbance.ts";
import { toEcrEvent, toStorageClassEvent } from "./events/ecr-events.ts";
import type { EventEnvelope } from "./events/event.ts";
import { toScanEvent } from "./events/scan-event.ts";
import { stackDeployed } from "./events/stack-events.ts";
import type { FaultRule } from "./faults/fault.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { createRates } from "./faults/rates.ts";
import { createFrontDoors } from "./front-doors.ts";
import type { InvokeResult } from "./lambda/result.ts";
import { tellCall } from "./narrate.ts";
import { createDownloadUrls } from "./registry/download-url.ts";
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
  /** The trail of the account, `logging` unless given. Where none is, calls make no event: EventBridge has them from the trail. */
  readonly trail?: TrailState;
  /** KMS keys of the account that there are, as ARNs or ids; without it every well-formed key of this account and Region. */
  readonly kmsKeys?: readonly string[];
  /** Keep to the published rates: more calls are throttled as AWS throttles them. */
  readonly throttle?: boolean;
  /** Faults from the start; `faults` of the account adds and clears them later. */
  readonly faults?: readonly FaultRule[];
  /** Told of errors that are the local account's own. */
  readonly onDefect?: (error: unknown) => void;
}

export interface LocalAccount {
  readonly accountId: string;
  readonly region: string;
  readonly publicAlias: string;
  readonly createOnPush: boolean;
  /** Base URLs. */
  readonly endpoints: {
    readonly aws: string;
    readonly privateRegistry: string;
    readonly publicRegistry: string;
    /** "" when the stack has no REST API. */
    readonly apiGateway: string;
  };
  readonly timeline: Timeline;
  /** Credentials of a user with all permissions; made at the first use of the name. */
  user(name: string): Credentials;
  readonly faults: Faults;
  /** What the registries hold, for a test to look at or to set up. */
  readonly context: AccountContext;
  /** Delays, loses, doubles or reorders events from now on. */
  disturb(switches: Switches): void;
  /** Sends what a schedule would send now; `rule` begins its logical id. Errors: no such rule. */
  fireSchedule(rule: string): Promise<void>;
  /** Says what a scan of a private image found, and sends ECR Image Scan as ECR does, or with `enhancedFindings` Inspector2 Scan. */
  setScanFindings(image: { repositoryName: string; imageDigest: string }, result: ScanResult): Promise<void>;
  /** Puts an event on the bus as if EventBridge had received it. */
  publish(event: EventEnvelope): void;
  /** Runs a function of the stack, by its folder's name, on a batch of message bodies. Errors: no such function. */
  invoke(functionName: string, bodies: readonly string[]): Promise<InvokeResult>;
  /** Runs a function, by its folder's name, on any payload, as a call past its queue does. Errors: no such function. */
  invokeDirect(folder: string, payload: unknown): Promise<InvokeResult>;
  /** Resolves when no event is on its way, no message waits that is due within a minute, and no function runs. */
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
  const { assemblyDir, dataDir, port, createOnPush = true, createOnPushInTrail = true, trail = "logging" } = options;
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
  const compute = startCompute({ template, place, clock, credentials, timeline, apiUrl: () => doors.urls.aws });
  const record = (outcome: CallOutcome): void => {
    const told = tellCall(outcome);
    if (told !== undefined) timeline.add(told);
    const event = trail === "logging" ? toCloudTrailEvent(outcome, place) : undefined;
    if (event !== undefined) compute.publish(event, outcome.call.identity.accessKeyId);
    const stored = toStorageClassEvent(outcome, { ...place, store });
    if (stored !== undefined) compute.publish(stored, outcome.call.identity.accessKeyId);
  };
  const services = [ecrService, ecrPublicService, createCloudTrailService(trail), ...compute.services];
  const faults = createFaults({ services });
  const rates = options.throttle === true ? createRates({ clock: clock.now, region: REGION }) : undefined;
  const observe = (call: Call): void => {
    faults.observe(call);
    rates?.observe(call);
  };
  const tagsOf = (arn: string) => tagsOfRepository(store, arn);
  const { perform, usage } = createPerform({ policiesOf, record, clock: clock.now, tagsOf, observe });

  const context: AccountContext = {
    ...place,
    store,
    publicAlias: PUBLIC_ALIAS,
    privateUrl: () => doors.urls.privateRegistry,
    privateHost: () => doors.urls.privateRegistry.replace("http://", ""),
    publicUrl: () => doors.urls.publicRegistry,
    publicHost: () => doors.urls.publicRegistry.replace("http://", ""),
    createOnPush,
    createOnPushInTrail,
    ...(options.kmsKeys === undefined ? {} : { kmsKeys: options.kmsKeys }),
    ...createTokenStore(clock.now),
    downloadUrls: createDownloadUrls({ secret: randomBytes(32), clock: clock.now }),
    perform,
  };
  const { publish, invoke, invokeDirect, invokeFunction, idle, deadLetters, disturb, fireSchedule } = compute;
  const doors = createFrontDoors({
    account: context,
    services,
    credentials,
    faults,
    timeline,
    template,
    policiesOf,
    invoke: invokeFunction,
    port,
    onDefect,
  });
  const close = async (): Promise<void> => {
    await compute.close();
    await doors.close();
    await store.close();
  };

  try {
    await doors.open();
    for (const fault of options.faults ?? []) faults.add(fault);
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

  return {
    accountId: ACCOUNT_ID,
    region: REGION,
    publicAlias: PUBLIC_ALIAS,
    createOnPush,
    endpoints: doors.urls,
    timeline,
    faults,
    context,
    disturb,
    fireSchedule,
    user(name) {
      const user = users.get(name) ?? credentials.addUser(name);
      users.set(name, user);
      return user;
    },
    publish: (event) => publish(event),
    async setScanFindings(image, result) {
      await setScanFindings(context, image, result);
      const scan = scanOf(context, image.repositoryName, image.imageDigest);
      const tags = store.private.image(image.repositoryName, image.imageDigest)?.tags ?? [];
      const event = scan && toScanEvent(place, { ...image, tags }, scan);
      if (event !== undefined) publish(event);
    },
    invoke,
    invokeDirect,
    idle,
    deadLetters,
    permissionUses: usage,
    close,
  };
}
