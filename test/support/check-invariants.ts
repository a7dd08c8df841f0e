/**
 * The promises of the store, checked on its tables by queries of their own: what the store's code
 * believes is not asked. Used after every step of the contract, of the crash tests and of the
 * simulation.
 */
import { ATTEMPT_ENDS, type Facts, readFacts } from './read-facts.ts';
import type { Database } from '../../src/engine/store/dialect.ts';

export interface InvariantOptions {
  /** Items that must be in view; without it the run's plan is not compared. */
  readonly plannedItems?: number;
  /** False where the budget was lowered below what had been spent: it cannot be taken back. */
  readonly budgetHolds?: boolean;
}

/** Throws one error that lists every broken promise of the run. */
export async function checkInvariants(
  database: Database,
  runId: string,
  options: InvariantOptions = {},
): Promise<void> {
  const facts = await readFacts(database, runId);
  const broken = [
    ...brokenLedger(facts),
    ...brokenPurse(facts, options),
    ...brokenRequests(facts),
    ...brokenItems(facts, options),
    ...brokenJournal(facts),
  ];
  if (broken.length === 0) return;
  throw new Error(`Run ${runId} breaks ${broken.length} promises:\n- ${broken.join('\n- ')}`);
}

function* brokenLedger({ ledger, attempts }: Facts): Iterable<string> {
  const lines = Map.groupBy(ledger, (line) => line.attempt_id);
  for (const attempt of attempts) {
    const own = lines.get(attempt.id) ?? [];
    lines.delete(attempt.id);
    const of = (kind: string, account: string) =>
      own
        .filter((line) => line.kind === kind && line.account === account)
        .map((line) => line.credit_micros);
    const expected = [
      ['hold', 'available', -attempt.held_credit_micros],
      ['hold', 'held', attempt.held_credit_micros],
    ] as const;
    for (const [kind, account, micros] of expected) {
      const found = of(kind, account);
      if (found.length !== 1 || found[0] !== micros + 0) {
        yield `attempt ${attempt.id}: ${kind} on ${account} is [${found.join()}], not ${micros}`;
      }
    }
    const ended = ATTEMPT_ENDS.has(attempt.state);
    const held = sum(own, (line) => (line.account === 'held' ? line.credit_micros : 0));
    if (held !== (ended ? 0 : attempt.held_credit_micros)) {
      yield `attempt ${attempt.id} is ${attempt.state} and still holds ${held}`;
    }
    for (const kind of ['post', 'void']) {
      const entries = of(kind, 'held').length;
      if (entries !== (ended ? 1 : 0)) {
        yield `attempt ${attempt.id} is ${attempt.state} and has ${entries} ${kind} entries`;
      }
    }
    if (attempt.state !== 'settled' && of('post', 'spent').some((micros) => micros !== 0)) {
      yield `attempt ${attempt.id} is ${attempt.state} and posted credits`;
    }
    const total = sum(own, (line) => line.credit_micros);
    if (total !== 0) yield `the ledger of attempt ${attempt.id} sums to ${total}`;
    if (ended !== (attempt.ended_at !== null)) {
      yield `attempt ${attempt.id} is ${attempt.state} and ended at ${attempt.ended_at}`;
    }
  }
  for (const id of lines.keys()) yield `the ledger names an attempt ${id} that is not there`;
}

function* brokenPurse(facts: Facts, options: InvariantOptions): Iterable<string> {
  const { run, ledger, attempts, items } = facts;
  const account = (name: string) =>
    sum(ledger, (line) => (line.account === name ? line.credit_micros : 0));
  const usd = (states: readonly string[], amount: (attempt: Facts['attempts'][number]) => number) =>
    sum(attempts, (attempt) => (states.includes(attempt.state) ? amount(attempt) : 0));
  const figures: [string, number, number][] = [
    ['posted credits', run.posted_credit_micros, account('spent')],
    ['held credits', run.held_credit_micros, account('held')],
    ['posted credits of its items', sum(items, (item) => item.credit_micros), account('spent')],
    [
      'actual dollars',
      run.actual_usd_micros,
      usd(['settled', 'returned'], (attempt) => attempt.usd_micros ?? 0),
    ],
    ['dollars of its items', sum(items, (item) => item.usd_micros ?? 0), run.actual_usd_micros],
    [
      'held dollars',
      run.held_usd_micros,
      usd(['sent', 'accepted', 'unknown'], (attempt) => attempt.held_usd_micros),
    ],
    [
      'dollars written off',
      run.written_off_usd_micros,
      usd(['written-off'], (attempt) => attempt.held_usd_micros),
    ],
  ];
  for (const [name, shown, counted] of figures) {
    if (shown !== counted) yield `the run shows ${name} of ${shown}, counted are ${counted}`;
  }
  const used = run.posted_credit_micros + run.held_credit_micros;
  const budget = run.budget_credit_micros;
  if (options.budgetHolds !== false && budget !== null && used > budget) {
    yield `posted and held credits of ${used} exceed the budget of ${budget}`;
  }
}

