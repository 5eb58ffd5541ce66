import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../../local/events/schedule.ts";

describe("parseSchedule", () => {
  it.each([
    ["rate(1 minute)", 60_000],
    ["rate(5 minutes)", 300_000],
    ["rate(1 hour)", 3_600_000],
    ["rate(7 days)", 604_800_000],
  ])("reads %s", (expression, everyMs) => {
    expect(parseSchedule(expression)).toEqual({ type: "rate", everyMs });
  });

  it.each([
    "cron(0 10 * * ? *)",
    "cron(15 12 * * ? *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(0 8 1 * ? *)",
    "cron(0/15 * * * ? *)",
    "cron(0/10 * ? * MON-FRI *)",
    "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(15 10 ? * 6L 2019-2022)",
    "cron(0 0 L JAN,FEB ? 2030)",
    "cron(0 0 3W * ? *)",
    "cron(0 0 LW * ? *)",
    "cron(0 9 ? * 3#2 *)",
    "cron(0 9 ? * mon#1 *)",
  ])("takes %s", (expression) => {
    expect(parseSchedule(expression)).toMatchObject({ type: "cron", fields: { length: 6 } });
  });

  it.each([
    ["every hour", "schedule 'every hour' must be rate(value unit) or cron(six fields)"],
    ["rate(0 minutes)", "must be rate(value unit) with a positive whole number of minutes, hours or days"],
    ["rate(1.5 hours)", "must be rate(value unit) with a positive whole number"],
    ["rate(10 seconds)", "must be rate(value unit) with a positive whole number"],
    ["rate(1 hours)", "must have the unit 'hour' for 1 and 'hours' for more"],
    ["rate(5 minute)", "must have the unit 'minute' for 1 and 'minutes' for more"],
    ["cron(0 10 * * ?)", "schedule 'cron(0 10 * * ?)' must have six fields, but has 5"],
    ["cron(60 10 * * ? *)", "has a minutes field that is not valid: '60'"],
    ["cron(0 24 * * ? *)", "has a hours field that is not valid: '24'"],
    ["cron(0 10 * * * *)", "must have ? in exactly one of day-of-month and day-of-week"],
    ["cron(0 10 ? * ? *)", "must have ? in exactly one of day-of-month and day-of-week"],
    ["cron(0 10 32 * ? *)", "has a day-of-month field that is not valid: '32'"],
    ["cron(0 10 ? * 8 *)", "has a day-of-week field that is not valid: '8'"],
    ["cron(0 10 ? * 3#1,6#3 *)", "has a day-of-week field that is not valid: '3#1,6#3'"],
    ["cron(0 10 ? FOO MON *)", "has a month field that is not valid: 'FOO'"],
    ["cron(5-1 10 * * ? *)", "has a minutes field that is not valid: '5-1'"],
    ["cron(0/0 10 * * ? *)", "has a minutes field that is not valid: '0/0'"],
    ["cron(0 10 * * ? 1969)", "has a year field that is not valid: '1969'"],
  ])("refuses %s", (expression, message) => {
    expect(() => parseSchedule(expression)).toThrow(message);
  });
});
