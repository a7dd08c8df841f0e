import type { Behaviour } from './behaviour.ts';

/** Which limit said no, with what the vendors tell about it. */
export interface GateRefusal {
  readonly limit: 'images' | 'requests' | 'slots';
  readonly max: number;
  readonly used: number;
  readonly asked: number;
  /** When it would fit, as far as that is known (a slot's end is not). */
  readonly retryAfterMs: number | undefined;
}

/** What rate headers say of one window. */
export interface WindowReading {
  readonly limit: 'images' | 'requests';
  readonly max: number;
  readonly remaining: number;
  readonly resetMs: number;
}

interface Admission {
  readonly at: number;
  readonly images: number;
}

/**
 * A vendor's limits: rolling windows of images and requests. A unit counts for `windowMs` from its
 * admission; at exactly `windowMs` later it has left.
 */
export class Gate {
  #admissions: Admission[] = [];

  /** Admits and counts the images, or says which window is full. */
  admit(now: number, images: number, limits: Behaviour['limits']): GateRefusal | undefined {
    this.#forget(now, limits);
    const refusal =
      this.#check(now, 'images', images, limits) ?? this.#check(now, 'requests', 1, limits);
    if (!refusal) this.#admissions.push({ at: now, images });
    return refusal;
  }

  readings(now: number, limits: Behaviour['limits']): readonly WindowReading[] {
    this.#forget(now, limits);
    return (['images', 'requests'] as const).flatMap((limit) => {
      const max = maximumOf(limit, limits);
      if (max === undefined) return [];
      const remaining = Math.max(0, max - this.#used(limit));
      const last = this.#admissions.at(-1);
      return { limit, max, remaining, resetMs: last ? last.at + windowOf(limits) - now : 0 };
    });
  }

  #check(
    now: number,
    limit: 'images' | 'requests',
    asked: number,
    limits: Behaviour['limits'],
  ): GateRefusal | undefined {
    const max = maximumOf(limit, limits);
    const used = this.#used(limit);
    if (max === undefined || used + asked <= max) return undefined;
    return { limit, max, used, asked, retryAfterMs: this.#waitFor(now, limit, asked, max, limits) };
  }

  #waitFor(
    now: number,
    limit: 'images' | 'requests',
    asked: number,
    max: number,
    limits: Behaviour['limits'],
  ): number | undefined {
    let used = this.#used(limit);
    for (const admission of this.#admissions) {
      used -= unitsOf(limit, admission);
      if (used + asked <= max) return admission.at + windowOf(limits) - now;
    }
    return undefined;
  }

  #used(limit: 'images' | 'requests'): number {
    return this.#admissions.reduce((sum, admission) => sum + unitsOf(limit, admission), 0);
  }

  #forget(now: number, limits: Behaviour['limits']): void {
    const oldest = now - windowOf(limits);
    const gone = this.#admissions.findIndex((admission) => admission.at > oldest);
    this.#admissions = gone === -1 ? [] : this.#admissions.slice(gone);
  }
}

function maximumOf(limit: 'images' | 'requests', limits: Behaviour['limits']): number | undefined {
  return limit === 'images' ? limits?.imagesPerMinute : limits?.requestsPerMinute;
}

function unitsOf(limit: 'images' | 'requests', admission: Admission): number {
  return limit === 'images' ? admission.images : 1;
}

function windowOf(limits: Behaviour['limits']): number {
  return limits?.windowMs ?? 60_000;
}
