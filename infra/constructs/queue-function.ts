import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { type EventPattern, Rule, type Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** What makes the function run: a pattern on the default bus, or a schedule; named as the rule is. */
export type Trigger = { readonly description: string } & (
  | { readonly pattern: EventPattern }
  | { readonly schedule: Schedule }
);

/** Calls that the function's role may make. `why` is for whoever reads the stack; only `*` needs one. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

export interface QueueFunctionProps {
  readonly description: string;
  /** Folder with index.cjs. */
  readonly codeDir: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly grants: readonly Grant[];
  /** Messages a function takes at once, and how long they are collected: duplicates in one batch are done once. */
  readonly batch: { readonly size: number; readonly window: Duration };
  readonly maxConcurrency: number;
  /** Variables of the function; `own` is for one that must know itself. */
  readonly environment?: (own: { readonly roleArn: string }) => Readonly<Record<string, string>>;
  /** Whether it puts what does not fit into one invocation back into its own queue, whose URL it then finds in OWN_QUEUE_URL. */
  readonly continues?: boolean;
}

/** Deliveries of one message before it goes to the dead-letter queue. */
const MAX_RECEIVE_COUNT = 5;

/**
 * rule -> queue (with dead-letter queue and alarm) -> function: the way every event takes. What the function decides may go to the default
 * bus, as an event of this project's own.
 *
 * The queue's visibility timeout is six times the function's timeout, as Lambda's documentation asks for
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html), and the role holds the grants given here, its
 * own log group and its own queue, nothing else.
 */
export class QueueFunction extends Construct {
  readonly roleArn: string;
  /** Where its work comes from, for another function that gives it some. */
  readonly queue: { readonly queueUrl: string; readonly queueArn: string };

  constructor(scope: Construct, id: string, props: QueueFunctionProps) {
    super(scope, id);

    const deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.timeout.toSeconds() * 6),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.queue = queue;
    new Alarm(this, "DeadLettersAlarm", {
      alarmDescription: `${id}: work was given up after ${MAX_RECEIVE_COUNT} tries and waits in the dead-letter queue`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.roleArn = role.roleArn;
    logGroup.grantWrite(role);
    const defaultBus = Stack.of(this).formatArn({
      service: "events",
      resource: "event-bus",
      resourceName: "default",
    });
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [defaultBus] }));
    if (props.continues) queue.grant(role, "sqs:SendMessage");
    for (const { actions, resources, conditions } of props.grants) {
      role.addToPolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: [...resources],
          ...(conditions && { conditions }),
        }),
      );
    }

    const handler = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(props.codeDir),
      timeout: props.timeout,
      memorySize: props.memoryMb,
      role,
      logGroup,
      // Lambda stops a function that feeds its own queue after some sixteen rounds, unless it is told that this is meant; the use case counts
      // its rounds itself: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      recursiveLoop: props.continues ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      environment: { ...props.environment?.(role), ...(props.continues && { OWN_QUEUE_URL: queue.queueUrl }) },
    });
    handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: props.batch.size,
        maxBatchingWindow: props.batch.window,
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );

    for (const [name, trigger] of Object.entries(props.triggers)) {
      new Rule(this, name, {
        description: trigger.description,
        ...("pattern" in trigger ? { eventPattern: trigger.pattern } : { schedule: trigger.schedule }),
        targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
      });
    }
  }
}
