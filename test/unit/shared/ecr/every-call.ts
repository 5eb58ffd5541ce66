/** Every exported function of shared/ecr that sends a command. */
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";
import {
  createCreationTemplate,
  creationTemplates,
  deleteCreationTemplate,
  updateCreationTemplate,
} from "#shared/ecr/creation-templates.ts";
import { privateLayersPresent, publicLayersPresent } from "#shared/ecr/layers.ts";
import {
  getPublicCatalogData,
  getRegistryDisplayName,
  putPublicCatalogData,
  putRegistryDisplayName,
} from "#shared/ecr/public-catalog.ts";
import { publicRegistryAlias } from "#shared/ecr/public-registry.ts";
import {
  createPublicRepository,
  describePublicRepository,
  listPublicRepositories,
} from "#shared/ecr/public-repositories.ts";
import {
  listPublicRepositoryTags,
  tagPublicRepository,
  untagPublicRepository,
} from "#shared/ecr/public-repository-tags.ts";
import {
  createRepository,
  describeRepositories,
  describeRepository,
  listRepositories,
  putLifecyclePolicy,
  putScanOnPush,
  putTagMutability,
  setRepositoryPolicy,
  tagRepository,
} from "#shared/ecr/repositories.ts";
import { getLifecyclePolicy, getRepositoryPolicy, listRepositoryTags } from "#shared/ecr/repository-documents.ts";
import { imageCalls } from "./image-calls.ts";
import { awsError, success } from "./scripted-ecr.ts";
import type { TestedCall } from "./tested-call.ts";

const name = "team-a/web";
const repository = { name, arn: `arn:aws:ecr:eu-west-1:123456789012:repository/${name}` };
const publicRepository = { name, arn: `arn:aws:ecr-public::123456789012:repository/${name}` };
const template = { prefix: "team-a", appliedFor: ["CREATE_ON_PUSH" as const] };
const digest = (last: number) => `sha256:${String(last).padStart(64, "0")}`;
const layers = Array.from({ length: 101 }, (_, index) => digest(index));
const gone = ["RepositoryNotFoundException"];
const page = { description: "", aboutText: "", usageText: "", architectures: [], operatingSystems: [] };

