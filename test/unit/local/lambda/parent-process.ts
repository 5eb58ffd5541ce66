/** A process that runs a function which never ends, for the test of what remains when the process is killed. `argv[2]`: folder of the code. */
import { createSandboxes } from "../../../../local/lambda/sandboxes.ts";

const sandboxes = createSandboxes({
  functions: [
    {
      logicalId: "Work",
      name: "work",
      arn: "arn:aws:lambda:eu-west-1:123456789012:function:work",
      runtime: "nodejs24.x",
      handler: "index.handler",
      codeDir: process.argv[2] ?? "",
      environment: {},
      timeoutSeconds: 900,
      memoryMb: 128,
      roleArn: "arn:aws:iam::123456789012:role/worker",
      logGroupName: "all",
    },
  ],
  credentialsFor: () => ({ accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" }),
  environment: () => ({}),
  onLog: (_, line) => console.log(line),
});
await sandboxes.invoke("work", {});
console.log("answered");
