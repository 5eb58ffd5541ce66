import { onTestFinished } from "vitest";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import {
  type ScriptedOptions,
  type ScriptedRegistry,
  startScriptedRegistry,
} from "../../../support/scripted-registry.ts";

/** A scripted registry that ends with the test. */
export async function startRegistry(options?: ScriptedOptions): Promise<ScriptedRegistry> {
  const registry = await startScriptedRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

/** A client that does not wait between two tries. */
export function clientOf(
  registry: { readonly url: string },
  options: Partial<RegistryClientOptions> = {},
): RegistryClient {
  return createRegistryClient({
    baseUrl: registry.url,
    send: createSend(),
    authorization: async () => "Basic ours",
    pause: async () => {},
    ...options,
  });
}
