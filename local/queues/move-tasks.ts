/** The message move tasks that were started over the wire: this account does them at once, so all of them have ended. */

export interface EndedMoveTask {
  readonly taskHandle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly moved: number;
  /** Messages that had no queue to go back to. */
  readonly left: number;
  readonly startedAt: Date;
}

export interface MoveTasks {
  add(task: EndedMoveTask): void;
  /** The latest first. */
  of(sourceArn: string): readonly EndedMoveTask[];
}

/** ListMessageMoveTasks shows at most ten per queue (API reference). */
const KEPT = 10;

export function createMoveTasks(): MoveTasks {
  const bySource = new Map<string, EndedMoveTask[]>();
  return {
    add(task) {
      bySource.set(task.sourceArn, [task, ...(bySource.get(task.sourceArn) ?? [])].slice(0, KEPT));
    },
    of: (sourceArn) => bySource.get(sourceArn) ?? [],
  };
}
