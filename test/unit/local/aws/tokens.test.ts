import { describe, expect, it } from "vitest";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import { createTokenStore } from "../../../../local/aws/tokens.ts";

const { identity } = createCredentialStore("123456789012").addUser("developer");

describe("token store", () => {
  it("knows the holder of a token for twelve hours, on the side it was issued for", () => {
    let now = new Date("2026-01-01T00:00:00Z");
    const tokens = createTokenStore(() => now);

    const { token, expiresAt } = tokens.issueToken("private", identity);

    expect(Buffer.from(token, "base64").toString()).toMatch(/^AWS:[\w-]{100,}$/);
    expect(expiresAt.toISOString()).toBe("2026-01-01T12:00:00.000Z");
    expect(tokens.tokenHolder("private", token)).toBe(identity);
    expect(tokens.tokenHolder("public", token)).toBeUndefined();
    expect(tokens.tokenHolder("private", "QVdTOng=")).toBeUndefined();

    now = new Date("2026-01-01T11:59:59Z");
    expect(tokens.tokenHolder("private", token)).toBe(identity);
    now = new Date("2026-01-01T12:00:00Z");
    expect(tokens.tokenHolder("private", token)).toBe("expired");
  });
});
