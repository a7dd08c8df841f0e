/** Sends prompts to a vendor that refuses the whole for one, with nothing but the pure decisions. */
import { staySuspected } from '../../src/engine/admit/isolate-refusals.ts';
import { pickBundle } from '../../src/engine/admit/pick-bundle.ts';
import type { BundleCost } from '../../src/engine/core/bundle.ts';
import type { Random } from '../../src/engine/core/random.ts';

export interface RehearsalOptions {
  /** Which prompts, by place, the vendor refuses. */
  readonly offenders: readonly boolean[];
  readonly mostPrompts: number;
  /** Bundles in flight at a time; 1 by default. */
  readonly concurrency?: number;
  /** Decides which bundle in flight ends next, and what goes wrong. */
  readonly random: Random;
  /** Shares of bundles of which nothing is made for another reason, and of those that are lost. */
  readonly returned?: number;
  readonly lost?: number;
  readonly cost?: BundleCost;
}

export interface Rehearsal {
  readonly requests: number;
  readonly refusedRequests: number;
  /** Prompts of refused requests together. */
  readonly refusedPrompts: number;
  /** By place: how often the prompt was in a request that was answered, or was refused alone, or lost. */
  readonly made: readonly number[];
  readonly refusedAlone: readonly number[];
  readonly lost: readonly number[];
}

interface Waiting {
  readonly place: number;
  readonly group: number | undefined;
}

/** The engine's own way, as its store keeps it. */
export function rehearseIsolation(options: RehearsalOptions): Rehearsal {
  const { offenders, mostPrompts, random, concurrency = 1 } = options;
  const tally = emptyTally(offenders.length);
  const seen = { outcomes: 0, refused: 0 };
  let waiting: Waiting[] = offenders.map((_, place) => ({ place, group: undefined }));
  let groups = 0;
  const inFlight: Waiting[][] = [];

  const take = (): boolean => {
    const ids = pickBundle({
      candidates: waiting.map(({ place, group }) => ({
        id: String(place),
        images: 1,
        pixels: 1,
        hasReferences: false,
        ...(group !== undefined && { suspectGroup: String(group) }),
      })),
      rules: {
        mostRequests: mostPrompts,
        refusesWhole: true,
        ...(options.cost && { cost: options.cost }),
      },
      busyGroups: new Set(
        inFlight.flat().flatMap(({ group }) => (group === undefined ? [] : [String(group)])),
      ),
      seen,
    });
    const bundle = waiting.filter(({ place }) => ids.includes(String(place)));
    if (bundle.length === 0) return false;
    waiting = waiting.filter((one) => !bundle.includes(one));
    inFlight.push(bundle);
    return true;
  };
  const putBack = (bundle: readonly Waiting[]) => {
    waiting = [...waiting, ...bundle].sort((one, other) => one.place - other.place);
  };
  const release = (bundle: readonly Waiting[]) => {
    const [{ group } = { group: undefined }] = bundle;
    if (group === undefined) return;
    waiting = waiting.map((one) => (one.group === group ? { ...one, group: undefined } : one));
  };
  const end = (bundle: readonly Waiting[]) => {
    tally.requests += 1;
    const chance = random.next();
    if (chance < (options.returned ?? 0)) return putBack(bundle);
    if (chance < (options.returned ?? 0) + (options.lost ?? 0)) {
      for (const { place } of bundle) tally.lost[place]! += 1;
      if (!staySuspected('unknown')) release(bundle);
      return undefined;
    }
    if (!bundle.some(({ place }) => offenders[place])) {
      for (const { place } of bundle) tally.made[place]! += 1;
      seen.outcomes += bundle.length;
      if (!staySuspected('made')) release(bundle);
      return undefined;
    }
    tally.refusedRequests += 1;
    tally.refusedPrompts += bundle.length;
    if (bundle.length === 1) {
      tally.refusedAlone[bundle[0]!.place]! += 1;
      seen.outcomes += 1;
      seen.refused += 1;
      if (!staySuspected('refused')) release(bundle);
      return undefined;
    }
    if (!staySuspected('refused-together')) release(bundle);
    groups += 1;
    const group = groups;
    return putBack(bundle.map((one) => ({ ...one, group })));
  };

  while (waiting.length > 0 || inFlight.length > 0) {
    while (inFlight.length < concurrency && waiting.length > 0 && take());
    const [bundle] = inFlight.splice(Math.floor(random.next() * inFlight.length), 1);
    if (bundle === undefined) throw new Error('Nothing is in flight, and nothing can be sent.');
    end(bundle);
  }
  return tally;
}

/** What one would do without knowing the rate: full bundles, and both halves of each refused one. */
export function rehearseHalving(
  offenders: readonly boolean[],
  mostPrompts: number,
): { readonly requests: number } {
  let requests = 0;
  const ask = (from: number, to: number) => {
    requests += 1;
    if (to - from === 1 || !offenders.slice(from, to).includes(true)) return;
    const middle = Math.ceil((from + to) / 2);
    ask(from, middle);
    ask(middle, to);
  };
  for (let from = 0; from < offenders.length; from += mostPrompts) {
    ask(from, Math.min(from + mostPrompts, offenders.length));
  }
  return { requests };
}

/** Full bundles, and each prompt of a refused one alone. */
export function rehearseOneByOne(
  offenders: readonly boolean[],
  mostPrompts: number,
): { readonly requests: number } {
  let requests = 0;
  for (let from = 0; from < offenders.length; from += mostPrompts) {
    const bundle = offenders.slice(from, from + mostPrompts);
    requests += bundle.length > 1 && bundle.includes(true) ? 1 + bundle.length : 1;
  }
  return { requests };
}

/**
 * No procedure needs fewer requests in the mean to find `refused` offenders among `prompts`: each good
 * prompt is in an answered request of at most `mostPrompts`, each offender is refused once, and the
 * answers (yes or no, `a` and `r` of them) must tell which of C(prompts, refused) sets it is:
 * (a + r) * H(r / (a + r)) >= log2 C(prompts, refused).
 */
export function leastRequests(prompts: number, refused: number, mostPrompts: number): number {
  const bits = log2Choose(prompts, refused);
  const answeredAtLeast = (prompts - refused) / mostPrompts;
  let least = Infinity;
  for (let answered = answeredAtLeast; answered <= prompts; answered += prompts / 2000) {
    let low = refused;
    let high = prompts + refused;
    for (let step = 0; step < 50; step += 1) {
      const middle = (low + high) / 2;
      const told = (answered + middle) * entropy(middle / (answered + middle));
      // More refusals than answers tell less again: those are never the fewest.
      if (told >= bits || middle > answered) high = middle;
      else low = middle;
    }
    if ((answered + high) * entropy(high / (answered + high)) >= bits - 1e-6) {
      least = Math.min(least, answered + high);
    }
  }
  return least;
}

export function entropy(share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
}

function log2Choose(whole: number, part: number): number {
  let bits = 0;
  for (let place = 1; place <= part; place += 1) bits += Math.log2((whole - part + place) / place);
  return bits;
}

function emptyTally(prompts: number) {
  const zeros = () => Array.from({ length: prompts }, () => 0);
  return {
    requests: 0,
    refusedRequests: 0,
    refusedPrompts: 0,
    made: zeros(),
    refusedAlone: zeros(),
    lost: zeros(),
  };
}
