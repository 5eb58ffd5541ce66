import { describe, expect, it } from "vitest";
import { ApiError } from "#shared/api/problem.ts";
import { permanent, transient } from "#shared/errors.ts";
import { PolicyError } from "#shared/policy/read-policy.ts";
import { RestError } from "../../../../cli/backends/rest-error.ts";
import { problemInWords, problemOf } from "../../../../cli/output/problem.ts";
import { UsageError } from "../../../../cli/usage-error.ts";

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error("told by the test"), { name, ...more });
}
const rest = (status: number) => new RestError(status, { code: "x", detail: "told by the test" });

describe("the exit code of an error", () => {
  it.each<[string, unknown, number]>([
    ["wrong words", new UsageError("write it so"), 2],
    ["a wrong policy", new PolicyError("p.yaml", [{ line: 1, column: 2, path: "policy", message: "is wrong" }]), 3],
    ["a rule", new ApiError("name-refused", "no", { rule: "deny" }), 3],
    ["a rule of the mirror", new ApiError("not-selected", "no"), 3],
    ["what is not there", new ApiError("repository-unknown", "no"), 1],
    ["409 of the API", rest(409), 3],
    ["412 of the API", rest(412), 3],
    ["422 of the API", rest(422), 3],
    ["404 of the API", rest(404), 1],
    ["500 of the API", rest(500), 1],
    ["401 of the API", rest(401), 5],
    ["403 of the API", rest(403), 5],
    ["429 of the API", rest(429), 6],
    ["503 of the API", rest(503), 6],
    ["504 of the API", rest(504), 6],
    ["a denial of ECR", transient("ecr-denied", "no"), 5],
    ["a denial of the registry", transient("registry-denied", "no"), 5],
    ["no credentials", transient("ecr-unknown", "no", named("CredentialsProviderError")), 5],
    ["an SSO session that has ended", transient("ecr-unknown", "no", named("TokenProviderError")), 5],
    ["keys that have expired", transient("queue-failed", "no", named("ExpiredTokenException")), 5],
    ["ECR's throttling", transient("ecr-throttled", "no"), 6],
    ["SQS's throttling", transient("queue-failed", "no", named("ThrottlingException")), 6],
    ["a host that refuses", transient("ecr-unknown", "no", named("Error", { code: "ECONNREFUSED" })), 6],
    ["several that refuse", new AggregateError([named("Error", { code: "ECONNREFUSED" })], "no"), 6],
    ["a host without a name", transient("api-unreachable", "no", named("Error", { code: "ENOTFOUND" })), 6],
    ["what ECR does not take", permanent("ecr-invalid", "no"), 1],
    ["anything else", new TypeError("no"), 1],
    ["what is no error at all", "no", 1],
  ])("of %s", (_, error, exitCode) => {
    expect(problemOf(error).exitCode).toBe(exitCode);
  });

  it("is found where an error is its own cause", () => {
    const error = new Error("round");
    error.cause = error;

    expect(problemOf(error).exitCode).toBe(1);
  });
});

describe("an error in words", () => {
  it("is one line with what can be acted on", () => {
    const error = new RestError(422, { code: "name-refused", detail: "a\nb", rule: "deny", requestId: "r-1" });

    expect(problemInWords(problemOf(error))).toBe("error: a b (name-refused, rule deny, request r-1)");
  });

  it("is every error of a policy, line by line", () => {
    const problem = { line: 3, column: 5, path: "templates", message: "is wrong" };
    const error = new PolicyError("p.yaml", [problem, { ...problem, line: 4 }]);

    expect(problemInWords(problemOf(error))).toBe(
      "error: p.yaml:3:5  templates: is wrong\np.yaml:4:5  templates: is wrong",
    );
  });

  it("tells how credentials are given where there are none", () => {
    const error = transient("ecr-unknown", "no credentials", named("CredentialsProviderError"));

    expect(problemInWords(problemOf(error))).toContain("no credentials; give --profile NAME, or set AWS_PROFILE");
  });
});
