import { describe, expect, it } from "vitest";
import {
  catalogPageRequested,
  catalogSweepContinues,
  parseCatalogByHand,
  parseCatalogRequest,
} from "#shared/events/catalog-request.ts";
import { parseEnvelope } from "#shared/events/envelope.ts";
import { sweepRequested } from "#shared/events/sweep-requested.ts";
import { sample } from "../../../support/events.ts";

const position = {
  after: "team-a-web",
  startedAt: "2026-06-15T12:00:00.000Z",
  invocations: 3,
  pages: 600,
  afresh: true,
};

describe("an event that concerns gallery pages", () => {
  it.each([
    ["own/image-mirrored", { page: "team-a-web", afresh: false }],
    ["own/public-tag-deleted", { page: "team-a-web", afresh: false }],
    ["public-repository-created", { page: "team-a-web", afresh: false }],
    ["schedule", { position: undefined, afresh: false }],
    ["stack-deployed", { position: undefined, afresh: true }],
  ])("%s asks for %j", (name, request) => {
    expect(parseCatalogRequest(sample(name))).toEqual(request);
  });

  it("is a sweep of all, afresh, where a person asks for one", () => {
    expect(parseCatalogRequest(parseEnvelope(sweepRequested("arn:aws:iam::123456789012:user/alice")))).toEqual({
      position: undefined,
      afresh: true,
    });
  });

  it.each([
    ["own/image-mirrored", "not an event 'Image Mirrored': destination is missing"],
    [
      "public-repository-created",
      "not a CloudTrail record of a public repository's creation: requestParameters is missing",
    ],
  ])("%s is refused without the page's name", (name, message) => {
    const event = sample(name);
    const { destination: _, requestParameters: __, ...detail } = event.detail;

    expect(() => parseCatalogRequest({ ...event, detail })).toThrow(
      expect.objectContaining({ code: "event-malformed", permanent: true, message }),
    );
  });
});

describe("the messages of a sweep of the pages", () => {
  it("ask for one page, and go on where the sweep stood", () => {
    expect(parseCatalogRequest(parseEnvelope(catalogPageRequested("web", true)))).toEqual({
      page: "web",
      afresh: true,
    });
    expect(parseCatalogRequest(parseEnvelope(catalogSweepContinues(position)))).toEqual({ position, afresh: true });
  });

  it("are refused with a member more", () => {
    const message = parseEnvelope(catalogSweepContinues({ ...position, more: 1 } as never));

    expect(() => parseCatalogRequest(message)).toThrow("not a sweep of the pages that continues: more is not known");
  });
});

describe("a sync by hand", () => {
  it("is of one page or of all", () => {
    expect(parseCatalogByHand({ mode: "plan" })).toEqual({ mode: "plan" });
    expect(parseCatalogByHand({ mode: "apply", repository: "web" })).toEqual({ mode: "apply", repository: "web" });
    expect(parseCatalogByHand({ mode: "plan", position })).toEqual({ mode: "plan", position });
  });

  it.each([
    [{ mode: "write" }, 'mode must be "apply" or "plan"'],
    [{ mode: "plan", repository: "" }, "repository must not be empty"],
    [{ mode: "plan", page: "web" }, "page is not known"],
  ])("is refused as %j", (payload, rule) => {
    expect(() => parseCatalogByHand(payload)).toThrow(`not a sync of the gallery pages by hand: ${rule}`);
  });
});