export const calls: readonly TestedCall[] = [
  {
    name: "createRepository",
    operation: "CreateRepository",
    run: ({ ecr }) => createRepository(ecr, { name }),
    normal: ["RepositoryAlreadyExistsException"],
  },
  {
    name: "describeRepository",
    operation: "DescribeRepositories",
    run: ({ ecr }) => describeRepository(ecr, name),
    normal: gone,
  },
  {
    name: "describeRepositories",
    at: "the first call",
    operation: "DescribeRepositories",
    run: ({ ecr }) => describeRepositories(ecr, [name]),
    normal: gone,
    gives: [],
  },
  {
    name: "describeRepositories",
    at: "a call for one of them",
    operation: "DescribeRepositories",
    run: ({ ecr }) => describeRepositories(ecr, [name]),
    normal: gone,
    gives: [],
    before: [awsError("RepositoryNotFoundException")],
  },
  {
    name: "listRepositories",
    operation: "DescribeRepositories",
    run: ({ ecr }) => listRepositories(ecr, { size: 100 }),
    normal: [],
  },
  {
    name: "putTagMutability",
    operation: "PutImageTagMutability",
    run: ({ ecr }) => putTagMutability(ecr, name, { mode: "IMMUTABLE", exclude: [] }),
    normal: gone,
    gives: false,
  },
  {
    name: "putScanOnPush",
    operation: "PutImageScanningConfiguration",
    run: ({ ecr }) => putScanOnPush(ecr, name, true),
    normal: gone,
    gives: false,
  },
  {
    name: "putLifecyclePolicy",
    operation: "PutLifecyclePolicy",
    run: ({ ecr }) => putLifecyclePolicy(ecr, name, "{}"),
    normal: gone,
    gives: false,
  },
  {
    name: "setRepositoryPolicy",
    operation: "SetRepositoryPolicy",
    run: ({ ecr }) => setRepositoryPolicy(ecr, name, "{}"),
    normal: gone,
    gives: false,
  },
  {
    name: "tagRepository",
    operation: "TagResource",
    run: ({ ecr }) => tagRepository(ecr, repository, { owner: "a" }),
    normal: gone,
    gives: false,
  },
  {
    name: "getLifecyclePolicy",
    operation: "GetLifecyclePolicy",
    run: ({ ecr }) => getLifecyclePolicy(ecr, name),
    normal: [...gone, "LifecyclePolicyNotFoundException"],
  },
  {
    name: "getRepositoryPolicy",
    operation: "GetRepositoryPolicy",
    run: ({ ecr }) => getRepositoryPolicy(ecr, name),
    normal: [...gone, "RepositoryPolicyNotFoundException"],
  },
  {
    name: "listRepositoryTags",
    operation: "ListTagsForResource",
    run: ({ ecr }) => listRepositoryTags(ecr, repository),
    normal: gone,
  },
  {
    name: "creationTemplates",
    at: "the first page",
    operation: "DescribeRepositoryCreationTemplates",
    run: ({ ecr }) => Array.fromAsync(creationTemplates(ecr)),
    normal: [],
  },
  {
    name: "creationTemplates",
    at: "the second page",
    operation: "DescribeRepositoryCreationTemplates",
    run: ({ ecr }) => Array.fromAsync(creationTemplates(ecr)),
    normal: [],
    before: [success({ repositoryCreationTemplates: [template], nextToken: "next" })],
  },
  {
    name: "createCreationTemplate",
    operation: "CreateRepositoryCreationTemplate",
    run: ({ ecr }) => createCreationTemplate(ecr, template),
    normal: ["TemplateAlreadyExistsException"],
    gives: false,
  },
  {
    name: "updateCreationTemplate",
    operation: "UpdateRepositoryCreationTemplate",
    run: ({ ecr }) => updateCreationTemplate(ecr, template),
    normal: ["TemplateNotFoundException"],
    gives: false,
  },
  {
    name: "deleteCreationTemplate",
    operation: "DeleteRepositoryCreationTemplate",
    run: ({ ecr }) => deleteCreationTemplate(ecr, "team-a"),
    normal: ["TemplateNotFoundException"],
  },
  {
    name: "describePublicRepository",
    operation: "DescribeRepositories",
    run: ({ ecrPublic }) => describePublicRepository(ecrPublic, name),
    normal: gone,
  },
  {
    name: "listPublicRepositories",
    operation: "DescribeRepositories",
    run: ({ ecrPublic }) => listPublicRepositories(ecrPublic, { size: 100 }),
    normal: [],
  },
  {
    name: "listPublicRepositoryTags",
    operation: "ListTagsForResource",
    run: ({ ecrPublic }) => listPublicRepositoryTags(ecrPublic, publicRepository),
    normal: gone,
  },
  {
    name: "tagPublicRepository",
    operation: "TagResource",
    run: ({ ecrPublic }) => tagPublicRepository(ecrPublic, publicRepository, { owner: "a" }),
    normal: gone,
    gives: false,
  },
  {
    name: "untagPublicRepository",
    operation: "UntagResource",
    run: ({ ecrPublic }) => untagPublicRepository(ecrPublic, publicRepository, ["owner"]),
    normal: gone,
    gives: false,
  },
  {
    name: "createPublicRepository",
    operation: "CreateRepository",
    run: ({ ecrPublic }) => createPublicRepository(ecrPublic, name),
    normal: ["RepositoryAlreadyExistsException"],
  },
  {
    name: "getPublicCatalogData",
    at: "a repository that is gone",
    operation: "GetRepositoryCatalogData",
    run: ({ ecrPublic }) => getPublicCatalogData(ecrPublic, name),
    normal: gone,
  },
  {
    name: "getPublicCatalogData",
    at: "a repository that never had any",
    operation: "GetRepositoryCatalogData",
    run: ({ ecrPublic }) => getPublicCatalogData(ecrPublic, name),
    normal: ["RepositoryCatalogDataNotFoundException"],
    gives: {},
  },
  {
    name: "putPublicCatalogData",
    operation: "PutRepositoryCatalogData",
    run: ({ ecrPublic }) => putPublicCatalogData(ecrPublic, name, page),
    normal: gone,
    gives: false,
  },
  {
    name: "getRegistryDisplayName",
    operation: "GetRegistryCatalogData",
    run: ({ ecrPublic }) => getRegistryDisplayName(ecrPublic),
    normal: [],
  },
  {
    name: "putRegistryDisplayName",
    operation: "PutRegistryCatalogData",
    run: ({ ecrPublic }) => putRegistryDisplayName(ecrPublic, "Team A"),
    normal: [],
  },
  {
    name: "publicRegistryAlias",
    at: "the first page",
    operation: "DescribeRegistries",
    run: ({ ecrPublic }) => publicRegistryAlias(ecrPublic),
    normal: [],
  },
  {
    name: "publicRegistryAlias",
    at: "the second page",
    operation: "DescribeRegistries",
    run: ({ ecrPublic }) => publicRegistryAlias(ecrPublic),
    normal: [],
    before: [success({ registries: [], nextToken: "next" })],
  },
  {
    name: "privateLayersPresent",
    at: "the first hundred",
    operation: "BatchCheckLayerAvailability",
    run: ({ ecr }) => privateLayersPresent(ecr, name, layers),
    normal: [],
  },
  {
    name: "privateLayersPresent",
    at: "the second hundred",
    operation: "BatchCheckLayerAvailability",
    run: ({ ecr }) => privateLayersPresent(ecr, name, layers),
    normal: [],
    before: [success({ layers: [] })],
  },
  {
    name: "publicLayersPresent",
    at: "the first hundred",
    operation: "BatchCheckLayerAvailability",
    run: ({ ecrPublic }) => publicLayersPresent(ecrPublic, name, layers),
    normal: [],
  },
  {
    name: "publicLayersPresent",
    at: "the second hundred",
    operation: "BatchCheckLayerAvailability",
    run: ({ ecrPublic }) => publicLayersPresent(ecrPublic, name, layers),
    normal: [],
    before: [success({ layers: [] })],
  },
  {
    name: "privateRegistry",
    at: "authorization",
    operation: "GetAuthorizationToken",
    run: ({ ecr }) => privateRegistry(ecr).authorization(),
    normal: [],
  },
  {
    name: "privateRegistry",
    at: "baseUrl",
    operation: "GetAuthorizationToken",
    run: ({ ecr }) => privateRegistry(ecr).baseUrl(),
    normal: [],
  },
  {
    name: "publicAuthorization",
    operation: "GetAuthorizationToken",
    run: ({ ecrPublic }) => publicAuthorization(ecrPublic)(),
    normal: [],
  },
  ...imageCalls,
];

/** Exported functions that send nothing themselves. */
export const sendsNothing: Readonly<Record<string, string>> = {
  attempt: "runs what it is given",
  createPrivateClient: "only makes a client",
  createPublicClient: "only makes a client",
  kindOf: "looks at an error",
  paced: "holds the calls of others",
  toAutopilotError: "turns one error into another",
  unless: "runs what it is given",
};
