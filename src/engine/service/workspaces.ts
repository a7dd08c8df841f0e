/** Workspaces: who owns runs, references, jobs, keys and credits. */
import type { Store } from '../store/store.ts';
import { LOCAL_WORKSPACE, type Workspace } from '../core/workspace.ts';
import type { ApiKeys, IssuedKey } from './api-keys.ts';

export interface WorkspacesDeps {
  readonly store: Store;
  readonly keys: ApiKeys;
}

export class Workspaces {
  readonly #deps: WorkspacesDeps;

  constructor(deps: WorkspacesDeps) {
    this.#deps = deps;
  }

  /**
   * Makes the workspace of the command line, without balance or ceiling, and its first key, which may do
   * everything. Answers the key the one time that it is made.
   */
  async ensureLocal(): Promise<IssuedKey | undefined> {
    const { store, keys } = this.#deps;
    const made = await store.createWorkspace({ id: LOCAL_WORKSPACE, name: 'Local' });
    if (!made) return undefined;
    return keys.issue({ workspace: LOCAL_WORKSPACE, name: 'first key', role: 'operator' });
  }

  find(id: string): Promise<Workspace | undefined> {
    return this.#deps.store.findWorkspace(id);
  }

  list(): Promise<Workspace[]> {
    return this.#deps.store.listWorkspaces();
  }
}
