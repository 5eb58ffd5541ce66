import type { ECRClient } from "@aws-sdk/client-ecr";
import type { DeadLetter } from "#shared/messaging/dead-letter.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import type { Observer } from "#shared/observability/observer.ts";
import type { Policy } from "#shared/policy/schema.ts";

/** Functions of this stack whose work the API asks for: they have the code for it, and the permissions. */
export type Helper =
  | "reconcile-repositories"
  | "reconcile-mirrors"
  | "sync-catalog"
  | "mirror-status"
  | "check-account";

/** Functions whose queues the API puts work into, where it waits until it is done. */
export type Worker = "mirror-image" | "reconcile-repositories" | "reconcile-mirrors" | "sync-catalog";

/** One dead-letter queue, by the function whose work it keeps. */
export interface DeadLetters {
  readonly function: string;
  /** At most so many. */
  look(most: number): Promise<DeadLetter[]>;
  replay(id: string): Promise<DeadLetter | undefined>;
  replayAll(): Promise<"started" | "running">;
  /** About how many messages wait in the function's queue, and in the dead-letter queue. */
  count(): Promise<{ readonly waiting: number; readonly dead: number }>;
}

export interface RepositoryApiDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  /** `sha256:<hex>` of the policy as it was compiled. */
  readonly policyHash: string;
  readonly observer: Observer;
  readonly now: () => Date;
  /** Errors: permanent `call-refused`, transient `call-failed`. */
  readonly call: (helper: Helper, payload: object, signal: AbortSignal) => Promise<unknown>;
  readonly queues: Readonly<Record<Worker, Queue>>;
  readonly deadLetters: readonly DeadLetters[];
  /** The OpenAPI document, as JSON. */
  readonly openApi: () => Promise<string>;
}
