/** The functions of the stack, by the folders that they are made of. */
import type { LocalFunction, LocalTemplate } from "./template/local-template.ts";

/** `CreateRepositoryFunction27C4382C`, the logical id, is made of the folder functions/create-repository. */
export function folderOf({ logicalId }: LocalFunction): string {
  return logicalId
    .replace(/Function[0-9A-F]{8}$/, "")
    .replace(/(?<!^)([A-Z])/g, "-$1")
    .toLowerCase();
}

/** Error: no such function. */
export function functionOf({ functions }: Pick<LocalTemplate, "functions">, folder: string): LocalFunction {
  const found = functions.find((candidate) => folderOf(candidate) === folder);
  if (found !== undefined) return found;
  throw new Error(`no function '${folder}'; there are: ${functions.map(folderOf).join(", ")}`);
}

/** The event that Lambda would hand to a function for these bodies. */
export function batchEvent(bodies: readonly string[], eventSourceARN: string, awsRegion: string) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `direct-${index + 1}`,
      receiptHandle: "direct",
      body,
      attributes: {},
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN,
      awsRegion,
    })),
  };
}
