import { describe, expect, it } from "vitest";
import { parseStartOptions, UsageError } from "../../../local/options.ts";

describe("the options of npm start", () => {
  it("are the tour on port 4510, in memory, when nothing is said", () => {
    expect(parseStartOptions([])).toEqual({
      once: false,
      port: 4510,
      dataDir: undefined,
      policyFile: undefined,
      createOnPush: true,
      quiet: false,
      throttle: false,
      faults: [],
    });
  });

  it("are all understood together", () => {
    const options = parseStartOptions(["--once", "--port", "0", "--data", "d", "--no-create-on-push", "--quiet"]);

    expect(options).toEqual({
      once: true,
      port: 0,
      dataDir: "d",
      policyFile: undefined,
      createOnPush: false,
      quiet: true,
      throttle: false,
      faults: [],
    });
  });

  it("take faults, each in one word", () => {
    const options = parseStartOptions(["--throttle", "--fault", "ecr:PutImage=throttle*3", "--fault", "ecr=slow-500"]);

    expect(options).toMatchObject({
      throttle: true,
      faults: [
        { match: { service: "ecr", operation: "PutImage" }, fault: "throttle", times: 3 },
        { match: { service: "ecr" }, fault: { slowMs: 500 } },
      ],
    });
  });

  it("give help before anything else", () => {
    expect(parseStartOptions(["--help", "--port", "none"])).toBe("help");
  });

  it.each([
    [["--port", "65534"], /--port takes a whole number from 0 to 65533.*'65534'/],
    [["--port", "-1"], /--port/],
    [["--port", "4510.5"], /'4510.5'/],
    [["--data", ""], /--data takes a folder/],
    [["--once", "--policy", "p.yaml"], /with --policy there is none/],
    [["--verbose"], /Unknown option '--verbose'/],
    [["--fault", "everything"], /--fault: a fault is \[SERVICE/],
    [["tour"], /Unexpected argument 'tour'/],
  ])("%j are refused with the rule", (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(UsageError);
    expect(() => parseStartOptions(args)).toThrow(message);
  });
});
