/** Batches that came in through the OpenAI-compatible door: what they are, and who works on them. */
import type { Random } from '../core/random.ts';
import type {
  ListPage,
  NewOpenaiBatch,
  OpenaiBatch,
  OpenaiBatchChange,
  OpenaiBatchState,
  RowOutcomes,
} from '../store/file-store.ts';
import type { Store } from '../store/store.ts';

/** A process that died is followed by another one after so long. */
const LEASE_MS = 30_000;
/** Batches taken up at a time. */
const MOST_OPEN = 100;

export interface OpenaiBatchesDeps {
  readonly store: Store;
  readonly random: Random;
}

/** A batch that this process has for a while. */
export interface BatchLease extends AsyncDisposable {
  /** Keeps it; false: it was taken by another process. Call it every few seconds. */
  renew(): Promise<boolean>;
}

export class OpenaiBatches {
  readonly #deps: OpenaiBatchesDeps;
  readonly #owner: string;

  constructor(deps: OpenaiBatchesDeps) {
    this.#deps = deps;
    this.#owner = `b${deps.random.id(16)}`;
  }

  async create(
    order: Omit<NewOpenaiBatch, 'expiresAt'> & { readonly windowMs: number },
  ): Promise<OpenaiBatch> {
    const { store } = this.#deps;
    const { windowMs, ...batch } = order;
    await store.createOpenaiBatch({ ...batch, expiresAt: (await store.now()) + windowMs });
    return (await store.findOpenaiBatch(batch.id))!;
  }

  /** `undefined` for another workspace's. */
  find(workspace: string, id: string): Promise<OpenaiBatch | undefined> {
    return this.#deps.store.findOpenaiBatch(id, workspace);
  }

  /** Whoever's it is: for the one that works on it. */
  ofAny(id: string): Promise<OpenaiBatch | undefined> {
    return this.#deps.store.findOpenaiBatch(id);
  }

  /** Newest first. */
  list(workspace: string, page: ListPage): Promise<OpenaiBatch[]> {
    return this.#deps.store.listOpenaiBatches(workspace, page);
  }

  /** Ids of those that have not ended and that nobody works on, oldest first. */
  open(): Promise<string[]> {
    return this.#deps.store.openOpenaiBatches(MOST_OPEN);
  }

  /** `undefined`: another process has it. */
  async claim(id: string): Promise<BatchLease | undefined> {
    const { store } = this.#deps;
    const renew = () => store.claimOpenaiBatch(id, this.#owner, LEASE_MS);
    if (!(await renew())) return undefined;
    return { renew, [Symbol.asyncDispose]: () => store.releaseOpenaiBatch(id, this.#owner) };
  }

  /** Changes it if it is in one of the states; tells whether it was. */
  change(
    id: string,
    from: readonly OpenaiBatchState[],
    change: OpenaiBatchChange,
  ): Promise<boolean> {
    return this.#deps.store.changeOpenaiBatch(id, from, change);
  }

  /** How its lines stand now; none before its run is made. */
  counts({ runId }: OpenaiBatch): Promise<RowOutcomes> {
    return this.#deps.store.rowOutcomes(runId);
  }
}
