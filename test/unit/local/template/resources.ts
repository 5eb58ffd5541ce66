/** Resources of a template, as CloudFormation has them, with what each test does not care about. */

export const trust = {
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
};
export const role = (properties: object = {}) => ({
  Type: "AWS::IAM::Role",
  Properties: { RoleName: "worker", AssumeRolePolicyDocument: trust, ...properties },
});
export const handler = (properties: object = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: "work",
    Code: { S3Bucket: "b", S3Key: "code.zip" },
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Role: { "Fn::GetAtt": ["Role", "Arn"] },
    ...properties,
  },
});
export const queue = (properties: object = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties: { QueueName: "jobs", ...properties },
});
