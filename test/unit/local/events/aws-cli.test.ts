import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isInstalled, run } from "../../../support/command.ts";
import { region } from "../ecr/start-account.ts";
import { entry, startEvents } from "./start-events.ts";

describe.runIf(isInstalled("aws"))("aws events", () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "aws-events-"));
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  it("puts events, and is told which were refused", async () => {
    const { endpoint, user, published } = await startEvents();
    const entries = JSON.stringify([entry({ Time: "2026-03-01T09:30:00Z" }), entry({ Source: "aws.ecr" })]);

    const { code, stdout, stderr } = await run(
      "aws",
      [
        "events",
        "put-events",
        "--entries",
        entries,
        "--endpoint-url",
        endpoint,
        "--region",
        region,
        "--output",
        "json",
      ],
      {
        HOME: home,
        AWS_ACCESS_KEY_ID: user.accessKeyId,
        AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
        AWS_PAGER: "",
      },
    );

    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      FailedEntryCount: 1,
      Entries: [
        { EventId: published[0]?.event.id },
        { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." },
      ],
    });
    expect(published[0]?.event.time).toBe("2026-03-01T09:30:00Z");
    expect(code).toBe(0);
  });
});
