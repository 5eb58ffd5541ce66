import { describe, expect, it } from "vitest";
import { encryptionOfNew } from "../../../../local/ecr/kms-keys.ts";
import { defaultSettings, newRecord } from "../../../../local/ecr/settings.ts";
import { standardsList } from "../../../../local/gallery/standards.ts";

const place = { accountId: "123456789012", region: "eu-west-1" };
const ownKey = "arn:aws:kms:eu-west-1:123456789012:key/1111";

function encryptionShown(kmsKey: string | undefined, options: { brief: boolean }): string {
  const asked = { encryptionType: "KMS", ...(kmsKey !== undefined && { kmsKey }) } as const;
  const encryption = encryptionOfNew(place, asked, "anybody");
  const record = newRecord("team-a/web", new Date(), { ...defaultSettings, encryption });
  return /<dt>Encryption<\/dt><dd>(.*?)<\/dd>/.exec(standardsList(record, options).markup)?.[1] ?? "";
}

describe("encryption with KMS", () => {
  it("is of an own key only where it is not that which AWS manages", () => {
    expect(encryptionShown(ownKey, { brief: true })).toBe("KMS, own key");
    expect(encryptionShown(undefined, { brief: true })).toBe("KMS");
  });

  it("shows the key on the repository's own page", () => {
    expect(encryptionShown(ownKey, { brief: false })).toBe(`KMS <code>${ownKey}</code>`);
    expect(encryptionShown(undefined, { brief: false })).toMatch(
      /^KMS <code>arn:aws:kms:.*:key\/[0-9a-f-]{36}<\/code>$/,
    );
  });
});
