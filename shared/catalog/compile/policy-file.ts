import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { nearest } from "../../policy/nearest.ts";
import type { FindingList } from "./finding-list.ts";

/** Twice what any of these files may have. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * Reads a file that a policy names, from the policy's folder. Takes the path with "/" between its parts. Gives undefined, with a finding, for what is not there under
 * exactly this name (also where the file system takes capitals and small letters for the same), for a folder, for what a symbolic
 * link leads to outside of the policy's folder, and for what cannot be read.
 */
export async function readPolicyFile(
  directory: string,
  path: string,
  findings: FindingList,
): Promise<Uint8Array | undefined> {
  const missing = await missingPart(directory, path);
  if (missing !== undefined) {
    findings.add("file-missing", missing);
    return undefined;
  }
  try {
    const [root, file] = await Promise.all([realpath(directory), realpath(join(directory, path))]);
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) {
      findings.add(
        "file-outside",
        "is a link to a file outside of the policy's folder, which is not read; put the file there",
      );
      return undefined;
    }
    const { size, ...stats } = await stat(file).then((it) => ({ size: it.size, isFile: it.isFile() }));
    if (!stats.isFile) {
      findings.add("file-kind", "is no file; write the path of one");
      return undefined;
    }
    if (size > LARGEST_BYTES) {
      findings.add("file-size", `has ${size} bytes and is not used; more than ${LARGEST_BYTES} are not read`);
      return undefined;
    }
    return await readFile(file);
  } catch (error) {
    findings.add("file-unreadable", `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** What is wrong with the first part of the path that is not there. */
async function missingPart(directory: string, path: string): Promise<string | undefined> {
  let folder = directory;
  for (const part of path.split("/")) {
    const names = await namesIn(folder);
    if (!names.includes(part)) {
      const near = nearest(part, names);
      return `is not there: ${JSON.stringify(part)} does not exist${near === undefined ? "" : `; there is ${JSON.stringify(near)}, if that is meant`}`;
    }
    folder = join(folder, part);
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // A path that goes on behind a file leads nowhere, as one behind a folder that is not there.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "ELOOP") return [];
    throw error;
  }
}
