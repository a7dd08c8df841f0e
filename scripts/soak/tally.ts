/** Adds up what the rounds of a soak have met and found. */
import { cpus } from 'node:os';
import { FAULT_KINDS } from './plan-round.ts';
import type { LivedRound } from './live-round.ts';

const SUMS = [
  'runs',
  'unknownRequests',
  'billedImages',
  'billedUsdMicros',
  'bookedUsdMicros',
  'unknownUsdMicros',
  'paidTwice',
  'refusedForPace',
] as const;

export class Tally {
  readonly firstSeed: number;
  readonly machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  rounds = 0;
  readonly failed: { readonly seed: number; readonly problems: readonly string[] }[] = [];
  readonly faults: Record<string, number> = {};
  readonly images: Record<string, number> = {};
  readonly sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<
    (typeof SUMS)[number],
    number
  >;
  mostInWindow = 0;
  mostSlots = 0;
  longestRoundMs = 0;

  constructor(firstSeed: number) {
    this.firstSeed = firstSeed;
  }

  add(round: LivedRound): void {
    this.rounds += 1;
    if (round.problems.length > 0) this.failed.push(round);
    for (const [kind, count] of Object.entries(round.faults)) addTo(this.faults, kind, count);
    for (const [state, count] of Object.entries(round.images)) addTo(this.images, state, count);
    for (const name of SUMS) this.sums[name] += round[name];
    this.mostInWindow = Math.max(this.mostInWindow, round.mostInWindow);
    this.mostSlots = Math.max(this.mostSlots, round.mostSlots);
    this.longestRoundMs = Math.max(this.longestRoundMs, round.tookMs);
  }

  broke(seed: number, error: unknown): void {
    this.rounds += 1;
    this.failed.push({ seed, problems: [String(error)] });
  }

  toJSON() {
    const failed = this.failed.map(({ seed, problems }) => ({ seed, problems }));
    return Object.assign({}, this, { failed });
  }
}

function addTo(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}

export function roundLine(round: LivedRound): string {
  const { seed, tookMs, images, faults, unknownRequests, problems } = round;
  const states = Object.entries(images).map(([state, count]) => `${count} ${state}`);
  const met = FAULT_KINDS.flatMap((kind) => (faults[kind] ? [`${faults[kind]} ${kind}`] : []));
  const end = problems.length === 0 ? 'sound' : `BROKEN: ${problems.join(' | ')}`;
  return `round ${seed} ${(tookMs / 1_000).toFixed(1)} s: ${states.join(', ')}; ${met.join(', ')}; ${unknownRequests} unknown; ${end}`;
}

export function summaryLines(tally: Tally): string[] {
  const { sums } = tally;
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const usd = (micros: number) => `$${(micros / 1e6).toFixed(2)}`;
  return [
    `${tally.rounds} rounds from seed ${tally.firstSeed}, ${tally.failed.length} with a broken promise, on ${tally.machine}`,
    `Faults: ${list(tally.faults)}`,
    `${sums.runs} runs; images: ${list(tally.images)}`,
    `Vendors billed ${sums.billedImages} images, ${usd(sums.billedUsdMicros)}: ${usd(sums.bookedUsdMicros)} booked, ${usd(sums.unknownUsdMicros)} of reported unknowns (${sums.unknownRequests} requests)`,
    `Paid twice: ${sums.paidTwice}. Calls refused for pace: ${sums.refusedForPace}. Most in a window: ${tally.mostInWindow}. Most slots: ${tally.mostSlots}.`,
    ...tally.failed.map(({ seed, problems }) => `Seed ${seed}: ${problems.join(' | ')}`),
  ];
}
