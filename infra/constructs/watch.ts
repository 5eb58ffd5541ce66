import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { Alarms } from "./alarms.ts";
import { AutopilotFunction } from "./autopilot-function.ts";
import { AutopilotDashboard } from "./dashboard.ts";
import { QueueFunction } from "./queue-function.ts";

/** A function that is watched, by the name of its construct in the stack. */
export interface Watched {
  readonly name: string;
  readonly own: AutopilotFunction;
  /** What brings it its work; a function behind an API has none. */
  readonly feed?: QueueFunction;
}

/**
 * Watches every function that the stack has so far: a dashboard, and alarms that all go to one encrypted topic. Each alarm's description names the
 * section of docs/operations.md that says what to do.
 */
export class Watch extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const watched = Stack.of(this)
      .node.findAll()
      .flatMap((own) => (own instanceof AutopilotFunction ? [watchedOf(own)] : []));
    const topic = new AlarmTopic(this, "Topic");
    new Alarms(this, "Alarms", { watched, action: topic.action });
    new AutopilotDashboard(this, "Dashboard", { watched });
  }
}

function watchedOf(own: AutopilotFunction): Watched {
  const { scope, id } = own.node;
  // A construct's main part is called Default, and goes by the construct's name.
  const name = id === "Default" && scope !== undefined ? scope.node.id : id;
  return scope instanceof QueueFunction ? { name, own, feed: scope } : { name, own };
}
