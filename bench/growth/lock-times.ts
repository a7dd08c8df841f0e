/** How long one request holds what others wait for: its run's row, its limits' rows, the sum of a full window. */
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import type { Limit } from '../../src/engine/core/limit.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { DECISIONS } from '../../test/support/decisions.ts';
import { admit, outcomes, startRun } from '../../test/support/store-run.ts';
import { newDatabase } from './database-use.ts';
import type { CurveOrder } from './workers-curve.ts';

/** Requests of one admission, as the scheduler asks for at most. */
const AT_ONCE = 16;
const ROUNDS = 20;
const LARGE = 10_000_000;

export interface LockTimes {
  /** Images already granted in the limit's window. */
  readonly window: number;
  /** One admission of one request, and of 16, nobody else there: for so long run and limits are locked. */
  readonly admitOneMs: number;
  readonly admitSixteenMs: number;
  /** One settlement: for so long the run is locked. */
  readonly settleMs: number;
}

export async function measureLocks(order: CurveOrder): Promise<LockTimes[]> {
  const windows = order.isQuick ? [0, 10_000] : [0, 1_000, 10_000, 100_000];
  const databaseUrl = await newDatabase(order.postgres, 'locks');
  const opened = openPostgres(databaseUrl);
  await using store = await createSqlStore(opened, DECISIONS);
  const times: LockTimes[] = [];
  for (const window of windows) {
    const found = await measure(store, opened.database, window);
    times.push(found);
    order.say(
      `a window with ${window} images: 16 requests are admitted in ${found.admitSixteenMs.toFixed(1)} ms, ` +
        `one is settled in ${found.settleMs.toFixed(1)} ms`,
    );
  }
  return times;
}

async function measure(store: Store, database: Database, window: number): Promise<LockTimes> {
  const limit: Limit = {
    kind: 'window',
    name: 'images-per-minute',
    unit: 'images',
    max: LARGE,
    windowMs: 3_600_000,
    source: 'bench',
    key: `bench:${window}/images`,
    learnable: true,
  };
  if (window > 0) {
    await sql`insert into grants (limit_key, attempt_id, granted_at, units, ends_at, refused)
      select ${limit.key}, 'earlier-' || ${sql.lit(window)} || '-' || n,
        (extract(epoch from clock_timestamp()) * 1000)::bigint - n % 60000, 1, 0, 0
      from generate_series(1, ${sql.lit(window)}) as n`.execute(database);
  }
  await sql`vacuum analyze grants`.execute(database);
  const images = ROUNDS * (AT_ONCE + 1);
  const prompts = Array.from({ length: images }, (_, at) => `window ${window}, picture ${at}`);
  const runId = await startRun(store, prompts);
  const [ones, sixteens, settles]: number[][] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [most, times] of [
      [1, ones!],
      [AT_ONCE, sixteens!],
    ] as const) {
      const { granted } = await timed(times, () => admit(store, runId, { limits: [limit], most }));
      for (const { attemptId } of granted) {
        const ended = { attemptId, workerId: 'worker', outcomes: outcomes('d'), usdMicros: 0 };
        await timed(settles!, () => store.settle(ended));
      }
    }
  }
  return {
    window,
    admitOneMs: median(ones!),
    admitSixteenMs: median(sixteens!),
    settleMs: median(settles!),
  };
}

async function timed<Value>(times: number[], work: () => Promise<Value>): Promise<Value> {
  const started = performance.now();
  const value = await work();
  times.push(performance.now() - started);
  return value;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
