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

/** Units that count from `at` and have left at exactly `until`. */
interface Usage {
  readonly until: number;
  readonly units: number;
}

interface Counter {
  readonly limit: GateRefusal['limit'];
  readonly max: number;
  readonly asked: number;
  /** Still counting, earliest end first. */
  readonly usages: readonly Usage[];
}

/** A vendor's limits: rolling windows of images and of requests, and slots. */
export class Gate {
  #images: Usage[] = [];
  #requests: Usage[] = [];
  readonly #slots = new Map<string, Usage[]>();

  /** Admits and counts the request, or says which limit is full and changes nothing. */
  admit(now: number, ask: GateAsk, limits: Behaviour['limits']): GateRefusal | undefined {
    for (const counter of this.#counters(now, ask, limits)) {
      const used = sumOf(counter.usages);
      const { limit, max, asked, usages } = counter;
      if (used + asked <= max) continue;
      return { limit, max, used, asked, retryAfterMs: waitFor(now, asked, max, usages) };
    }
    const until = now + (limits?.windowMs ?? 60_000);
    this.#images.push({ until, units: ask.images });
    this.#requests.push({ until, units: 1 });
    this.#addSlots(ask.slotGroup, { until: now + ask.durationMs, units: ask.slots });
    return undefined;
  }

  readings(now: number, slotGroup: string, limits: Behaviour['limits']): readonly GateReading[] {
    const ask = { images: 0, slots: 0, slotGroup, durationMs: 0 };
    return this.#counters(now, ask, limits).map(({ limit, max, usages }) => ({
      limit,
      max,
      remaining: Math.max(0, max - sumOf(usages)),
      resetMs: (usages.at(-1)?.until ?? now) - now,
    }));
  }

  #counters(now: number, ask: GateAsk, limits: Behaviour['limits']): readonly Counter[] {
    this.#forget(now, ask.slotGroup);
    const { imagesPerMinute, requestsPerMinute, slots } = limits ?? {};
    const active = this.#slots.get(ask.slotGroup) ?? [];
    const all = [
      { limit: 'images', max: imagesPerMinute, asked: ask.images, usages: this.#images },
      { limit: 'requests', max: requestsPerMinute, asked: 1, usages: this.#requests },
      { limit: 'slots', max: slots, asked: ask.slots, usages: active },
    ] as const;
    return all.flatMap(({ max, ...rest }) => (max === undefined ? [] : [{ ...rest, max }]));
  }

  #forget(now: number, slotGroup: string): void {
    const isCounting = (usage: Usage) => usage.until > now;
    this.#images = this.#images.filter(isCounting);
    this.#requests = this.#requests.filter(isCounting);
    this.#slots.set(slotGroup, (this.#slots.get(slotGroup) ?? []).filter(isCounting));
  }

  #addSlots(group: string, usage: Usage): void {
    const usages = [...(this.#slots.get(group) ?? []), usage];
    this.#slots.set(
      group,
      usages.sort((left, right) => left.until - right.until),
    );
  }
}

function waitFor(
  now: number,
  asked: number,
  max: number,
  usages: readonly Usage[],
): number | undefined {
  let used = sumOf(usages);
  for (const usage of usages) {
    used -= usage.units;
    if (used + asked <= max) return usage.until - now;
  }
  return undefined;
}

function sumOf(usages: readonly Usage[]): number {
  return usages.reduce((sum, usage) => sum + usage.units, 0);
}
