import { type Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, type RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** Calls that the function's role may make. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

export interface AutopilotFunctionProps {
  readonly description: string;
  /** Folder with index.cjs. */
  readonly codeDir: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly grants: readonly Grant[];
  /** Variables of the function; `own` is for one that must know itself. */
  readonly environment?: (own: { readonly roleArn: string }) => Readonly<Record<string, string>>;
  readonly recursiveLoop?: RecursiveLoop;
}

/**
 * A function of this stack, with its log group and its role. What it decides may go to the default bus, as an event of this project's own; besides
 * that, the role holds the grants given here and its own log group, nothing else.
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
    this.role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [defaultBus] }));
    for (const { actions, resources, conditions } of props.grants) {
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
      code: Code.fromAsset(props.codeDir),
      timeout: props.timeout,
      memorySize: props.memoryMb,
      role: this.role,
      logGroup,
      ...(props.recursiveLoop && { recursiveLoop: props.recursiveLoop }),
      environment: { ...props.environment?.(this.role) },
    });
  }
}
