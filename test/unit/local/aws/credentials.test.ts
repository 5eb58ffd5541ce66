import { describe, expect, it } from "vitest";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";

describe("credential store", () => {
  it("gives a user its keys and finds the user by them", () => {
    const store = createCredentialStore("123456789012");

    const user = store.addUser("developer", { accessKeyId: "AKIALOCAL", secretAccessKey: "secret" });

    expect(user).toEqual({
      accessKeyId: "AKIALOCAL",
      secretAccessKey: "secret",
      identity: {
        type: "user",
        accountId: "123456789012",
        userName: "developer",
        arn: "arn:aws:iam::123456789012:user/developer",
        accessKeyId: "AKIALOCAL",
      },
    });
    expect(store.find("AKIALOCAL")).toBe(user);
    expect(store.find("AKIAOTHER")).toBeUndefined();
  });

  it("opens a session of a role, with a path or without", () => {
    const store = createCredentialStore("123456789012");

    const session = store.addRoleSession("arn:aws:iam::123456789012:role/service/mirror-image", "mirror");

    expect(session.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(session.sessionToken?.length).toBe(128);
    expect(session.identity).toMatchObject({
      type: "role",
      roleName: "mirror-image",
      roleArn: "arn:aws:iam::123456789012:role/service/mirror-image",
      arn: "arn:aws:sts::123456789012:assumed-role/mirror-image/mirror",
    });
  });

  it("refuses what is not the ARN of a role, and a key that is taken", () => {
    const store = createCredentialStore("123456789012");
    const keys = { accessKeyId: "AKIALOCAL", secretAccessKey: "secret" };
    store.addUser("one", keys);

    expect(() => store.addRoleSession("mirror-image", "x")).toThrow("not the ARN of a role: 'mirror-image'");
    expect(() => store.addUser("two", keys)).toThrow("access key AKIALOCAL is already in use");
  });
});
