/** The servers of the local account: AWS API with the gallery, the two registry hosts, and API Gateway where the stack has one. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createApiGateway } from "./api-gateway/create-api-gateway.ts";
import { readRestApis } from "./api-gateway/read-rest-apis.ts";
import type { AccountContext, Identity } from "./aws/call.ts";
import type { CredentialStore } from "./aws/credentials.ts";
import { createAwsEndpoint } from "./aws/endpoint.ts";
import { evaluate, type PolicyStatement } from "./aws/iam.ts";
import type { Service } from "./aws/operation.ts";
import { withLogos } from "./ecr-public/with-logos.ts";
import { describeAwsRequest, describeRegistryRequest } from "./faults/describe-request.ts";
import type { Faults } from "./faults/faults.ts";
import { createFaultsApi } from "./faults/faults-api.ts";
import { withFaults } from "./faults/with-faults.ts";
import { createGallery } from "./gallery/gallery.ts";
import { createInvokeApi } from "./lambda/invoke-api.ts";
import type { InvokeResult } from "./lambda/result.ts";
import { createRegistryHandler } from "./registry/handler.ts";
import { type Listening, listen } from "./servers.ts";
import type { LocalTemplate } from "./template/local-template.ts";
import type { Timeline } from "./timeline.ts";

export interface FrontDoorsOptions {
  readonly account: AccountContext;
  readonly services: readonly Service[];
  readonly credentials: CredentialStore;
  readonly faults: Faults;
  readonly timeline: Timeline;
  readonly template: LocalTemplate;
  readonly policiesOf: (identity: Identity) => readonly PolicyStatement[] | "all";
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  /** Of the AWS API; the others take the ports after it. 0 takes free ones. */
  readonly port: number;
  readonly onDefect: (error: unknown) => void;
}

export interface FrontDoors {
  /** Base URLs; "" until the server listens. */
  readonly urls: { aws: string; privateRegistry: string; publicRegistry: string; apiGateway: string };
  /** Errors: EADDRINUSE. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export function createFrontDoors(options: FrontDoorsOptions): FrontDoors {
  const { account, services, credentials, faults, timeline, template, policiesOf, port, onDefect } = options;
  const urls = { aws: "", privateRegistry: "", publicRegistry: "", apiGateway: "" };
  const servers: Listening[] = [];
  const gallery = createGallery({ account, timeline, onDefect });
  const faultsApi = createFaultsApi(faults);
  const invokeApi = createInvokeApi({ account, credentials, invoke: options.invoke, onDefect });
  const api = withFaults(
    faults,
    createAwsEndpoint({ services, account, credentials, onDefect }),
    describeAwsRequest(services),
  );
  const registry = (side: "private" | "public") =>
    withFaults(faults, createRegistryHandler({ account, side, onDefect }), describeRegistryRequest(side));
  const apis = readRestApis(template);

  const doors: [keyof typeof urls, (request: IncomingMessage, response: ServerResponse) => void][] = [
    [
      "aws",
      (request, response) => {
        const isAnswered = [faultsApi, invokeApi, gallery.handle].some((answers) => answers(request, response));
        if (!isAnswered) void api(request, response);
      },
    ],
    ["privateRegistry", registry("private")],
    ["publicRegistry", withLogos(account.store.public, registry("public"))],
  ];
  if (apis.length > 0) {
    const authorize = (identity: Identity, action: string, resource: string) => {
      const statements = policiesOf(identity);
      return statements === "all" ? "allowed" : evaluate(statements, { action, resource, conditions: {} });
    };
    doors.push(["apiGateway", createApiGateway({ apis, invoke: options.invoke, credentials, authorize, onDefect })]);
  }

  return {
    urls,
    async open() {
      for (const [index, [name, listener]] of doors.entries()) {
        const server = await listen(listener, port === 0 ? 0 : port + index);
        servers.push(server);
        urls[name] = server.url;
      }
    },
    async close() {
      gallery.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
