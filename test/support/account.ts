import { ECRClient } from "@aws-sdk/client-ecr";
import { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { inject } from "vitest";
import { type LocalAccount, type LocalAccountOptions, startLocalAccount } from "../../local/account.ts";
import type { TimelineEntry } from "../../local/timeline.ts";
import { keepPermissionUses } from "./permissions.ts";

const PATIENCE_MS = 60_000;

/** A local account on free ports with a policy deployed, and clients of a user; all end with it. */
export interface TestAccount extends AsyncDisposable {
  readonly account: LocalAccount;
  readonly ecr: ECRClient;
  readonly ecrPublic: ECRPUBLICClient;
  /** Waits for a decision of a function on this repository. */
  decision(name: string, repository: string, after?: number): Promise<TimelineEntry>;
  /** Decisions so far, in order. */
  decisions(): string[];
}

export interface TestAccountOptions extends Partial<LocalAccountOptions> {
  /** Whether the functions act that most tests are not about (rules-aside.ts). */
  readonly everything?: boolean;
}

/** The account has the example policy, unless `assemblyDir` is that of another one. */
export async function startTestAccount({
  everything = false,
  ...options
}: TestAccountOptions = {}): Promise<TestAccount> {
  const assemblyDir = inject(everything ? "assemblyDir" : "assemblyAsideDir");
  const account = await startLocalAccount({ assemblyDir, port: 0, ...options });
  const { accessKeyId, secretAccessKey } = account.user("ci");
  const config = { endpoint: account.endpoints.aws, credentials: { accessKeyId, secretAccessKey } };
  const ecr = new ECRClient({ ...config, region: account.region });
  const ecrPublic = new ECRPUBLICClient({ ...config, region: "us-east-1" });
  return {
    account,
    ecr,
    ecrPublic,
    decision: (name, repository, after = 0) =>
      account.timeline.until(
        `${name} of ${repository}`,
        { after, timeoutMs: PATIENCE_MS },
        (entry) => entry.kind === "decision" && entry.what === name && entry.repository === repository,
      ),
    decisions: () => account.timeline.after(0).flatMap(({ kind, what }) => (kind === "decision" ? [what] : [])),
    async [Symbol.asyncDispose]() {
      ecr.destroy();
      ecrPublic.destroy();
      keepPermissionUses(account.permissionUses());
      await account.close();
    },
  };
}