/** Which items and attempts a request of each state may have. */
function* brokenRequests({ requests, items, attempts }: Facts): Iterable<string> {
  const itemsOf = Map.groupBy(items, (item) => item.request_id);
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.request_id);
  for (const request of requests) {
    const name = `request ${request.id} (${request.state})`;
    const own = (itemsOf.get(request.id) ?? []).toSorted((a, b) => a.image_index - b.image_index);
    const tries = attemptsOf.get(request.id) ?? [];
    itemsOf.delete(request.id);
    attemptsOf.delete(request.id);
    const indexes = JSON.parse(request.indexes) as number[];
    if (request.images !== indexes.length)
      yield `${name} counts ${request.images} of ${request.indexes}`;
    // A replaced or split request has passed its items on, all of them or those that were retried.
    const whole = own.length === indexes.length;
    if (own.some((item) => !indexes.includes(item.image_index) || item.row_key !== request.row_key))
      yield `${name} has items that it did not ask for`;
    if (tries.length !== request.attempts) {
      yield `${name} counts ${request.attempts} attempts and has ${tries.length}`;
    }
    const live = tries.filter((attempt) => ['sent', 'accepted'].includes(attempt.state));
    const unknown = tries.filter((attempt) => attempt.state === 'unknown');
    const wanted = {
      waiting: [0, 0],
      sent: [1, 0],
      unknown: [0, 1],
      done: [0, 0],
      cancelled: [0, 0],
    };
    const [wantedLive, wantedUnknown] = wanted[request.state];
    if (live.length !== wantedLive || unknown.length !== wantedUnknown) {
      yield `${name} has ${live.length} live and ${unknown.length} unknown attempts`;
    }
    const states = new Set(own.map((item) => item.state));
    const dropped = new Set(own.map((item) => item.dropped));
    switch (request.state) {
      case 'waiting':
      case 'sent':
      case 'unknown':
        if (!whole) yield `${name} has ${own.length} of its ${indexes.length} items`;
        if (states.size !== 1 || !states.has(request.state)) {
          yield `${name} has items that are ${[...states].join(', ')}`;
        }
        if (dropped.has(1)) yield `${name} has dropped items`;
        break;
      case 'done':
        for (const state of states) {
          if (!['delivered', 'refused', 'failed'].includes(state)) {
            yield `${name} has items that are ${state}`;
          }
        }
        break;
      case 'cancelled':
        for (const item of own) {
          const closed =
            item.state === 'cancelled' || (item.state === 'waiting' && item.dropped === 1);
          if (!closed) yield `${name} has an item that is ${item.state}`;
        }
    }
  }
  for (const id of itemsOf.keys()) yield `items refer to a request ${id} that is not there`;
  for (const id of attemptsOf.keys()) yield `attempts refer to a request ${id} that is not there`;
}

function* brokenItems(facts: Facts, options: InvariantOptions): Iterable<string> {
  const { items, attempts } = facts;
  const states = new Map(attempts.map((attempt) => [attempt.id, attempt.state]));
  const places = new Set<string>();
  for (const item of items) {
    const place = `${item.row_key}/${item.image_index}`;
    const name = `item ${place} (${item.state})`;
    if (places.has(place)) yield `${name} is there twice`;
    places.add(place);
    if (item.state === 'delivered' && item.hash === null) yield `${name} has no hash`;
    if (item.state !== 'delivered' && item.credit_micros !== 0) yield `${name} was charged for`;
    if (['sent', 'unknown', 'delivered', 'refused'].includes(item.state)) {
      const attempt = item.attempt_id === null ? undefined : states.get(item.attempt_id);
      const wanted = { sent: ['sent', 'accepted'], unknown: ['unknown'] }[item.state as string] ?? [
        'settled',
      ];
      if (attempt === undefined || !wanted.includes(attempt)) {
        yield `${name} names an attempt that is ${attempt ?? 'not there'}`;
      }
    }
    if (['refused', 'failed', 'unknown'].includes(item.state) && item.reason === null) {
      yield `${name} has no reason`;
    }
  }
  const seen = items.filter((item) => item.dropped === 0).length;
  if (options.plannedItems !== undefined && seen !== options.plannedItems) {
    yield `${seen} items are in view, planned are ${options.plannedItems}`;
  }
}

function* brokenJournal({ run, sequences }: Facts): Iterable<string> {
  const gap = sequences.findIndex((sequence, place) => sequence !== place + 1);
  if (gap >= 0) yield `the journal goes on with ${sequences[gap]} after ${gap}`;
  if (sequences.length !== run.events) {
    yield `the journal has ${sequences.length} entries, counted are ${run.events}`;
  }
}

function sum<Value>(values: readonly Value[], amount: (value: Value) => number): number {
  return values.reduce((total, value) => total + amount(value), 0);
}
