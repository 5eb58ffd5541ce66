/** Bundles the command line, as `npm ci` does at its end (`prepare`): Node takes no types out of what is installed as a package. Works offline. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLING } from "./bundle.ts";

/** `bin` in package.json names the same file. */
export const CLI_FILE = "cli/dist/ecr-autopilot.cjs";

/** Whole SDK clients, unlike the functions': profiles and SSO are credentials, too. */
export async function bundleCli(outfile: string): Promise<void> {
  const { outExtension: _, ...settings } = BUNDLING;
  await build({
    ...settings,
    entryPoints: ["cli/ecr-autopilot.ts"],
    outfile,
    // The oldest that package.json takes.
    target: "node20",
    // A stack that --debug shows should name what it went through.
    keepNames: true,
    banner: { js: "#!/usr/bin/env node" },
  });
  await chmod(outfile, 0o755);
}

if (import.meta.main) await bundleCli(join(import.meta.dirname, "..", CLI_FILE));
