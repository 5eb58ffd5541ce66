import type { LocalAccount } from "./account.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Teller } from "./tour/steps.ts";
import type { TourResult } from "./tour/tour.ts";

const COLUMN = 20;

/** Where everything is, a line each. */
export function endpointLines(account: LocalAccount): string[] {
  const { aws, privateRegistry, publicRegistry, apiGateway } = account.endpoints;
  const lines: (readonly [string, string])[] = [
    ["AWS API", `${aws}  (account ${account.accountId}, ${account.region}; ECR Public answers in us-east-1)`],
    ["private registry", privateRegistry],
    ["public registry", `${publicRegistry}  (alias ${account.publicAlias})`],
    ...(apiGateway === "" ? [] : [["REST endpoint", `${apiGateway}/v1  (signed requests; docs/api.md)`] as const]),
    ["gallery", `${aws}/  (in a browser: repositories, public pages, live timeline)`],
  ];
  return lines.map(([name, value]) => `  ${name.padEnd(COLUMN)}${value}`);
}

/** Tells steps, and between them, when not quiet, what the functions decided. */
export function createPrinter({ quiet }: { quiet: boolean }): Teller & { entry(entry: TimelineEntry): void } {
  return {
    done: (step, text) => console.log(`${step} ✓ ${text}`),
    entry({ kind, who, what, text }) {
      // Calls and events are many; decisions and failures tell the story.
      if (!quiet && (kind === "decision" || kind === "failure"))
        console.log(`    · ${who}: ${shortened(text ?? what)}`);
    },
  };
}

/** Policy documents in a text would fill the screen. */
function shortened(text: string): string {
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

/** Commands that work as pasted, for what the tour left behind. */
export function commandsToTry(account: LocalAccount, { repository, tag, publicRepository }: TourResult): string[] {
  const { accessKeyId, secretAccessKey } = account.user("operator");
  const publicHost = new URL(account.endpoints.publicRegistry).host;
  const keys = `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
  return [
    "",
    "Try:",
    `  skopeo inspect --tls-verify=false docker://${publicHost}/${publicRepository}:${tag}`,
    `  docker pull ${publicHost}/${publicRepository}:${tag}`,
    `  ${keys} aws ecr describe-images --repository-name ${repository} --region ${account.region} --endpoint-url ${account.endpoints.aws}`,
    ...(account.endpoints.apiGateway === ""
      ? []
      : [
          `  curl --aws-sigv4 aws:amz:${account.region}:execute-api --user ${accessKeyId}:${secretAccessKey} ${account.endpoints.apiGateway}/v1/repositories/${repository}`,
        ]),
    "",
    "Ctrl-C ends it.",
  ];
}
