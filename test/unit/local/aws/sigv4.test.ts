import { describe, expect, it } from "vitest";
import type { SignedRequest } from "../../../../local/aws/sigv4.ts";
import { verifySignature } from "../../../../local/aws/sigv4.ts";

/** The worked example of the IAM user guide, "Create a signed AWS API request". */
const documented: SignedRequest = {
  method: "GET",
  url: "/?Version=2010-05-08&Action=ListUsers",
  headers: {
    host: "iam.amazonaws.com",
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  },
  body: Buffer.alloc(0),
};
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const secretFor = (accessKeyId: string) => (accessKeyId === "AKIDEXAMPLE" ? { secretAccessKey } : undefined);
const now = () => new Date("2015-08-30T12:38:00Z");

function refusal(request: SignedRequest, expected: Parameters<typeof verifySignature>[2] = { now }): string {
  try {
    verifySignature(request, secretFor, { now, ...expected });
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  return "accepted";
}

const withHeaders = (headers: Record<string, string | undefined>): SignedRequest => ({
  ...documented,
  headers: { ...documented.headers, ...headers },
});

describe("signature version 4", () => {
  it("accepts the documented example, its query in any order", () => {
    const signature = verifySignature(documented, secretFor, { now, service: "iam", regions: ["us-east-1"] });

    expect(signature).toEqual({ accessKeyId: "AKIDEXAMPLE", region: "us-east-1", service: "iam" });
  });

  it("asks for a token when there is none", () => {
    expect(refusal(withHeaders({ authorization: undefined }))).toBe(
      "MissingAuthenticationTokenException: Missing Authentication Token",
    );
  });

  it("names what an incomplete header lacks", () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=host";

    expect(refusal(withHeaders({ authorization }))).toBe(
      "IncompleteSignatureException: Authorization header requires 'Signature' parameter.",
    );
    expect(refusal(withHeaders({ authorization: "Basic QVdTOg==" }))).toMatch(
      /^IncompleteSignatureException: .*'Credential'/,
    );
  });

  it("does not know another key, nor a session token that the key does not have", () => {
    const text = "UnrecognizedClientException: The security token included in the request is invalid.";
    const other = documented.headers.authorization?.toString().replace("AKIDEXAMPLE", "AKIDOTHER");

    expect(refusal(withHeaders({ authorization: other }))).toBe(text);
    expect(refusal(withHeaders({ "x-amz-security-token": "something" }))).toBe(text);
  });

  it.each([
    ["another body", { ...documented, body: Buffer.from("x") }],
    ["another path", { ...documented, url: "/x?Action=ListUsers&Version=2010-05-08" }],
    ["another query", { ...documented, url: "/?Action=ListRoles&Version=2010-05-08" }],
    ["another signed header", withHeaders({ "content-type": "text/plain" })],
    ["a query that cannot be decoded", { ...documented, url: "/?Action=%E0%A4&Version=%A" }],
  ])("refuses %s", (_, request) => {
    expect(refusal(request)).toMatch(/^InvalidSignatureException: The request signature we calculated does not match/);
  });

  it("refuses another service or region than the endpoint's", () => {
    expect(refusal(documented, { service: "ecr" })).toBe(
      "InvalidSignatureException: Credential should be scoped to correct service: 'ecr'.",
    );
    expect(refusal(documented, { regions: ["eu-west-1"] })).toBe(
      "InvalidSignatureException: Credential should be scoped to a valid region, not 'us-east-1'.",
    );
  });

  it("refuses a signature five minutes away from its clock", () => {
    expect(refusal(documented, { now: () => new Date("2015-08-30T12:41:01Z") })).toBe(
      "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
    );
    expect(refusal(documented, { now: () => new Date("2015-08-30T12:30:59Z") })).toMatch(
      /^InvalidSignatureException: Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z/,
    );
  });

  it("wants the host among the signed headers", () => {
    const authorization = documented.headers.authorization?.toString().replace("host;", "");

    expect(refusal(withHeaders({ authorization }))).toMatch(
      /^InvalidSignatureException: 'Host' or ':authority' must be/,
    );
  });
});
