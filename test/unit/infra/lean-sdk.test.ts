import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { replaced } from "../../../infra/cut-text.ts";
import { bundleClients } from "./lean-clients.ts";

describe("the diet of the bundles", () => {
  it.each([
    [
      "a cut finds no module",
      { module: "@smithy/core/dist-es/moved.js", why: "" },
      "no bundle has a module @smithy/core/dist-es/moved.js",
    ],
    [
      "a cut changes nothing",
      { module: "@aws-sdk/client-ecr/package.json", why: "", edit: (source: string) => source },
      /nothing to cut in .*client-ecr.package\.json/,
    ],
    [
      "a cut misses a part of it",
      {
        module: "@aws-sdk/client-ecr/package.json",
        why: "",
        edit: (source: string) => replaced(source, "", '"version"', /"versions?":/),
      },
      'no /"versions?":/ to cut',
    ],
    [
      "a cut replaces what is not there",
      { module: "@smithy/signature-v4/dist-es/HeaderFormatter.js", why: "", instead: "export const Formatter = 1;" },
      /HeaderFormatter\.js does not export Formatter/,
    ],
  ])("fails the build when %s", async (_, cut, message) => {
    const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-lean-sdk-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));

    await expect(bundleClients(directory, [cut])).rejects.toThrow(message);
  });
});
