import { SingleBar } from "cli-progress";
import type { CopyStep } from "#shared/mirror/copy.ts";
import { inBytes } from "./bytes.ts";
import { type CopyState, copyMeter } from "./copy-meter.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

/** One copy, as somebody watches it. */
export interface Copying {
  step(step: CopyStep): void;
  /** Whatever became of it. */
  end(): void;
}

/** Shows copies: `copying` begins one of the image in these words. */
export type Progress = (image: string) => Copying;

export const noProgress: Progress = () => ({ step() {}, end() {} });

/** Of the bar itself, in characters. */
const BAR = 20;

/** A bar on a terminal, which goes away at the end; elsewhere a line for each tenth, so that a log stays readable. */
export function showProgress(terminal: Terminal): Progress {
  return terminal.isTTY ? bars(terminal) : lines(terminal);
}

function bars(terminal: Terminal): Progress {
  return (image) => {
    const meter = copyMeter();
    const began = performance.now();
    let bar: SingleBar | undefined;
    return {
      step(step) {
        meter.take(step);
        const state = meter.state();
        if (state === undefined || state.bytes === 0) return;
        if (step.kind === "begin") {
          bar?.stop();
          bar = new SingleBar({
            stream: terminal.stream,
            format: (_, __, { label = "" }: { label?: string }) => label,
            hideCursor: true,
            clearOnComplete: true,
            // A line that is wrapped cannot be drawn over.
            linewrap: false,
            gracefulExit: false,
          });
          bar.start(state.bytes, 0, { label: barLine(image, state, 0, terminal.columns) });
        }
        bar?.update(state.done, { label: barLine(image, state, performance.now() - began, terminal.columns) });
      },
      end: () => bar?.stop(),
    };
  };
}

/** `team-a/api:v1  [=====     ]  26 %  1.0 of 3.9 MiB  layer 2 of 4  0.5 MiB/s`; of a long name its end, which tells more. */
export function barLine(image: string, state: CopyState, elapsedMs: number, columns = 80): string {
  const { done, bytes } = state;
  const filled = Math.floor((done / bytes) * BAR);
  const perSecond = elapsedMs < 500 ? "" : `  ${inBytes((done / elapsedMs) * 1_000)}/s`;
  const rest = `  [${"=".repeat(filled)}${" ".repeat(BAR - filled)}] ${inWords(state)}${perSecond}`;
  const room = Math.max(10, columns - 1 - rest.length);
  const name = visible(image);
  return `${name.length <= room ? name : `…${name.slice(1 - room)}`}${rest}`.slice(0, Math.max(20, columns - 1));
}

function lines(terminal: Terminal): Progress {
  return (image) => {
    const meter = copyMeter();
    let tenth = 0;
    return {
      step(step) {
        meter.take(step);
        const state = meter.state();
        if (state === undefined || state.bytes === 0) return;
        if (step.kind === "begin") {
          tenth = 0;
          const layers = `${state.layers} ${state.layers === 1 ? "layer" : "layers"}`;
          terminal.line(`${visible(image)}: ${layers}, ${inBytes(state.bytes)} to copy`);
          return;
        }
        const now = Math.floor((state.done / state.bytes) * 10);
        if (now <= tenth) return;
        tenth = now;
        terminal.line(`${visible(image)}: ${inWords(state)}`);
      },
      end() {},
    };
  };
}

function inWords({ done, bytes, begun, layers }: CopyState): string {
  const percent = `${Math.floor((done / bytes) * 100)}`.padStart(3);
  return `${percent} %  ${inBytes(done)} of ${inBytes(bytes)}  layer ${begun} of ${layers}`;
}
