import { describe, expect, it } from "vitest";
import { imageOperations } from "../../../../local/ecr/image-operations.ts";
import { repositoryOperations } from "../../../../local/ecr/repository-operations.ts";
import { ecrService } from "../../../../local/ecr/service.ts";

describe("ECR", () => {
  it("serves every operation of its lists under one name each", () => {
    const listed = [...repositoryOperations, ...imageOperations];

    expect(repositoryOperations).toHaveLength(32);
    expect(ecrService.operations.size).toBe(listed.length);
    for (const operation of listed) expect(ecrService.operations.get(operation.name)).toBe(operation);
  });

  it("tells reading calls from changing ones as CloudTrail does", () => {
    const readers = [...ecrService.operations.values()].filter(({ readOnly }) => readOnly).map(({ name }) => name);

    expect(readers.filter((name) => !/^(Get|List|Describe|BatchGet|BatchCheck)/.test(name))).toEqual([]);
    const writers = [...ecrService.operations.values()].filter(({ readOnly }) => !readOnly).map(({ name }) => name);
    expect(writers.filter((name) => /^(Get|List|Describe)/.test(name))).toEqual([]);
  });
});
