/** The gateway in front of the API of tiny-api.ts, with a function that answers what the test says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createApiGateway } from "../../../../local/api-gateway/create-api-gateway.ts";
import { readRestApis } from "../../../../local/api-gateway/read-rest-apis.ts";
import type { RestApi } from "../../../../local/api-gateway/rest-api.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import { evaluate, type PolicyStatement } from "../../../../local/aws/iam.ts";
import type { InvokeResult } from "../../../../local/lambda/result.ts";
import { type Keys, type Sent, send, sendSigned } from "./signed-request.ts";
import { tinyApi } from "./tiny-api.ts";

export const roleArn = "arn:aws:iam::123456789012:role/ci";

/** What the tests look at. */
export interface Event {
  readonly path: string;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly pathParameters: Record<string, string> | null;
  readonly queryStringParameters: Record<string, string> | null;
  readonly multiValueQueryStringParameters: Record<string, string[]> | null;
  readonly requestContext: { readonly identity: Record<string, string | null>; readonly [name: string]: unknown };
}

interface Options {
  readonly invoke?: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  /** Of the role. */
  readonly statements?: readonly PolicyStatement[];
  /** Of every method. */
  readonly timeoutMs?: number;
}

const template = { current: undefined as RestApi | undefined };

function api(timeoutMs: number | undefined): RestApi {
  template.current ??= readRestApis(tinyApi())[0];
  if (template.current === undefined) throw new Error("the stack has no API");
  if (timeoutMs === undefined) return template.current;
  const resources = template.current.resources.map((resource) => ({
    ...resource,
    methods: Object.fromEntries(
      Object.entries(resource.methods).map(([name, method]) => [name, { ...method, timeoutMs }]),
    ),
  }));
  return { ...template.current, resources };
}

export async function startGateway(options: Options = {}) {
  const { statements = [{ Effect: "Allow", Action: "execute-api:*", Resource: "*" }], timeoutMs } = options;
  const { invoke = async () => ({ payload: { statusCode: 200, body: '{"ok":true}' } }) } = options;
  const events: Event[] = [];
  const invoked: string[] = [];
  const defects: unknown[] = [];
  const asked: string[] = [];
  const credentials = createCredentialStore("123456789012");
  const user = credentials.addUser("mary");
  const role = credentials.addRoleSession(roleArn, "build-7");
  const rest = api(timeoutMs);
  const server = createServer(
    createApiGateway({
      apis: [rest],
      credentials,
      invoke(functionArn, event) {
        invoked.push(functionArn);
        events.push(JSON.parse(JSON.stringify(event)));
        return invoke(functionArn, event);
      },
      authorize(identity, action, resource) {
        asked.push(`${action} ${resource}`);
        return identity.type === "user" ? "allowed" : evaluate(statements, { action, resource, conditions: {} });
      },
      onDefect: (error) => void defects.push(error),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signed = (sent: Sent, { keys = user as Keys, service = "execute-api", region = "eu-west-1" } = {}) =>
    sendSigned(url, { service, region, keys }, sent);
  return { url, rest, events, invoked, defects, asked, user, role, signed, unsigned: (sent: Sent) => send(url, sent) };
}
