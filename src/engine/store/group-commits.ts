/**
 * Commits that wait share the next one: what comes while a transaction is under way is written by one transaction after
 * it, however much that is. A flush to the disk then costs a hundred ends no more than one; how long one waits
 * for others to come is the dialect's to say (`beginCommit`).
 */
import { sql } from 'kysely';
import { FencedError, type StoreContext } from './context.ts';
import type { Trx } from './dialect.ts';
import { isAway } from './is-away.ts';
import type { Fenced, Lesson } from './orders.ts';
import { lockLessons, writeLessons } from './statements/limits.ts';

/** More would hold the run's lock for long. */
const MOST_AT_ONCE = 32;

/** What is written down of an attempt. It throws `FencedError` when the attempt is not the worker's any more. */
export interface Piece {
  readonly lessons: readonly Lesson[];
  /** Locks the run, after the limits of the lessons. */
  readonly lock: (trx: Trx) => Promise<void>;
  readonly work: (trx: Trx, now: number) => Promise<void>;
}

interface Waiting {
  readonly piece: Piece;
  readonly resolve: (fenced: Fenced) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommits {
  readonly #waiting = new Map<string, Waiting[]>();

  /**
   * Resolves when the piece is durable; `fenced`: it was rolled back alone, whatever it travelled with. `group`: pieces of
   * one group lock the same run, and may share a transaction.
   */
  write(context: StoreContext, group: string, piece: Piece): Promise<Fenced> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(group);
      if (waiting !== undefined) return void waiting.push({ piece, resolve, reject });
      this.#waiting.set(group, [{ piece, resolve, reject }]);
      void this.#writeAll(context, group);
    });
  }

  /** Until nobody waits. */
  async #writeAll(context: StoreContext, group: string): Promise<void> {
    const waiting = this.#waiting.get(group)!;
    while (waiting.length > 0) {
      let taken: Waiting[] = [];
      const afterwards = await context.dialect.beginCommit();
      try {
        // Whoever comes before there is a connection goes along.
        const take = () => (taken = waiting.splice(0, MOST_AT_ONCE));
        const ends = await writeTogether(context, () => take().map(({ piece }) => piece));
        for (const [place, { resolve }] of taken.entries()) resolve(ends[place]!);
      } catch (error) {
        if (taken.length === 0) taken = waiting.splice(0);
        await endSingly(context, taken, error);
      }
      await afterwards();
    }
    this.#waiting.delete(group);
  }
}

/** One that cannot be written must not keep the others from it. */
async function endSingly(
  context: StoreContext,
  taken: readonly Waiting[],
  error: unknown,
): Promise<void> {
  const isShared = taken.length > 1 && !isAway(error);
  for (const { piece, resolve, reject } of taken) {
    if (!isShared) reject(error);
    else await writeTogether(context, () => [piece]).then(([end]) => resolve(end!), reject);
  }
}

async function writeTogether(
  context: StoreContext,
  take: () => readonly Piece[],
): Promise<Fenced[]> {
  const ends: Fenced[] = [];
  try {
    await context.database.transaction().execute(async (trx) => {
      const pieces = take();
      const lessons = pieces.flatMap((piece) => piece.lessons);
      await lockLessons(context, trx, lessons);
      await pieces[0]!.lock(trx);
      const now = await context.dialect.now(trx);
      const write = pieces.length === 1 ? writePiece : writeApart;
      for (const piece of pieces) ends.push(await write(context, trx, piece, now));
    });
  } catch (error) {
    // One alone needs no savepoint: all of its transaction is rolled back.
    if (error instanceof FencedError) return ['fenced'];
    throw error;
  }
  return ends;
}

async function writePiece(
  context: StoreContext,
  trx: Trx,
  { work, lessons }: Piece,
  now: number,
): Promise<Fenced> {
  await work(trx, now);
  await writeLessons(context, trx, lessons, now);
  return 'done';
}

/** One that is fenced is rolled back, and the others are not. */
async function writeApart(
  context: StoreContext,
  trx: Trx,
  piece: Piece,
  now: number,
): Promise<Fenced> {
  await sql`savepoint piece`.execute(trx);
  try {
    await writePiece(context, trx, piece, now);
  } catch (error) {
    if (!(error instanceof FencedError)) throw error;
    await sql`rollback to savepoint piece`.execute(trx);
    await sql`release savepoint piece`.execute(trx);
    return 'fenced';
  }
  await sql`release savepoint piece`.execute(trx);
  return 'done';
}
