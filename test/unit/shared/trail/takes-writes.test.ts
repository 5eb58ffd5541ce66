import type { AdvancedFieldSelector, EventSelector } from "@aws-sdk/client-cloudtrail";
import { describe, expect, it } from "vitest";
import { takesWrites } from "#shared/trail/takes-writes.ts";

const management: AdvancedFieldSelector = { Field: "eventCategory", Equals: ["Management"] };
const advanced = (...selectors: AdvancedFieldSelector[][]) =>
  takesWrites({ AdvancedEventSelectors: selectors.map((FieldSelectors) => ({ FieldSelectors })) });

describe("event selectors", () => {
  it.each<[string, EventSelector[]]>([
    ["none", []],
    ["one that says nothing", [{}]],
    ["all management events", [{ ReadWriteType: "All", IncludeManagementEvents: true }]],
    ["management events that write", [{ ReadWriteType: "WriteOnly" }]],
    ["some without KMS", [{ ExcludeManagementEventSources: ["kms.amazonaws.com"] }]],
    ["one of two", [{ IncludeManagementEvents: false }, { ReadWriteType: "WriteOnly" }]],
  ])("take calls that write: %s", (_, EventSelectors) => {
    expect(takesWrites({ EventSelectors })).toBe("yes");
  });

  it.each<[string, EventSelector[]]>([
    ["data events alone", [{ IncludeManagementEvents: false }]],
    ["what reads", [{ ReadWriteType: "ReadOnly" }]],
    ["all but ECR", [{ ExcludeManagementEventSources: ["ecr.amazonaws.com"] }]],
    ["what reads, and data events", [{ ReadWriteType: "ReadOnly" }, { IncludeManagementEvents: false }]],
  ])("leave them out: %s", (_, EventSelectors) => {
    expect(takesWrites({ EventSelectors })).toBe("no");
  });
});

describe("advanced event selectors", () => {
  it.each<[string, AdvancedFieldSelector[]]>([
    ["management events", [management]],
    ["those that write", [management, { Field: "readOnly", Equals: ["false"] }]],
    ["those without KMS", [management, { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] }]],
    [
      "those of ECR and others",
      [management, { Field: "eventSource", Equals: ["iam.amazonaws.com", "ecr.amazonaws.com"] }],
    ],
    ["by a beginning and an end", [management, { Field: "eventSource", StartsWith: ["ecr."], EndsWith: [".com"] }]],
  ])("take calls that write: %s", (_, selectors) => {
    expect(advanced(selectors)).toBe("yes");
  });

  it.each<[string, AdvancedFieldSelector[]]>([
    ["data events", [{ Field: "eventCategory", Equals: ["Data"] }]],
    ["those that read", [management, { Field: "readOnly", Equals: ["true"] }]],
    ["all but those that write", [management, { Field: "readOnly", NotEquals: ["false"] }]],
    ["those without ECR", [management, { Field: "eventSource", NotStartsWith: ["ecr."] }]],
    ["those without an end", [management, { Field: "eventSource", NotEndsWith: [".amazonaws.com"] }]],
    [
      "reads, by whomever",
      [
        { Field: "userIdentity.arn", Equals: ["x"] },
        { Field: "readOnly", Equals: ["true"] },
      ],
    ],
  ])("leave them out: %s", (_, selectors) => {
    expect(advanced(selectors)).toBe("no");
  });

  it("cannot tell where they go by something else", () => {
    const byCaller = [management, { Field: "userIdentity.arn", NotStartsWith: ["arn:aws:sts"] }];

    expect(advanced(byCaller)).toBe("unknown");
    expect(advanced(byCaller, [{ Field: "eventCategory", Equals: ["Data"] }])).toBe("unknown");
    expect(advanced(byCaller, [management])).toBe("yes");
  });
});
