import { describe, expect, it } from "vitest";
import { inBytes } from "../../../../cli/output/bytes.ts";
import { coloured } from "../../../../cli/output/colours.ts";
import { barLine, showProgress } from "../../../../cli/output/progress.ts";
import { terminalOf } from "../../../../cli/output/terminal.ts";
import { testSurroundings } from "../surroundings.ts";

const MIB = 1024 * 1024;
const begin = { kind: "begin", blobs: 2, bytes: 10 * MIB } as const;
const blob = (digest: string, bytes: number) => ({ kind: "blob", digest, bytes }) as const;

describe("progress", () => {
  it("is a line for each tenth where there is no terminal", () => {
    const { stderr, told } = testSurroundings();
    const copying = showProgress(terminalOf(stderr, {}))("team-a/api:v1");

    copying.step(begin);
    for (let done = 0; done <= 8; done += 0.5) copying.step(blob("sha256:a", done * MIB));
    copying.step(blob("sha256:b", 2 * MIB));
    copying.step({ kind: "tag", tag: "v1" });
    copying.end();

    const lines = told().stderr.split("\n");
    expect(lines[0]).toBe("team-a/api:v1: 2 layers, 10.0 MiB to copy");
    expect(lines[1]).toBe("team-a/api:v1:  10 %  1.0 MiB of 10.0 MiB  layer 1 of 2");
    expect(lines.slice(-2)).toEqual(["team-a/api:v1: 100 %  10.0 MiB of 10.0 MiB  layer 2 of 2", ""]);
    expect(lines).toHaveLength(11);
  });

  it("is a bar on a terminal, and leaves nothing of it behind", () => {
    const { stderr, told } = testSurroundings({ columns: 80 });
    Object.assign(stderr, { clearLine: () => stderr.write("<clear>"), cursorTo: () => {}, moveCursor: () => {} });
    const copying = showProgress(terminalOf(stderr, {}))("team-a/api:v1");

    copying.step(begin);
    copying.step(blob("sha256:a", 5 * MIB));
    copying.end();

    expect(told().stderr).toContain("team-a/api:v1  [");
    expect(told().stderr).not.toContain("to copy");
  });

  it("says nothing of an image of which every layer is there", () => {
    const { stderr, told } = testSurroundings();
    const copying = showProgress(terminalOf(stderr, {}))("team-a/api:v1");

    copying.step({ kind: "begin", blobs: 0, bytes: 0 });
    copying.step({ kind: "tag", tag: "v1" });
    copying.end();

    expect(told().stderr).toBe("");
  });

  it("fits into the terminal, with the end of a long name", () => {
    const state = { layers: 4, begun: 2, bytes: 100 * MIB, done: 25 * MIB };

    const line = barLine(`${"team/".repeat(30)}api:v1`, state, 5_000, 80);

    expect(line).toHaveLength(79);
    expect(line).toMatch(/^…\S*:v1 {2}\[===== {15}\] {2}25 % {2}25\.0 MiB of 100\.0 MiB {2}layer 2 of 4/);
    expect(barLine("a:v1", state, 5_000, 120)).toMatch(/ {2}5\.0 MiB\/s$/);
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [10 * 1024 ** 3, "10.0 GiB"],
  ])("%d are %s", (count, words) => {
    expect(inBytes(count)).toBe(words);
  });
});

describe("colours", () => {
  it("are for terminals that want them", () => {
    const { stdout } = testSurroundings({ columns: 80 });

    expect(coloured(terminalOf(stdout, {}), "conflict")).toBe("\u001b[31mconflict\u001b[39m");
    expect(coloured(terminalOf(stdout, {}), "elsewhere")).toBe("elsewhere");
    expect(coloured(terminalOf(stdout, { NO_COLOR: "1" }), "conflict")).toBe("conflict");
    expect(coloured(terminalOf(stdout, { TERM: "dumb" }), "conflict")).toBe("conflict");
    expect(coloured(terminalOf(testSurroundings().stdout, {}), "conflict")).toBe("conflict");
  });
});
