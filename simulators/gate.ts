import type { Behaviour } from './behaviour.ts';

/** What one request wants to pass with. */
export interface GateAsk {
  readonly images: number;
  /** How many slots it fills, among which others, and for how long. */
  readonly slots: number;
  readonly slotGroup: string;
  readonly durationMs: number;
}

/** Which limit said no, with what the vendors tell about it. */
export interface GateRefusal {
  readonly limit: 'images' | 'requests' | 'slots';
  readonly max: number;
  readonly used: number;
  readonly asked: number;
  /** When it would fit; absent when it never does. */
  readonly retryAfterMs: number | undefined;
}

/** What rate headers say of one limit. */
export interface GateReading {
  readonly limit: 'images' | 'requests' | 'slots';
  readonly max: number;
  readonly remaining: number;
  readonly resetMs: number;
}

interface Counter {
  readonly limit: GateRefusal['limit'];
  readonly max: number;
  readonly asked: number;
  readonly tally: Tally;
}

/** A vendor's limits: rolling windows of images and of requests, and slots. */
export class Gate {
  readonly #images = new Tally();
  readonly #requests = new Tally();
  readonly #slots = new Map<string, Tally>();

  /** Admits and counts the request, or says which limit is full and changes nothing. */
  admit(now: number, ask: GateAsk, limits: Behaviour['limits']): GateRefusal | undefined {
    for (const { limit, max, asked, tally } of this.#counters(now, ask, limits)) {
      const used = tally.units;
      if (used + asked <= max) continue;
      return { limit, max, used, asked, retryAfterMs: tally.waitFor(now, max - asked) };
    }
    const until = now + (limits?.windowMs ?? 60_000);
    this.#images.add({ until, units: ask.images });
    this.#requests.add({ until, units: 1 });
    this.#slotsOf(ask.slotGroup).add({ until: now + ask.durationMs, units: ask.slots });
    return undefined;
  }

  readings(now: number, slotGroup: string, limits: Behaviour['limits']): readonly GateReading[] {
    const ask = { images: 0, slots: 0, slotGroup, durationMs: 0 };
    return this.#counters(now, ask, limits).map(({ limit, max, tally }) => ({
      limit,
      max,
      remaining: Math.max(0, max - tally.units),
      resetMs: tally.waitFor(now, 0) ?? 0,
    }));
  }

  #counters(now: number, ask: GateAsk, limits: Behaviour['limits']): readonly Counter[] {
    const { imagesPerMinute, requestsPerMinute, slots } = limits ?? {};
    const active = this.#slotsOf(ask.slotGroup);
    for (const tally of [this.#images, this.#requests, active]) tally.forget(now);
    const all = [
      { limit: 'images', max: imagesPerMinute, asked: ask.images, tally: this.#images },
      { limit: 'requests', max: requestsPerMinute, asked: 1, tally: this.#requests },
      { limit: 'slots', max: slots, asked: ask.slots, tally: active },
    ] as const;
    return all.flatMap(({ max, ...rest }) => (max === undefined ? [] : [{ ...rest, max }]));
  }

  #slotsOf(group: string): Tally {
    const tally = this.#slots.get(group) ?? new Tally();
    this.#slots.set(group, tally);
    return tally;
  }
}

/** Units that count until a moment, and not any more at exactly that moment. */
interface Usage {
  readonly until: number;
  readonly units: number;
}

class Tally {
  /** Earliest end first. */
  readonly #usages: Usage[] = [];
  #units = 0;

  get units(): number {
    return this.#units;
  }

  add(usage: Usage): void {
    const before = this.#usages.findLastIndex(({ until }) => until <= usage.until);
    this.#usages.splice(before + 1, 0, usage);
    this.#units += usage.units;
  }

  forget(now: number): void {
    while (this.#usages[0] && this.#usages[0].until <= now) {
      this.#units -= this.#usages.shift()!.units;
    }
  }

  /** Time until at most `allowed` units count; `undefined` when that never is. */
  waitFor(now: number, allowed: number): number | undefined {
    let left = this.#units;
    if (left <= allowed) return 0;
    for (const { until, units } of this.#usages) {
      left -= units;
      if (left <= allowed) return until - now;
    }
    return undefined;
  }
}
