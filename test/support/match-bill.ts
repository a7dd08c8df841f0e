/**
 * Holds a vendor's true bill against a run's books, entry by entry. Each entry must belong to exactly
 * one attempt: to a settled one that has booked the very same dollars, or to one whose outcome is
 * reported as unknown.
 */
import type { BillEntry, Simulator } from '../../simulators/index.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import { readFacts } from './read-facts.ts';

export interface MatchedBill {
  /** All that the vendor charges. */
  readonly billedUsdMicros: number;
  /** All that the run has booked for this vendor. */
  readonly bookedUsdMicros: number;
  /** What was billed of attempts whose outcome is unknown. */
  readonly unknownUsdMicros: number;
  /** Attempts whose outcome is unknown, billed or not. */
  readonly unknownAttempts: number;
  /** What does not fit, in words; none in a world without defects. */
  readonly problems: readonly string[];
}

interface OpenAttempt {
  readonly id: string;
  readonly requestId: string;
  readonly prompt: string;
  readonly state: string;
  readonly ref: string | null;
  readonly usdMicros: number;
  readonly hashes: ReadonlySet<string>;
  /** The entry that it answers for. */
  entry?: BillEntry;
}

/** `models` are those that the run buys from this vendor. */
export async function matchBill(
  database: Database,
  runId: string,
  { name, bill }: Pick<Simulator, 'name' | 'bill'>,
  models: readonly string[],
): Promise<MatchedBill> {
  const attempts = await attemptsAt(database, runId, models);
  const problems: string[] = [];
  let unknownUsdMicros = 0;
  for (const entry of bill.entries) {
    const attempt = ownerOf(entry, attempts);
    if (attempt === undefined) {
      problems.push(`${name} bills ${entry.taskId}, which nobody has ordered or all have settled`);
      continue;
    }
    attempt.entry = entry;
    if (attempt.state === 'unknown') unknownUsdMicros += entry.usdMicros;
    else if (attempt.usdMicros !== entry.usdMicros) {
      problems.push(
        `${name} bills ${entry.usdMicros} for ${attempt.id}: ${attempt.usdMicros} booked`,
      );
    }
  }
  const settled = attempts.filter(({ state }) => state === 'settled');
  for (const { id, usdMicros, entry } of settled) {
    if (usdMicros > 0 && !entry) problems.push(`${id} has booked ${usdMicros}, never billed`);
  }
  return {
    billedUsdMicros: bill.usdMicros,
    bookedUsdMicros: settled.reduce((sum, { usdMicros }) => sum + usdMicros, 0),
    unknownUsdMicros,
    unknownAttempts: attempts.filter(({ state }) => state === 'unknown').length,
    problems: [...problems, ...boughtTwice(attempts)],
  };
}

/**
 * The vendor's id tells it, then the bytes of a picture. What brought no picture and no id is known by
 * its prompt: a refusal that was billed all the same, and what an unknown attempt has left behind.
 */
function ownerOf(entry: BillEntry, attempts: readonly OpenAttempt[]): OpenAttempt | undefined {
  const free = attempts.filter((attempt) => attempt.entry === undefined);
  const ofPrompt = free.filter(({ prompt }) => prompt === entry.prompt);
  return (
    free.find(({ ref }) => ref?.includes(entry.taskId)) ??
    free.find(({ hashes }) => entry.imageHashes.some((hash) => hashes.has(hash))) ??
    ofPrompt.find(
      ({ state, usdMicros, hashes }) =>
        state === 'settled' &&
        entry.images === 0 &&
        hashes.size === 0 &&
        usdMicros === entry.usdMicros,
    ) ??
    ofPrompt.find(({ state, ref }) => state === 'unknown' && ref === null)
  );
}

function* boughtTwice(attempts: readonly OpenAttempt[]): Iterable<string> {
  const billed = attempts.filter(({ entry }) => entry !== undefined);
  for (const [request, all] of Map.groupBy(billed, ({ requestId }) => requestId)) {
    if (all.length > 1) yield `request ${request} was bought ${all.length} times`;
  }
}

async function attemptsAt(
  database: Database,
  runId: string,
  models: readonly string[],
): Promise<OpenAttempt[]> {
  const { attempts, requests, items } = await readFacts(database, runId);
  const rows = await database
    .selectFrom('rows')
    .select(['key', 'planned'])
    .where('run_id', '=', runId)
    .execute();
  const prompts = new Map(
    rows.map(({ key, planned }) => [key, (JSON.parse(planned) as { prompt: string }).prompt]),
  );
  const own = new Map(
    requests.filter(({ lane }) => models.includes(lane)).map((request) => [request.id, request]),
  );
  const pictures = Map.groupBy(items, (item) => item.attempt_id);
  return attempts.flatMap((attempt): OpenAttempt[] => {
    const request = own.get(attempt.request_id);
    if (request === undefined) return [];
    const hashes = (pictures.get(attempt.id) ?? []).flatMap(({ hash }) => hash ?? []);
    return [
      {
        id: attempt.id,
        requestId: request.id,
        prompt: prompts.get(request.row_key)!,
        state: attempt.state,
        ref: attempt.ref,
        usdMicros: attempt.usd_micros ?? 0,
        hashes: new Set(hashes),
      },
    ];
  });
}
