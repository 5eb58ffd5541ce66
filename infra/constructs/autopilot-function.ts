import { type Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  type RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge, acknowledgeWildcards } from "../acknowledge.ts";

/** Calls that the function's role may make. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, string | readonly string[]>>;
  /** Why a resource has a wildcard; without it the template's rules are broken. */
  readonly because?: string;
}

export interface AutopilotFunctionProps {
  readonly description: string;
  /** With index.cjs, or index.js, and its `handler`. */
  readonly code: Code;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly grants: readonly Grant[];
  /** Variables of the function; `own` is for one that must know itself. */
  readonly environment?: (own: { readonly roleArn: string }) => Readonly<Record<string, string>>;
  readonly recursiveLoop?: RecursiveLoop;
  /** False for a function that only answers: it decides nothing that others could act on. */
  readonly announces?: boolean;
}

/**
 * A function of this stack, with its log group and its role. What it decides may go to the default bus, as an event of this project's own, unless it
 * only answers; besides that, the role holds the grants given here and its own log group, nothing else.
 */
export class AutopilotFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly role: Role;
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: AutopilotFunctionProps) {
    super(scope, id);

    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.roleArn = this.role.roleArn;
    logGroup.grantWrite(this.role);
    const defaultBus = Stack.of(this).formatArn({
      service: "events",
      resource: "event-bus",
      resourceName: "default",
    });
    if (props.announces !== false) {
      this.role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [defaultBus] }));
    }
    for (const { actions, resources, conditions, because } of props.grants) {
      if (because !== undefined) acknowledgeWildcards(this.role, resources, because);
      this.role.addToPolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: [...resources],
          ...(conditions && { conditions }),
        }),
      );
    }

    this.handler = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: props.code,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      role: this.role,
      logGroup,
      ...(props.recursiveLoop && { recursiveLoop: props.recursiveLoop }),
      environment: { ...props.environment?.(this.role) },
    });
    acknowledge(this.handler, {
      "Serverless-LambdaDLQ":
        "For asynchronous calls, which nobody makes: a queue's poller and API Gateway wait for the answer, and the queue has its own dead-letter queue",
      "Serverless-LambdaTracing":
        "A queue lies between an event and its function, and each decision is a log line with the request's id; X-Ray would need two permissions on every resource",
    });
  }
}
