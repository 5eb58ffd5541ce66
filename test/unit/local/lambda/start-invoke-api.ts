/** Invoke behind a server of its own, with a function that answers as the test says. */
import { onTestFinished } from "vitest";
import type { CallOutcome } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import { createPerform } from "../../../../local/aws/perform.ts";
import { createInvokeApi } from "../../../../local/lambda/invoke-api.ts";
import type { InvokeResult } from "../../../../local/lambda/result.ts";
import { listen } from "../../../../local/servers.ts";
import { sendSigned } from "../api-gateway/signed-request.ts";

const accountId = "123456789012";
const region = "eu-west-1";

interface Options {
  /** What the invocation gives; an error is raised. */
  readonly answer?: InvokeResult | Promise<InvokeResult> | Error;
  readonly as?: "user" | "role";
  /** Of the role; the user may do everything. */
  readonly statements?: readonly PolicyStatement[];
  /** That the request is signed for. */
  readonly service?: string;
}

export async function startInvokeApi(options: Options = {}) {
  const { answer = { payload: null }, as = "user", statements = [], service = "lambda" } = options;
  const credentials = createCredentialStore(accountId);
  const keys =
    as === "user"
      ? credentials.addUser("mary")
      : credentials.addRoleSession(`arn:aws:iam::${accountId}:role/worker`, "session");
  const trail: CallOutcome[] = [];
  const defects: unknown[] = [];
  const invoked: { functionArn: string; event: unknown }[] = [];
  const { perform } = createPerform({
    policiesOf: (identity) => (identity.type === "role" ? statements : "all"),
    record: (outcome) => void trail.push(outcome),
    clock: () => new Date(),
  });
  const answers = createInvokeApi({
    account: { accountId, region, perform },
    credentials,
    async invoke(functionArn, event) {
      invoked.push({ functionArn, event });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onDefect: (error) => void defects.push(error),
  });
  const { url, close } = await listen((request, response) => {
    if (!answers(request, response)) response.writeHead(418).end();
  }, 0);
  onTestFinished(close);

  async function invoke(name: string, payload: unknown, headers: Record<string, string> = {}) {
    const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    const sent = await sendSigned(url, { service, region, keys }, { method: "POST", path, headers, body });
    const text = sent.body.toString();
    return { status: sent.status, headers: sent.headers, text, body: text === "" ? undefined : JSON.parse(text) };
  }
  return { url, keys, invoke, invoked, trail, defects };
}
