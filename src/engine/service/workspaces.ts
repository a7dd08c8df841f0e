/** Workspaces: who owns runs, references, jobs, keys and credits. */
import { IllegalStateError, UsageError } from '../core/errors.ts';
import {
  LOCAL_WORKSPACE,
  type Workspace,
  WORKSPACE_ID,
  type WorkspaceState,
} from '../core/workspace.ts';
import type { PlaceInList, Store } from '../store/store.ts';
import type { ApiKeys, IssuedKey } from './api-keys.ts';
import type { Standings } from './standings.ts';

/** Images in any 60 minutes by hand, or as much as was bought allows; `none`: no ceiling. */
export type CeilingOrder = number | 'none' | 'bought';

export interface WorkspaceOrder {
  /** Small letters, digits and hyphens, at most 40. */
  readonly id: string;
  /** Absent: its id. */
  readonly name?: string;
  /** Absent: 200, and more when more is bought. */
  readonly imagesPerHour?: CeilingOrder;
  /** `none`: it may spend freely. Absent: a balance that starts at 0. */
  readonly balance?: 'none';
}

export interface WorkspaceWishes {
  readonly name?: string;
  readonly state?: WorkspaceState;
  readonly imagesPerHour?: CeilingOrder;
}

export interface WorkspacesDeps {
  readonly store: Store;
  readonly keys: ApiKeys;
  readonly standings: Standings;
  /** The ceiling of a workspace that has bought so much, ever; `undefined`: none. */
  readonly ceilingOf: (boughtCreditMicros: number) => number | undefined;
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
    const { made, secret } = keys.draw({
      workspace: LOCAL_WORKSPACE,
      name: 'first key',
      holder: 'person',
      role: 'operator',
    });
    // Both or none: a key that nobody was told cannot be found again.
    if (!(await store.createWorkspace(LOCAL, made))) return undefined;
    return { key: (await store.findApiKey(made.id))!, secret };
  }

  /** The same without a key, for whoever is about to make one by himself. */
  async ensureLocalAlone(): Promise<void> {
    await this.#deps.store.createWorkspace(LOCAL);
  }

  /** Throws `UsageError` for an id that is none, and `IllegalStateError` for one that is taken. */
  async create(order: WorkspaceOrder): Promise<Workspace> {
    const { id, name = id, imagesPerHour = 'bought', balance } = order;
    if (!WORKSPACE_ID.test(id)) throw new UsageError(badId(id));
    const { isFixed, ...ceiling } = this.#ceiling(imagesPerHour, 0);
    const made = await this.#deps.store.createWorkspace({
      id,
      name,
      ...ceiling,
      isCeilingFixed: isFixed,
      ...(balance !== 'none' && { availableCreditMicros: 0 }),
    });
    if (!made) throw new IllegalStateError(`There is a workspace "${id}" already.`);
    return (await this.find(id))!;
  }

  find(id: string): Promise<Workspace | undefined> {
    return this.#deps.store.findWorkspace(id);
  }

  /** By id. */
  list(place?: PlaceInList): Promise<Workspace[]> {
    return this.#deps.store.listWorkspaces(place);
  }

  /** Throws `UsageError` when there is none of this id. */
  async change(id: string, { imagesPerHour, ...wishes }: WorkspaceWishes): Promise<Workspace> {
    const { store, standings } = this.#deps;
    const before = await this.#found(id);
    await store.changeWorkspace(id, {
      ...wishes,
      ...(imagesPerHour !== undefined && {
        ceiling: this.#ceiling(imagesPerHour, before.boughtCreditMicros),
      }),
    });
    standings.forget();
    return this.#found(id);
  }

  async #found(id: string): Promise<Workspace> {
    const workspace = await this.find(id);
    if (workspace === undefined) throw new UsageError(`There is no workspace "${id}".`);
    return workspace;
  }

  #ceiling(order: CeilingOrder, boughtCreditMicros: number) {
    if (order === 'none') return { isFixed: true };
    if (order !== 'bought') return { imagesPerHour: order, isFixed: true };
    const imagesPerHour = this.#deps.ceilingOf(boughtCreditMicros);
    return { ...(imagesPerHour !== undefined && { imagesPerHour }), isFixed: false };
  }
}

const LOCAL = { id: LOCAL_WORKSPACE, name: 'Local', isCeilingFixed: true };

function badId(id: string): string {
  return `"${id}" cannot be the id of a workspace: write small letters, digits and hyphens, at most 40, like acme-studio.`;
}
