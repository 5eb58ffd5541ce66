/** Repositories and the documents of the registry. */
import { type Core, committing, requireRepository } from "./core.ts";
import { createSerial } from "./serial.ts";
import { openRepository } from "./state.ts";
import { type Registry, type RepositoryRecord, StoreError } from "./store.ts";
import { interruptUpload } from "./upload.ts";

type Repositories = Pick<
  Registry,
  | "createRepository"
  | "repository"
  | "repositories"
  | "updateRepository"
  | "deleteRepository"
  | "document"
  | "putDocument"
>;

export function repositoryMethods(core: Core): Repositories {
  const { backend, repositories, documents, tell } = core;
  /** Coming and going of repositories, and the documents, each in one line: names must not race. */
  const naming = createSerial();
  const documenting = createSerial();

  return {
    createRepository: (record) =>
      naming(async () => {
        if (repositories.has(record.name)) {
          throw new StoreError("repository-exists", `there is a repository '${record.name}'`, {
            repository: record.name,
          });
        }
        const kept = frozen(record);
        await backend.createRepository(kept);
        repositories.set(record.name, openRepository({ record: kept, blobs: new Map(), images: [] }));
        tell({ type: "repository-created", repository: kept });
        return kept;
      }),

    repository: (name) => repositories.get(name)?.record,
    repositories: (page) => repositories.values(page).map(({ record }) => record),

    updateRepository: (name, change) =>
      committing(core, name, async (repository) => {
        const record = frozen({ ...change(repository.record), name });
        await backend.saveRecord(record);
        repository.record = record;
        tell({ type: "repository-changed", repository: record });
        return record;
      }),

    async deleteRepository(name, { force }) {
      requireRepository(core, name);
      const { record, uploads } = await naming(() =>
        committing(core, name, async (repository) => {
          if (!force && repository.images.size > 0) {
            throw new StoreError("repository-not-empty", `the repository '${name}' holds images`, { repository: name });
          }
          await backend.removeRepository(name);
          repositories.delete(name);
          // Waited for outside of the line of commits, in which a finishing upload may stand.
          const uploads = [...repository.uploads.values()].map((upload) => interruptUpload(repository, upload));
          tell({ type: "repository-deleted", repository: repository.record });
          return { record: repository.record, uploads };
        }),
      );
      await Promise.all(uploads);
      return record;
    },

    document: (key) => documents.get(key),
    putDocument: (key, value) =>
      documenting(async () => {
        const kept = value === undefined ? undefined : structuredClone(value);
        await backend.saveDocument(key, kept);
        if (kept === undefined) documents.delete(key);
        else documents.set(key, kept);
      }),
  };
}

/** A copy that later changes of the caller's object do not reach; plain JSON in `settings`, as the disk form would give it. */
function frozen(record: RepositoryRecord): RepositoryRecord {
  return { ...record, tagRule: structuredClone(record.tagRule), settings: structuredClone(record.settings) };
}
