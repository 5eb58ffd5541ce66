/** Access keys of the local account: long-lived ones of users, and sessions of roles, one per function. */
import { randomBytes } from "node:crypto";
import type { Identity } from "./call.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Only sessions have one. */
  readonly sessionToken?: string;
  readonly identity: Identity;
}

export interface CredentialStore {
  /** A user with the keys given, or with new ones. */
  addUser(userName: string, keys?: { accessKeyId: string; secretAccessKey: string }): Credentials;
  /** A session of the role, as sts:AssumeRole would give it. `roleArn`: `arn:aws:iam::ACCOUNT:role/[PATH/]NAME`. */
  addRoleSession(roleArn: string, sessionName: string): Credentials;
  find(accessKeyId: string): Credentials | undefined;
}

const keyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Credentials live as long as the store. Errors: a role ARN that is none, an access key that is taken. */
export function createCredentialStore(accountId: string): CredentialStore {
  const byKey = new Map<string, Credentials>();

  function keep(credentials: Credentials): Credentials {
    if (byKey.has(credentials.accessKeyId)) throw new Error(`access key ${credentials.accessKeyId} is already in use`);
    byKey.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  return {
    addUser(userName, keys) {
      const { accessKeyId, secretAccessKey } = keys ?? { accessKeyId: newKeyId("AKIA"), secretAccessKey: newSecret() };
      const arn = `arn:aws:iam::${accountId}:user/${userName}`;
      return keep({
        accessKeyId,
        secretAccessKey,
        identity: { type: "user", accountId, userName, arn, accessKeyId },
      });
    },

    addRoleSession(roleArn, sessionName) {
      const roleName = /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(roleArn)?.[1];
      if (roleName === undefined) throw new Error(`not the ARN of a role: '${roleArn}'`);
      const accessKeyId = newKeyId("ASIA");
      const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
      return keep({
        accessKeyId,
        secretAccessKey: newSecret(),
        sessionToken: randomBytes(96).toString("base64"),
        identity: { type: "role", accountId, roleName, roleArn, sessionName, arn, accessKeyId },
      });
    },

    find: (accessKeyId) => byKey.get(accessKeyId),
  };
}

/** AKIA for users, ASIA for sessions, then 16 characters. */
function newKeyId(prefix: string): string {
  return prefix + Array.from(randomBytes(16), (byte) => keyAlphabet[byte % keyAlphabet.length]).join("");
}

function newSecret(): string {
  return randomBytes(30).toString("base64");
}
