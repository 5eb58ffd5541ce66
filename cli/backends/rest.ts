import type { MirrorStatePage } from "#shared/mirror/mirror-state.ts";
import type { RepositoryList } from "#shared/standards/list-standards.ts";
import { type AwsOptions, awsChain, useAws } from "./aws.ts";
import type {
  Applied,
  Backend,
  BackfillAnswer,
  BackfilledImage,
  DeadLetterList,
  MirrorAnswer,
  PageAnswer,
  Plan,
  RepositoryStatus,
} from "./backend.ts";
import { endpointUrl, escaped, regionOfEndpoint, signedCalls } from "./signed-call.ts";

export interface RestOptions extends AwsOptions {
  readonly endpoint: string;
  readonly signal: AbortSignal;
}

/** The REST API at an endpoint, called with the caller's own AWS credentials. */
export function restBackend({ endpoint, signal, ...aws }: RestOptions): Backend {
  // Before the environment is changed for an endpoint that is none.
  endpointUrl(endpoint);
  const region = aws.region ?? regionOfEndpoint(endpoint);
  useAws({ ...aws, region });
  const chain = awsChain();
  return restCalls(signedCalls({ endpoint, signer: chain, signal }));
}

/** The API's operations by the calls that they are. What comes is what shared/api/document/answers.ts promises, so it is taken at its word. */
export function restCalls(call: ReturnType<typeof signedCalls>): Backend {
  const get = <T>(path: string, query?: Readonly<Record<string, string | undefined>>) =>
    call({ method: "GET", path, ...(query && { query }) }) as Promise<T>;
  const post = <T>(path: string, body: object = {}) => call({ method: "POST", path, body }) as Promise<T>;
  const pathOf = (name: string) => name.split("/").map(escaped).join("/");

  const backend: Backend = {
    ensure: (name) =>
      call({ method: "PUT", path: `/repositories/${pathOf(name)}`, body: {} }) as ReturnType<Backend["ensure"]>,
    listRepositories: ({ filter, next }) => get<RepositoryList>("/repositories", { filter, next }),
    showRepository: (name) => get<RepositoryStatus>(`/repositories/${pathOf(name)}`),
    mirrorStates: ({ repository, tag, digest, next }) =>
      get<MirrorStatePage>("/mirrors", { repository, tag, digest, next }),
    plan: ({ of, repository, next }) => post<Plan>("/plans", { of, repository, next }),
    apply: (of) => post<Applied>("/sweeps", { of }),
    mirror: ({ repository, tag, digest }) => post<MirrorAnswer>("/mirrors", { repository, tag, digest }),
    async backfill(repository) {
      if (repository === undefined) return post<BackfillAnswer>("/mirrors", { everything: true });
      const images = await pendingImages(backend, repository);
      for (const { digest } of images) await backend.mirror({ repository, digest });
      return { requested: { repository }, images };
    },
    syncPage: (name) => post<PageAnswer>(`/catalog/${pathOf(name)}`),
    deadLetters: () => get<DeadLetterList>("/dead-letters"),
    replay: (id) => post(`/dead-letters/${escaped(id)}/replay`),
    replayAll: () => post("/dead-letters/replay"),
  };
  return backend;
}

/** What is selected and passes its gates, and is not public: each digest once, with its tags. */
async function pendingImages(backend: Backend, repository: string): Promise<(BackfilledImage & { digest: string })[]> {
  const tags = new Map<string, Set<string>>();
  let next: string | undefined;
  do {
    const page = await backend.mirrorStates({ repository, next });
    for (const { state, digest, tag } of page.states) {
      if (state !== "pending" || digest === undefined) continue;
      const known = tags.get(digest) ?? new Set();
      if (tag !== undefined) known.add(tag);
      tags.set(digest, known);
    }
    next = page.next;
  } while (next !== undefined);
  return [...tags].map(([digest, known]) => ({ repository, digest, tags: [...known] }));
}
