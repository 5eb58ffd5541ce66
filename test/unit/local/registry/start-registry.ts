/** Both registry hosts of an account on ports of their own, for the tests of this room. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { AccountContext, CallOutcome, Identity } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import { createPerform } from "../../../../local/aws/perform.ts";
import { createTokenStore } from "../../../../local/aws/tokens.ts";
import { createDownloadUrls } from "../../../../local/registry/download-url.ts";
import { createRegistryHandler } from "../../../../local/registry/handler.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";
import type { RepositoryRecord, Side, Store, TagRule } from "../../../../local/store/store.ts";
import { blobOf, type TestImage } from "../ecr/image-content.ts";

export const accountId = "123456789012";
export const alias = "d3m0acct";
export const roleArn = `arn:aws:iam::${accountId}:role/pusher`;

interface Options {
  readonly store?: Store;
  /** Policy of the role; the user is an administrator. */
  readonly statements?: readonly PolicyStatement[];
  readonly context?: Partial<AccountContext>;
}

export type RegistryHosts = Awaited<ReturnType<typeof startRegistry>>;

/** Started on port 0 and closed with the test. `call` sends one request and follows no redirect. */
export async function startRegistry(options: Options = {}) {
  const trail: CallOutcome[] = [];
  const defects: unknown[] = [];
  let now = new Date("2026-03-01T10:00:00.250Z");
  const clock = () => now;
  const store = options.store ?? createMemoryStore({ clock });
  const credentials = createCredentialStore(accountId);
  const user = credentials.addUser("mary").identity;
  const role = credentials.addRoleSession(roleArn, "session").identity;
  const { perform } = createPerform({
    policiesOf: (identity: Identity) => (identity.type === "role" ? (options.statements ?? []) : "all"),
    record: (outcome) => void trail.push(outcome),
    clock,
  });
  const urls: Record<Side, string> = { private: "", public: "" };
  const hostOf = (side: Side) => urls[side].replace("http://", "");
  const account: AccountContext = {
    accountId,
    region: "eu-west-1",
    store,
    clock,
    publicAlias: alias,
    privateHost: () => hostOf("private"),
    publicHost: () => hostOf("public"),
    privateUrl: () => urls.private,
    publicUrl: () => urls.public,
    createOnPush: true,
    createOnPushInTrail: false,
    ...createTokenStore(clock),
    downloadUrls: createDownloadUrls({ secret: "of this test", clock }),
    perform,
    ...options.context,
  };
  for (const side of ["private", "public"] as const) {
    const server = createServer(
      createRegistryHandler({ account, side, onDefect: (error) => void defects.push(error) }),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    urls[side] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
  onTestFinished(() => store.close());

  const token = (side: Side, identity: Identity = user) => account.issueToken(side, identity).token;
  const authorization = (side: Side, identity: Identity = user) =>
    `${side === "private" ? "Basic" : "Bearer"} ${token(side, identity)}`;
  const tokens = { private: authorization("private"), public: authorization("public") };

  function call(
    side: Side,
    method: string,
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ) {
    const headers = { authorization: tokens[side], ...init.headers };
    return fetch(new URL(path, urls[side]), { redirect: "manual", ...init, method, headers });
  }
  return {
    account,
    store,
    urls,
    trail,
    defects,
    user,
    role,
    token,
    authorization,
    call,
    /** Moves the account's clock on. */
    pass: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}

export function newRepository(name: string, tagRule: TagRule = { tags: "mutable", except: [] }): RepositoryRecord {
  return { name, createdAt: new Date("2026-02-01T00:00:00Z"), tagRule, settings: {} };
}

/** Pushes the blobs by POST and PUT and the manifest under `reference`; gives the answer to the manifest. `path`: as in the URL. */
export async function pushImage(hosts: RegistryHosts, side: Side, path: string, image: TestImage, reference: string) {
  for (const { bytes } of image.blobs) await pushBlob(hosts, side, path, bytes);
  return putManifest(hosts, side, path, image, reference);
}

export async function pushBlob(hosts: RegistryHosts, side: Side, path: string, bytes: Buffer): Promise<string> {
  const { digest } = blobOf(bytes);
  const started = await hosts.call(side, "POST", `/v2/${path}/blobs/uploads/`);
  const location = `${started.headers.get("location")}?digest=${digest}`;
  const put = await hosts.call(side, "PUT", location, { body: new Uint8Array(bytes) });
  if (put.status !== 201) throw new Error(`the blob was answered with ${put.status} ${await put.text()}`);
  return digest;
}

export function putManifest(hosts: RegistryHosts, side: Side, path: string, image: TestImage, reference: string) {
  const headers = { "content-type": image.mediaType };
  return hosts.call(side, "PUT", `/v2/${path}/manifests/${reference}`, { headers, body: image.manifest });
}

/** Status and the one error of an OCI refusal. */
export async function refusal(response: Response): Promise<{ status: number; code: string; message: string }> {
  const { errors } = (await response.json()) as { errors: [{ code: string; message: string }] };
  return { status: response.status, ...errors[0] };
}
