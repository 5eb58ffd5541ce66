/** EventBridge behind the AWS endpoint; what is published is kept. */
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import type { EventEnvelope } from "../../../../local/events/event.ts";
import { createEventsService } from "../../../../local/events/service.ts";
import { sendSigned } from "../api-gateway/signed-request.ts";
import { accountId, region, startAccount } from "../ecr/start-account.ts";

/** `statements`: with them the caller is a role. */
export async function startEvents(statements?: readonly PolicyStatement[]) {
  const published: { event: EventEnvelope; accessKeyId: string }[] = [];
  const sink = { publish: (event: EventEnvelope, accessKeyId: string) => void published.push({ event, accessKeyId }) };
  const account = await startAccount({
    services: [createEventsService(sink, { accountId, region })],
    ...(statements === undefined ? {} : { statements }),
  });
  const keys = statements === undefined ? account.user : account.role;

  async function putEvents(Entries: unknown) {
    const { status, body } = await sendSigned(
      account.endpoint,
      { service: "events", region, keys },
      {
        method: "POST",
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" },
        body: JSON.stringify({ Entries }),
      },
    );
    return { status, body: JSON.parse(body.toString()) };
  }
  return { ...account, published, putEvents };
}

export const entry = (members: Record<string, unknown> = {}) => ({
  Source: "ecr-autopilot",
  DetailType: "Repository Brought To Standard",
  Detail: '{"repository":"team-a/web"}',
  ...members,
});
