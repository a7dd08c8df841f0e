/**
 * When a plan would be done: the admission's own decision, asked on a virtual clock. Each lane sends
 * its requests as soon as the limits let it; a call takes its typical time.
 */
import type { LimitUse, Return } from '../core/admission.ts';
import type { Limit } from '../core/limit.ts';
import type { Model } from '../core/model.ts';
import type { Quality } from '../core/quality.ts';
import { decideAdmission } from '../admit/decide-admission.ts';
import { windowMarginMs } from '../admit/rolling-window.ts';
import type { Forecast } from '../engine-types.ts';

/** Requests simulated one by one; of a longer plan the rest goes on at the pace that was reached. */
const MOST_SIMULATED = 20_000;
/** Assumed in flight where a vendor's limits have no figure at all. */
const ASSUMED_IN_FLIGHT = 8;

export interface ForecastLane {
  readonly model: Model;
  readonly quality: Quality;
  readonly limits: readonly Limit[];
  readonly concurrency: number;
  /** Requests by how many images they carry. */
  readonly requestSizes: Readonly<Record<number, number>>;
}

/** Forecasts lanes that work side by side; a limit that they share is shared here as well. */
export async function forecast(lanes: readonly ForecastLane[]): Promise<Forecast> {
  const shared = new Map<string, SimulatedLimit>();
  const assumptions: string[] = [];
  const simulated = lanes.map((lane) => simulate(lane, shared, assumptions));
  const blocked = new Map<string, number>();
  // The lane that is furthest behind goes next, so that shared limits are used in the order of time.
  const open = new Set(simulated);
  while (open.size > 0) {
    const lane = [...open].reduce((first, next) => (next.now < first.now ? next : first));
    if (!(await lane.step(blocked))) open.delete(lane);
  }
  const ends = simulated.map((lane) => lane.end());
  const finishMs = ends.includes(undefined) ? undefined : Math.max(0, ...(ends as number[]));
  const blockedBy = [...blocked].sort((a, b) => b[1] - a[1])[0]?.[0];
  return {
    finishMs,
    ...(blockedBy !== undefined && { blockedBy }),
    assumptions: [...new Set(assumptions)],
  };
}

class SimulatedLimit {
  readonly limit: Limit;
  #returns: Return[] = [];
  #first = 0;
  #used = 0;

  constructor(limit: Limit) {
    this.limit = limit;
  }

  use(now: number): LimitUse {
    while (this.#first < this.#returns.length && this.#returns[this.#first]!.at <= now) {
      this.#used -= this.#returns[this.#first]!.units;
      this.#first += 1;
    }
    return {
      limit: this.limit,
      max: this.limit.max,
      blockedUntil: 0,
      used: this.#used,
      returns: async () => this.#returns.slice(this.#first),
    };
  }

  grant(now: number, images: number, callMs: number): void {
    const { limit } = this;
    const units = limit.unit === 'images' ? images : 1;
    const at =
      limit.kind === 'slots' ? now + callMs : now + limit.windowMs + windowMarginMs(limit.windowMs);
    this.#returns.push({ at, units });
    this.#used += units;
    if (this.#first > 4_096) {
      this.#returns = this.#returns.slice(this.#first);
      this.#first = 0;
    }
  }
}

class SimulatedLane {
  now = 0;
  readonly #requests: { images: number; left: number }[];
  readonly #limits: readonly SimulatedLimit[];
  readonly #concurrency: number;
  readonly #callMs: number;
  readonly #inFlight: number[] = [];
  readonly #total: number;
  #sent = 0;
  #last = 0;
  #stuck = false;
  #middle: { sent: number; at: number } | undefined;

