/** What a case of the contract works with: the session, repositories of its own, and the end of all that it made. */
import { randomBytes } from "node:crypto";
import { type ContractApi, contractApi } from "./contract-api.ts";
import { type ContractRepository, repositoryOf } from "./contract-repository.ts";
import type { ContractSession } from "./contract-session.ts";
import type { Side } from "./contract-target.ts";

export interface ContractContext extends Omit<ContractSession, "close"> {
  api(side: Side): ContractApi;
  /** First segment of all names of this case. */
  readonly prefix: string;
  /** A name that no repository has; one that gets it is removed at the end. */
  newName(side: Side, last?: string): string;
  /** An empty repository with the service's defaults. */
  repository(side: Side): Promise<ContractRepository>;
  /** The repository of that name, made in another way. */
  existing(side: Side, name: string): Promise<ContractRepository>;
  /** Done when the case is over, the last first. */
  atEnd(work: () => Promise<unknown>): void;
  /** Errors: whatever could not be removed, together. */
  end(): Promise<void>;
}

/** For one case; `end` it when the case is over, however it ended. */
export function createContext(session: ContractSession): ContractContext {
  const { ecr, ecrPublic, registry } = session;
  const prefix = `contract-${randomBytes(6).toString("hex")}`;
  const endings: (() => Promise<unknown>)[] = [];
  let names = 0;
  const api = (side: Side): ContractApi => contractApi(side, session);

  function newName(side: Side, last = `repository-${++names}`): string {
    const repositoryName = `${prefix}/${last}`;
    endings.push(() => api(side).deleteRepository({ repositoryName, force: true }).catch(unlessMissing));
    return repositoryName;
  }

  return {
    ...session,
    api,
    prefix,
    newName,
    async repository(side) {
      const { repository } = await api(side).createRepository({ repositoryName: newName(side) });
      return repositoryOf(api(side), await registry(side), repository);
    },
    async existing(side, name) {
      const repositoryNames = [name];
      const { repositories } =
        side === "private"
          ? await ecr.describeRepositories({ repositoryNames })
          : await ecrPublic.describeRepositories({ repositoryNames });
      return repositoryOf(api(side), await registry(side), repositories?.[0]);
    },
    atEnd: (work) => void endings.push(work),
    async end() {
      const failures: unknown[] = [];
      for (const work of endings.reverse()) await work().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, `what ${prefix} made was not all removed`);
    },
  };
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "RepositoryNotFoundException") throw error;
}
