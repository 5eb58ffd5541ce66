import { describe, expect, it } from "vitest";
import { toProxyResponse } from "../../../../local/api-gateway/proxy-response.ts";

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const told = (payload: unknown, accept?: string) =>
  toProxyResponse(payload, { binaryMediaTypes: ["image/png"], accept });

describe("the answer of a function", () => {
  it.each([
    [{}, 200, ""],
    [{ statusCode: 204 }, 204, ""],
    [{ statusCode: "418", body: "tea" }, 418, "tea"],
    [{ statusCode: 200, body: null, headers: null }, 200, ""],
  ])("%j is %i", (payload, status, body) => {
    expect(told(payload)).toEqual({ status, headers: { "Content-Type": "application/json" }, body: Buffer.from(body) });
  });

  it("gives its headers, one or many of a name", () => {
    const { headers } = told({
      headers: { "content-type": "text/plain", "x-count": 3, "x-both": "a" },
      multiValueHeaders: { "X-Both": ["b", "a"], "set-cookie": ["c=1", "d=2"] },
    });

    expect(headers).toEqual({
      "X-Both": ["b", "a"],
      "set-cookie": ["c=1", "d=2"],
      "content-type": "text/plain",
      "x-count": "3",
    });
  });

  it("keeps headers that API Gateway sets under another name, and drops Transfer-Encoding", () => {
    const { headers } = told({ headers: { Date: "then", "Content-Length": "3", "Transfer-Encoding": "chunked" } });

    expect(headers).toEqual({
      "x-amzn-Remapped-Date": "then",
      "x-amzn-Remapped-Content-Length": "3",
      "Content-Type": "application/json",
    });
  });

  it("is bytes when the client's first Accept is a binary type", () => {
    const payload = { isBase64Encoded: true, body: png.toString("base64") };

    expect(told(payload, "image/png, */*").body).toEqual(png);
    expect(told(payload, "*/*, image/png").body.toString()).toBe(png.toString("base64"));
    expect(told(payload).body.toString()).toBe(png.toString("base64"));
  });

  it.each([
    [undefined],
    [null],
    ["text"],
    [[]],
    [{ status: 200 }],
    [{ statusCode: "ok" }],
    [{ statusCode: 99 }],
    [{ statusCode: 200.5 }],
    [{ body: { a: 1 } }],
    [{ isBase64Encoded: "yes" }],
    [{ headers: ["a"] }],
    [{ headers: { a: { b: 1 } } }],
    [{ headers: { "a b": "c" } }],
    [{ headers: { a: "b\r\nc: d" } }],
    [{ multiValueHeaders: { a: "b" } }],
  ])("%j is malformed: 502", (payload) => {
    expect(() => told(payload)).toThrow(
      expect.objectContaining({
        status: 502,
        type: "InternalServerErrorException",
        message: "Internal server error",
      }),
    );
  });
});
