import { describe, expect, it } from "vitest";
import { compileTargetInput } from "../../../../local/events/target-input.ts";
import type { LocalTarget } from "../../../../local/template/local-template.ts";
import { event as base, rule } from "./samples.ts";

/** The event of the documentation's input transformer examples. */
const event = base({
  "detail-type": "EC2 Instance State-change Notification",
  resources: ["arn:first", "arn:second"],
  detail: { "instance-id": "i-0123456789", state: "RUNNING", count: 2, quote: 'say "hi"', list: [{ a: 1 }, { a: 2 }] },
});

function sent(target: Partial<LocalTarget>): string {
  const [only] = rule({}, target).targets;
  if (only === undefined) throw new Error("no target");
  return compileTargetInput(rule(), only)(event, new Date("2026-03-02T08:15:01.500Z"));
}

const transformed = (template: string, paths: Record<string, string> = {}): string =>
  sent({ inputTransformer: { template, paths } });

describe("compileTargetInput", () => {
  it("sends the whole event without anything else", () => {
    expect(JSON.parse(sent({}))).toEqual(event);
  });

  it("sends a constant as it is", () => {
    expect(sent({ input: '{ "a": 1 }' })).toBe('{ "a": 1 }');
  });

  it.each([
    ["$", JSON.stringify(event)],
    ["$.detail.state", '"RUNNING"'],
    ["$.detail['instance-id']", '"i-0123456789"'],
    ["$.resources[1]", '"arn:second"'],
    ["$.detail.list[*].a", "[1,2]"],
    ["$.resources[*]", '["arn:first","arn:second"]'],
    ["$.detail.gone", "null"],
  ])("sends the part at %s", (inputPath, expected) => {
    expect(sent({ inputPath })).toBe(expected);
  });

  it("puts variables into a text", () => {
    const paths = { instance: "$.detail.instance-id", status: "$.detail.state" };

    expect(transformed('"instance <instance> is in <status>"', paths)).toBe('"instance i-0123456789 is in RUNNING"');
  });

  it("puts variables into JSON with their types", () => {
    const paths = { id: "$.detail.instance-id", count: "$.detail.count", all: "$.resources", quote: "$.detail.quote" };

    expect(JSON.parse(transformed('{"id": <id>, "n": <count>, "all": <all>, "text": "it is <quote>"}', paths))).toEqual(
      {
        id: "i-0123456789",
        n: 2,
        all: ["arn:first", "arn:second"],
        text: 'it is say "hi"',
      },
    );
  });

  it("knows the predefined variables", () => {
    expect(
      JSON.parse(
        transformed(
          '{"rule": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>, "e": <aws.events.event.json>}',
        ),
      ),
    ).toEqual({
      rule: "on-push",
      at: "2026-03-02T08:15:01.500Z",
      e: event,
    });
    expect(transformed('{"arn": "<aws.events.rule-arn>"}')).toBe(
      '{"arn": "arn:aws:events:us-west-2:123456789012:rule/on-push"}',
    );
  });

  it("makes a variable that finds nothing null, and empty within quotes", () => {
    expect(transformed('{"a": <gone>, "b": "<gone>!"}', { gone: "$.detail.gone" })).toBe('{"a": null, "b": "!"}');
  });

  it.each<[Partial<LocalTarget>, string]>([
    [{ input: "{" }, "target 'Target0': "],
    [{ input: "1", inputPath: "$" }, "target 'Target0': has more than one of Input, InputPath and InputTransformer"],
    [{ inputPath: "$..a" }, "JSON path '$..a' is not one that EventBridge takes"],
    [{ inputPath: "detail" }, "JSON path 'detail' is not one that EventBridge takes"],
    [
      { inputTransformer: { template: "<x>", paths: {} } },
      "the input template uses the variable 'x', which has no path",
    ],
    [{ inputTransformer: { template: "1", paths: { "aws.x": "$" } } }, "the variable 'aws.x' is reserved"],
  ])("refuses %j", (target, message) => {
    expect(() => sent(target)).toThrow(message);
  });
});
