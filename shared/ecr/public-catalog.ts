import {
  type ECRPUBLICClient,
  GetRegistryCatalogDataCommand,
  GetRepositoryCatalogDataCommand,
  PutRegistryCatalogDataCommand,
  PutRepositoryCatalogDataCommand,
  type RepositoryCatalogData,
} from "@aws-sdk/client-ecr-public";
import { attempt, unless } from "./errors.ts";

/** What the gallery page of a public repository says now; what it never said is left out. */
export interface PublicCatalogData {
  readonly description?: string;
  readonly aboutText?: string;
  readonly usageText?: string;
  readonly architectures?: readonly string[];
  readonly operatingSystems?: readonly string[];
  /** Where the logo lies; its bytes are told nowhere else. */
  readonly logoUrl?: string;
}

/**
 * What a gallery page is to say. All of it, since it is not documented whether a member that is left out stays or goes; an empty text
 * clears. Limits by the API model: description 1,024 characters, about and usage 25,600 each, 50 badges of each kind, logo 512,000 bytes.
 */
export interface NewPublicCatalogData {
  readonly description: string;
  readonly aboutText: string;
  readonly usageText: string;
  readonly architectures: readonly string[];
  readonly operatingSystems: readonly string[];
  /** A PNG. */
  readonly logo?: Uint8Array;
}

/**
 * Catalog data of a public repository, without members where it never had any; undefined when the repository is gone. The API model has an
 * error of its own for "never had any" (RepositoryCatalogDataNotFoundException), and others have seen an empty answer. Errors: AutopilotError.
 */
export async function getPublicCatalogData(
  client: ECRPUBLICClient,
  name: string,
): Promise<PublicCatalogData | undefined> {
  const output = await unless(["not-found"], `read the catalog data of public repository '${name}'`, () =>
    client.send(new GetRepositoryCatalogDataCommand({ repositoryName: name })).catch((error: Error) => {
      if (error.name === "RepositoryCatalogDataNotFoundException") return { catalogData: {} };
      throw error;
    }),
  );
  return output && toCatalogData(output.catalogData);
}

/** Puts the whole page, the logo too. False when the repository is gone. Errors: AutopilotError; permanent `ecr-invalid` beyond a limit. */
export async function putPublicCatalogData(
  client: ECRPUBLICClient,
  name: string,
  { logo, architectures, operatingSystems, ...texts }: NewPublicCatalogData,
): Promise<boolean> {
  const catalogData = {
    ...texts,
    architectures: [...architectures],
    operatingSystems: [...operatingSystems],
    ...(logo !== undefined && { logoImageBlob: logo }),
  };
  const output = await unless(["not-found"], `write the catalog data of public repository '${name}'`, () =>
    client.send(new PutRepositoryCatalogDataCommand({ repositoryName: name, catalogData })),
  );
  return output !== undefined;
}

/** The name under which the gallery shows the account, for verified accounts; undefined where none was given. Errors: AutopilotError. */
export async function getRegistryDisplayName(client: ECRPUBLICClient): Promise<string | undefined> {
  const output = await attempt("read the catalog data of the public registry", () =>
    client.send(new GetRegistryCatalogDataCommand({})),
  );
  return output.registryCatalogData?.displayName;
}

/** `displayName`: at most 100 characters (API model). Errors: AutopilotError. */
export async function putRegistryDisplayName(client: ECRPUBLICClient, displayName: string): Promise<void> {
  await attempt("write the catalog data of the public registry", () =>
    client.send(new PutRegistryCatalogDataCommand({ displayName })),
  );
}

function toCatalogData({
  description,
  aboutText,
  usageText,
  architectures,
  operatingSystems,
  logoUrl,
}: RepositoryCatalogData = {}): PublicCatalogData {
  return {
    ...(description !== undefined && { description }),
    ...(aboutText !== undefined && { aboutText }),
    ...(usageText !== undefined && { usageText }),
    ...(architectures !== undefined && { architectures }),
    ...(operatingSystems !== undefined && { operatingSystems }),
    ...(logoUrl !== undefined && { logoUrl }),
  };
}
