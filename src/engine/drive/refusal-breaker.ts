/**
 * A flood of refusals endangers the account: it pauses the run until a person has looked. Counted are the
 * images of this run, and those of all runs that went to the same account within the last hour.
 */
import type { Clock } from '../core/clock.ts';
import type { RunSettings } from '../core/settings.ts';
import type { RequestEnd } from '../request/end-request.ts';
import type { Store, StoredRun } from '../store/store.ts';

const ACCOUNT_WINDOW_MS = 3_600_000;
/** An account is asked about at a refusal, at most so often: in a flood they come by the dozen. */
const LOOK_EVERY_MS = 1_000;
/** And never for more than a twentieth of the time: an hour of a fast account has a million outcomes. */
const LEAST_PAUSE = 20;
/** More rows than these are only counted. */
const MOST_ROWS_NAMED = 10;

export interface RefusalBreakerDeps {
  readonly store: Pick<Store, 'now' | 'refusalTally' | 'refusedRows'>;
  readonly clock: Clock;
}

interface Tally {
  readonly outcomes: number;
  readonly refused: number;
}

export class RefusalBreaker {
  readonly #deps: RefusalBreakerDeps;
  readonly #run: Pick<StoredRun, 'id' | 'breaker'>;
  readonly #threshold: RunSettings['refusalBreaker'];
  /** Of this run, less what a person has seen. */
  #tally: Tally = { outcomes: 0, refused: 0 };
  /** When an account may be asked about again. */
  readonly #lookAt = new Map<string, number>();

  constructor(deps: RefusalBreakerDeps, run: StoredRun) {
    this.#deps = deps;
    this.#run = run;
    this.#threshold = run.settings.refusalBreaker;
  }

  async load(): Promise<void> {
    if (this.#threshold === 'off') return;
    const { outcomes, refused } = await this.#deps.store.refusalTally({ runId: this.#run.id });
    const seen = this.#run.breaker;
    this.#tally = { outcomes: outcomes - seen.outcomes, refused: refused - seen.refused };
  }

  /** Counts an ended request of the account; the words to stop with, when it is enough. */
  async ended(account: string | undefined, end: RequestEnd): Promise<string | undefined> {
    if (this.#threshold === 'off' || end.kind !== 'settled') return undefined;
    const { delivered, refused, failed } = end.items;
    this.#tally = {
      outcomes: this.#tally.outcomes + delivered + refused + failed,
      refused: this.#tally.refused + refused,
    };
    if (refused === 0) return undefined;
    if (this.#isEnough(this.#tally)) return this.#words(this.#tally, 'were refused');
    const tally = account === undefined ? undefined : await this.#accountTally(account);
    if (tally === undefined || !this.#isEnough(tally)) return undefined;
    return this.#words(tally, 'of this account were refused within an hour, in all runs');
  }

  async #accountTally(account: string): Promise<Tally | undefined> {
    const { store, clock } = this.#deps;
    const began = clock.now();
    if (began < (this.#lookAt.get(account) ?? -Infinity)) return undefined;
    this.#lookAt.set(account, began + LOOK_EVERY_MS);
    const hourAgo = (await store.now()) - ACCOUNT_WINDOW_MS;
    const since = Math.max(hourAgo, this.#run.breaker.seenAt);
    const tally = await store.refusalTally({ account, since });
    const took = clock.now() - began;
    this.#lookAt.set(account, began + Math.max(LOOK_EVERY_MS, took * LEAST_PAUSE));
    return tally;
  }

  #isEnough({ outcomes, refused }: Tally): boolean {
    if (this.#threshold === 'off') return false;
    const { share, after } = this.#threshold;
    return outcomes >= after && refused >= outcomes * share;
  }

  async #words({ outcomes, refused }: Tally, what: string): Promise<string> {
    const rows = await this.#deps.store.refusedRows(this.#run.id);
    const share = `${refused} of ${outcomes} images ${what}: ${rowsText(rows)}`;
    const retry = `imagemill retry ${this.#run.id} --refused`;
    return `${share}. Vendors suspend accounts for it: read the reasons in results.csv, then change the prompts (\`${retry} --rewrite "…"\`), take another model (\`--model NAME\`), or go on as it is`;
  }
}

/** `row 4`, `rows 4, 7 and 9`, `rows 1, 2, …, 10 and 5 more`. */
function rowsText(rows: readonly number[]): string {
  const named = rows.slice(0, MOST_ROWS_NAMED);
  const more = rows.length - named.length;
  if (rows.length === 1) return `row ${named[0]}`;
  const last = more > 0 ? `${more} more` : String(named.pop());
  return `rows ${named.join(', ')} and ${last}`;
}
