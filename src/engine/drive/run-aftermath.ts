/**
 * What follows from the ends of a run's requests, whoever has sent them: delivery, another model for what was
 * refused, another turn, a decision about what is unknown, and what stops the run.
 */
import { StorageError } from '../core/errors.ts';
import { itemId } from '../core/ids.ts';
import { LEAST_FREE_BYTES } from './check-storage.ts';
import type { DeliveryWork } from './delivery-work.ts';
import { fallBack } from './fall-back.ts';
import { RefusalBreaker } from './refusal-breaker.ts';
import type { DriveDeps } from './drive-run.ts';
import type { RequestEnd } from '../request/run-request.ts';
import type { RunCounts } from './run-counts.ts';
import type { Stop } from './run-end.ts';
import { RunQuality } from './run-quality.ts';
import type { AttemptNews, AttemptTicket, StoredRun } from '../store/store.ts';

/** Requests between two looks at the disk. */
const LOOK_AT_DISK_EVERY = 25;
/** Times that an unknown outcome is bought again by `--on-unknown retry`. */
const MOST_UNKNOWN_RETRIES = 3;

export interface AftermathParts {
  readonly counts: RunCounts;
  readonly delivery: DeliveryWork;
  /** The vendors' accounts by lane. */
  readonly accounts: ReadonlyMap<string, string>;
}

export interface AftermathEvents {
  readonly onNotice: (text: string) => void;
  /** Something waits that did not before. */
  readonly onMore: () => void;
  readonly onStop: (stop: Stop) => void;
}

export class RunAftermath {
  readonly #deps: DriveDeps;
  readonly #run: StoredRun;
  readonly #parts: AftermathParts;
  readonly #events: AftermathEvents;
  readonly #breaker: RefusalBreaker;
  readonly #quality: RunQuality;
  #ends = 0;

  constructor(deps: DriveDeps, run: StoredRun, parts: AftermathParts, events: AftermathEvents) {
    this.#deps = deps;
    this.#run = run;
    this.#parts = parts;
    this.#events = events;
    this.#breaker = new RefusalBreaker(deps, run);
    this.#quality = new RunQuality(deps, run, [...parts.accounts.keys()]);
  }

  /** Reads what happened before, so that what comes is judged beside it. */
  async load(): Promise<void> {
    await this.#breaker.load();
    await this.#quality.load(this.#parts.counts.items.delivered);
  }

  /** Judges what could not be judged while the run went on. */
  finish(): Promise<void> {
    return this.#quality.finish();
  }

  /** One of this worker's own requests has ended. */
  async ended(ticket: AttemptTicket, end: RequestEnd): Promise<void> {
    this.#parts.counts.ended(ticket, end);
    if (end.kind === 'settled') await this.#settled(itemsOf(ticket), end.items.delivered);
    if (end.kind === 'unknown') await this.#decideUnknown(ticket);
    this.stopOnTrouble();
    this.#ends += 1;
    if (this.#ends % LOOK_AT_DISK_EVERY === 0) await this.lookAtDisk();
    await this.#countRefusals(ticket.lane, end);
  }

  /** What another worker has sent came to something. */
  async told({ what, itemIds, outcomes, attemptId, lane }: AttemptNews): Promise<void> {
    const { counts } = this.#parts;
    switch (what) {
      case 'sent':
        return counts.move('waiting', 'sent', itemIds.length);
      case 'returned':
        counts.move('sent', 'waiting', itemIds.length);
        return this.#events.onMore();
      case 'unknown':
        counts.move('sent', 'unknown', itemIds.length);
        return this.#decideUnknownOf(attemptId);
      case 'settled': {
        const items = outcomes ?? { delivered: 0, refused: 0, failed: 0 };
        counts.settled('sent', items);
        await this.#settled(itemIds, items.delivered);
        // What it held and did not spend may be what the next request lacks.
        if (this.#isBounded || items.delivered < itemIds.length) this.#events.onMore();
        return this.#countRefusals(lane, { kind: 'settled', items });
      }
      default:
        return what satisfies never;
    }
  }

  stopOnTrouble(): void {
    const { trouble } = this.#parts.delivery;
    if (trouble !== undefined) this.#events.onStop({ reason: 'storage', text: trouble.message });
  }

  /** A store of images that cannot be reached from here may be from elsewhere: the run is left to others. */
  async lookAtDisk(): Promise<void> {
    try {
      if ((await this.#deps.blobs.freeBytes()) >= LEAST_FREE_BYTES) return;
      this.#events.onStop({ reason: 'storage', text: 'the disk of the store is nearly full' });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#events.onStop({ reason: 'storage', text: error.message });
    }
  }

  get #isBounded(): boolean {
    const { budgetCreditMicros, maxUsdMicros } = this.#run;
    return budgetCreditMicros !== undefined || maxUsdMicros !== undefined;
  }

  async #settled(items: readonly string[], delivered: number): Promise<void> {
    if (delivered < items.length) await this.#fallBack(items);
    for (const notice of await this.#quality.settled(items)) {
      this.#events.onNotice(notice);
      // The lanes that were given rows may have had none.
      this.#events.onMore();
    }
    for (const item of items) await this.#parts.delivery.add(item);
  }

  async #fallBack(items: readonly string[]): Promise<void> {
    const { accounts, counts } = this.#parts;
    const fallen = await fallBack(this.#deps, this.#run, { itemIds: items, lanes: accounts });
    counts.move('refused', 'waiting', fallen.refused);
    counts.move('failed', 'waiting', fallen.failed);
    if (fallen.refused + fallen.failed > 0) this.#events.onMore();
  }

  async #countRefusals(lane: string, end: RequestEnd): Promise<void> {
    const flood = await this.#breaker.ended(this.#parts.accounts.get(lane), end);
    if (flood !== undefined) this.#events.onStop({ reason: 'refusals', text: flood });
  }

  async #decideUnknownOf(attemptId: string): Promise<void> {
    if (this.#run.settings.onUnknown !== 'retry') return;
    const open = await this.#deps.store.openAttempts(this.#run.id);
    const ticket = open.find((each) => each.attemptId === attemptId);
    if (ticket === undefined) return;
    await this.#decideUnknown(ticket);
    this.#events.onMore();
  }

  async #decideUnknown(ticket: AttemptTicket): Promise<void> {
    if (this.#run.settings.onUnknown !== 'retry') return;
    if (ticket.generation >= MOST_UNKNOWN_RETRIES) return;
    // A batch whose results could not be read is paid for: the next start reads it.
    if (ticket.bundleId !== undefined && ticket.ref !== undefined) return;
    const items = await this.#deps.store.decideUnknown(this.#run.id, ticket.attemptId);
    this.#parts.counts.move('unknown', 'waiting', items);
  }
}

function itemsOf({ runId, row, indexes }: AttemptTicket): string[] {
  return indexes.map((index) => itemId(runId, row.key, index));
}
