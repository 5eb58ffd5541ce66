import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

/**
 * Where all alarms go, encrypted. With a key of its own: the AWS managed key of SNS does not let CloudWatch alarms publish, and its policy cannot be
 * changed (https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns, which also names the two actions).
 */
export class AlarmTopic extends Construct {
  readonly action: IAlarmAction;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const alarmsOfThisAccount = {
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
    };
    const key = new Key(this, "Key", {
      description: "Encrypts the alarms of ecr-autopilot",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    // In a key's policy, `*` is this key.
    key.addToResourcePolicy(
      new PolicyStatement({
        ...alarmsOfThisAccount,
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
      }),
    );
    const topic = new Topic(this, "Topic", { masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({ ...alarmsOfThisAccount, actions: ["sns:Publish"], resources: [topic.topicArn] }),
    );
    this.action = new SnsAction(topic);
    new CfnOutput(this, "Arn", { value: topic.topicArn, description: "Subscribe to it: every alarm goes here" });
  }
}
