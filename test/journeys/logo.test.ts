import { CreateRepositoryCommand } from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { startTestAccount } from "../support/account.ts";

/** A PNG header of 60 by 60 pixels: what ECR Public looks at. */
function png(): Uint8Array {
  const bytes = Buffer.alloc(45);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(bytes);
  bytes.writeUInt32BE(60, 16);
  bytes.writeUInt32BE(60, 20);
  return bytes;
}

describe("the logo of a public repository", () => {
  it("is where its address says", async () => {
    await using test = await startTestAccount();

    const { catalogData } = await test.ecrPublic.send(
      new CreateRepositoryCommand({ repositoryName: "web", catalogData: { logoImageBlob: png() } }),
    );
    const response = await fetch(catalogData?.logoUrl ?? "");

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png());
  });
});
