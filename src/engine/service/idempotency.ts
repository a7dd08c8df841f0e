/** Requests that are sent twice are done once: as https://docs.stripe.com/api/idempotent_requests has it. */
import type { Random } from '../core/random.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type {
  KeptAnswer,
  KnownRequest,
  RequestEnd,
  RequestName,
} from '../store/idempotency-store.ts';
import type { Store } from '../store/store.ts';

/** How long a request is known: as long as Stripe's at least. */
const KEEP_MS = 24 * 3_600_000;
/** What is kept too long is removed this often at most, when a request comes. */
const FORGET_EVERY_MS = 10 * 60_000;
/** Letters and digits of a resource. */
const RESOURCE_LENGTH = 12;

export interface IdempotentOrder extends RequestName {
  /** SHA-256 over method, path and body, hex. */
  readonly fingerprint: string;
}

/**
 * What to do with a request:
 * - `work`: do it, then call `end`. `resource` is the id for what it makes. When `isRepeat`, an earlier
 *   attempt may have made that already: look before making it.
 * - `remake`: it was done; make its answer again from its resource, and do nothing.
 * - `replay`: give this answer.
 * - `told-once`: its answer had a secret, which is not told again.
 * - `busy`: it is being worked on. - `mismatch`: the name belongs to another request.
 */
export type IdempotentBeginning =
  | { readonly kind: 'work'; readonly resource: string; readonly isRepeat: boolean }
  | { readonly kind: 'remake'; readonly resource: string }
  | { readonly kind: 'replay'; readonly answer: KeptAnswer }
  | { readonly kind: 'told-once' | 'busy' | 'mismatch' };

export interface IdempotencyDeps {
  readonly store: Store;
  readonly random: Random;
  readonly lease: Pick<WorkerLease, 'start' | 'isOwn' | 'isAlive'>;
}

export class Idempotency {
  readonly #deps: IdempotencyDeps;
  /** Fingerprints of the requests that this process works on, by their names. */
  readonly #underWay = new Map<string, string>();
  #forgotAt = 0;

  constructor(deps: IdempotencyDeps) {
    this.#deps = deps;
  }

  /** An id for what a request makes, to be put behind the letter of its kind: `r` + this is a run's. */
  newResource(): string {
    return this.#deps.random.id(RESOURCE_LENGTH);
  }

  /** Notes the request durably before anything is done. After `work`, `end` must be called. */
  async begin(order: IdempotentOrder): Promise<IdempotentBeginning> {
    const place = placeOf(order);
    const working = this.#underWay.get(place);
    if (working !== undefined) return { kind: working === order.fingerprint ? 'busy' : 'mismatch' };
    this.#underWay.set(place, order.fingerprint);
    let beginning: IdempotentBeginning | undefined;
    try {
      return (beginning = await this.#begin(order));
    } finally {
      if (beginning?.kind !== 'work') this.#underWay.delete(place);
    }
  }

  async end(name: RequestName, end: RequestEnd): Promise<void> {
    const { store, lease } = this.#deps;
    try {
      await store.endRequest(name, await lease.start(), end);
    } finally {
      this.#underWay.delete(placeOf(name));
    }
  }

  async #begin(order: IdempotentOrder): Promise<IdempotentBeginning> {
    const { store, lease } = this.#deps;
    await this.#forget();
    const workerId = await lease.start();
    const resource = this.newResource();
    const found = await store.claimRequest({ ...order, workerId, resource, keepMs: KEEP_MS });
    if (found === 'claimed') return { kind: 'work', resource, isRepeat: false };
    if (found.fingerprint !== order.fingerprint) return { kind: 'mismatch' };
    return this.#again(order, found, workerId);
  }

  async #again(
    name: RequestName,
    found: KnownRequest,
    workerId: string,
  ): Promise<IdempotentBeginning> {
    const { resource } = found;
    switch (found.state) {
      case 'answered':
        return { kind: 'replay', answer: found.answer! };
      case 'remake':
        return { kind: 'remake', resource };
      case 'told-once':
        return { kind: 'told-once' };
      case 'working':
        if (await this.#isWorking(found.workerId)) return { kind: 'busy' };
        break;
      case 'open':
        break;
    }
    const taken = await this.#deps.store.retakeRequest(name, found, workerId);
    return taken ? { kind: 'work', resource, isRepeat: true } : { kind: 'busy' };
  }

  /** This process would know it, if it still worked on the request. */
  async #isWorking(workerId: string): Promise<boolean> {
    const { store, lease } = this.#deps;
    if (await lease.isOwn(workerId)) return false;
    const worker = await store.findWorker(workerId);
    return worker !== undefined && lease.isAlive(worker);
  }

  async #forget(): Promise<void> {
    const { store } = this.#deps;
    const now = await store.now();
    if (now - this.#forgotAt < FORGET_EVERY_MS) return;
    this.#forgotAt = now;
    await store.forgetRequests();
  }
}

function placeOf({ workspace, key }: RequestName): string {
  return `${workspace}\n${key}`;
}
