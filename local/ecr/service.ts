/** ECR as the endpoint serves it. */
import type { Service } from "../aws/operation.ts";
import { imageOperations } from "./image-operations.ts";
import { repositoryOperations } from "./repository-operations.ts";

export const ecrService: Service = {
  name: "ecr",
  targetPrefix: "AmazonEC2ContainerRegistry_V20150921",
  operations: new Map([...repositoryOperations, ...imageOperations].map((operation) => [operation.name, operation])),
};
