/** The AWS endpoint and both registry hosts with faults around them, on ports of their own. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ECRClient } from "@aws-sdk/client-ecr";
import { onTestFinished } from "vitest";
import type { AccountContext, CallOutcome } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import { createAwsEndpoint } from "../../../../local/aws/endpoint.ts";
import { createPerform } from "../../../../local/aws/perform.ts";
import { createTokenStore } from "../../../../local/aws/tokens.ts";
import { ecrService } from "../../../../local/ecr/service.ts";
import { ecrPublicService } from "../../../../local/ecr-public/service.ts";
import { describeAwsRequest, describeRegistryRequest } from "../../../../local/faults/describe-request.ts";
import { createFaults } from "../../../../local/faults/faults.ts";
import { createRates } from "../../../../local/faults/rates.ts";
import { withFaults } from "../../../../local/faults/with-faults.ts";
import { createDownloadUrls } from "../../../../local/registry/download-url.ts";
import { createRegistryHandler } from "../../../../local/registry/handler.ts";
import { createMemoryStore } from "../../../../local/store/memory.ts";

const accountId = "123456789012";
const region = "eu-west-1";

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

async function listen(listener: Listener): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startFaulty() {
  const clock = () => new Date("2026-03-01T10:00:00Z");
  const trail: CallOutcome[] = [];
  const defects: unknown[] = [];
  const onDefect = (error: unknown) => void defects.push(error);
  const store = createMemoryStore();
  const credentials = createCredentialStore(accountId);
  const user = credentials.addUser("mary");
  const services = [ecrService, ecrPublicService];
  const faults = createFaults({ services });
  const rates = createRates({ clock, region });
  const { perform } = createPerform({
    policiesOf: () => "all",
    record: (outcome) => void trail.push(outcome),
    clock,
    observe(call) {
      faults.observe(call);
      rates.observe(call);
    },
  });
  const urls = { private: "", public: "" };
  const account: AccountContext = {
    accountId,
    region,
    store,
    clock,
    publicAlias: "alias",
    privateHost: () => new URL(urls.private).host,
    publicHost: () => new URL(urls.public).host,
    privateUrl: () => urls.private,
    publicUrl: () => urls.public,
    createOnPush: false,
    createOnPushInTrail: false,
    ...createTokenStore(clock),
    downloadUrls: createDownloadUrls({ secret: "of this test", clock }),
    perform,
  };
  const around = (side: "private" | "public") =>
    withFaults(faults, createRegistryHandler({ account, side, onDefect }), describeRegistryRequest(side));
  const api = createAwsEndpoint({ services, account, credentials, onDefect });
  const endpoint = await listen(withFaults(faults, api, describeAwsRequest(services)));
  urls.private = await listen(around("private"));
  urls.public = await listen(around("public"));

  const ecr = new ECRClient({ endpoint, region, credentials: user, maxAttempts: 1 });
  onTestFinished(() => ecr.destroy());
  const { token } = account.issueToken("private", user.identity);
  const basic = { authorization: `Basic ${token}` };
  return { faults, rates, store, account, trail, defects, endpoint, urls, ecr, basic };
}

/** The name under which Node tells how the request ended, or the status. */
export async function ending(answer: Promise<{ readonly status: number }>): Promise<string> {
  try {
    return String((await answer).status);
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