  constructor(lane: ForecastLane, limits: readonly SimulatedLimit[], concurrency: number) {
    this.#limits = limits;
    this.#concurrency = concurrency;
    this.#callMs = lane.model.typicalCallMs[lane.quality];
    this.#requests = Object.entries(lane.requestSizes).map(([images, left]) => ({
      images: Number(images),
      left,
    }));
    this.#total = this.#requests.reduce((sum, { left }) => sum + left, 0);
  }

  /** Sends the next request, or moves this lane's time on. False when it has nothing more to do. */
  async step(blocked: Map<string, number>): Promise<boolean> {
    const next = this.#requests.find(({ left }) => left > 0);
    if (next === undefined || this.#sent >= MOST_SIMULATED || this.#stuck) return false;
    while (this.#inFlight[0] !== undefined && this.#inFlight[0] <= this.now) this.#inFlight.shift();
    if (this.#inFlight.length >= this.#concurrency) {
      this.now = this.#inFlight[0]!;
      return true;
    }
    const decision = await decideAdmission({
      images: next.images,
      creditMicros: 0,
      usdMicros: 0,
      purse: {
        postedCreditMicros: 0,
        heldCreditMicros: 0,
        budgetCreditMicros: undefined,
        usedUsdMicros: 0,
        maxUsdMicros: undefined,
      },
      limits: this.#limits.map((limit) => limit.use(this.now)),
      now: this.now,
    });
    switch (decision.kind) {
      case 'grant':
        this.#send(next);
        return true;
      case 'wait': {
        const { until, limit } = decision.obstacle;
        if (until === undefined) this.#stuck = true;
        else {
          blocked.set(limit, (blocked.get(limit) ?? 0) + (until - this.now));
          this.now = until;
        }
        return until !== undefined;
      }
      case 'split':
        this.#split(next, decision.images);
        return true;
      case 'budget':
        return false;
    }
  }

  end(): number | undefined {
    if (this.#stuck) return undefined;
    const left = this.#total - this.#sent;
    if (left <= 0 || this.#middle === undefined) return this.#last;
    const perRequest = (this.now - this.#middle.at) / (this.#sent - this.#middle.sent);
    return this.#last + left * perRequest;
  }

  #send(request: { images: number; left: number }): void {
    request.left -= 1;
    this.#sent += 1;
    this.#last = this.now + this.#callMs;
    this.#inFlight.push(this.#last);
    for (const limit of this.#limits) limit.grant(this.now, request.images, this.#callMs);
    if (this.#sent === MOST_SIMULATED / 2) this.#middle = { sent: this.#sent, at: this.now };
  }

  #split(request: { images: number; left: number }, most: number): void {
    const { images, left } = request;
    request.left = 0;
    this.#requests.push({ images: most, left: left * Math.floor(images / most) });
    if (images % most > 0) this.#requests.push({ images: images % most, left });
  }
}

function simulate(
  lane: ForecastLane,
  shared: Map<string, SimulatedLimit>,
  assumptions: string[],
): SimulatedLane {
  const figured = lane.limits.flatMap((limit) => withFigure(lane.model, limit, assumptions));
  const limits = figured.map((limit) => {
    const known = shared.get(limit.key) ?? new SimulatedLimit(limit);
    shared.set(limit.key, known);
    return known;
  });
  // Without any figure of the vendor's the number in flight is all there is to go by.
  const blind = lane.limits.some(isLearnable) && !figured.some(isLearnable);
  if (blind)
    assumptions.push(`${lane.model.id}: ${ASSUMED_IN_FLIGHT} requests in flight are assumed`);
  const concurrency = blind ? Math.min(lane.concurrency, ASSUMED_IN_FLIGHT) : lane.concurrency;
  return new SimulatedLane(lane, limits, concurrency);
}

function isLearnable(limit: Limit): boolean {
  return limit.learnable;
}

/** The limit with its own figure, or with the smallest tier's until the vendor says otherwise. */
function withFigure(model: Model, limit: Limit, assumptions: string[]): Limit[] {
  if (limit.max !== undefined) return [limit];
  const max = limit.learnable ? lowestTier(model, limit.name) : undefined;
  if (max === undefined) return [];
  assumptions.push(
    `${model.id}: ${limit.name} is not known yet; the lowest tier's ${max} is assumed`,
  );
  return [{ ...limit, max }];
}

/** The careful guess for an account of which nothing is known: the smallest tier. */
function lowestTier(model: Model, rule: string): number | undefined {
  const figures = Object.values(model.tiers).flatMap((tier) => tier[rule] ?? []);
  return figures.length === 0 ? undefined : Math.min(...figures);
}
