/** A local account on disk in a process of its own, so that its memory can be read: prints where it is, and ends with its standard input. */
import { CreateRepositoryCommand, ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { startLocalAccount } from "../../local/account.ts";

const [assemblyDir = "", dataDir = ""] = process.argv.slice(2);
const account = await startLocalAccount({ assemblyDir, dataDir, port: 0 });
const { accessKeyId, secretAccessKey } = account.user("bench");
const ecr = new ECRClient({
  endpoint: account.endpoints.aws,
  region: account.region,
  credentials: { accessKeyId, secretAccessKey },
});
await ecr.send(new CreateRepositoryCommand({ repositoryName: "bench/image" }));
const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
const credentials = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString();
console.log(
  JSON.stringify({ ...account.endpoints, region: account.region, accessKeyId, secretAccessKey, credentials }),
);
process.stdin.resume().on("end", async () => {
  await account.close();
  process.exit(0);
});
