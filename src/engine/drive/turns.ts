/**
 * Whose turn it is, when many runs of this process want what not all can have at once: places in flight, a
 * limit's units, the careful beginning at a vendor whose limits nobody knows. Whoever cannot go on queues
 * at what stops it; only the first of a queue asks the store again, so that a thousand waiting runs cost
 * no more than one. First is whose workspace has had least there since they wait together, by weight, and
 * within it the run that has had least (single requests count as one run together): a small run that comes later is served at once beside a large one.
 * It orders; what may be sent is decided in the store alone.
 */
import { type Obstacle, OWN_TURNS } from '../core/admission.ts';
import type { Limit } from '../core/limit.ts';

/** Calls in flight of one process: each may hold the bytes of several pictures. */
const MOST_IN_FLIGHT = 256;
/** First requests to a vendor whose limits nobody has told: a few, then more with each success. */
const FIRST_UNLEARNED = 2;

export interface TurnsOptions {
  /** Most calls in flight, over all runs. Default: 256. */
  readonly mostInFlight?: number;
  /** Shares of workspaces where they compete; 1 for those that are not named. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** How all runs of this process together approach a lane. */
interface Approach {
  inFlight: number;
  /** Most in flight while a limit has no figure yet. */
  careful: number;
  unlearned: boolean;
}

/** A lane of a run, as one that wants turns. */
export interface Claim {
  readonly workspace: string;
  /** What takes turns within the workspace: a run, or all single requests together. */
  readonly flow: string;
  /** The lane and the vendor's account behind it. */
  readonly lane: string;
  readonly limits: readonly Limit[];
  /** It may be its turn now. */
  readonly wake: () => void;
}

interface Queue {
  readonly waiting: Set<Claim>;
  /** What workspaces, and flows within them, have had, by weight, since the queue is there. */
  readonly had: Map<string, number>;
  /** What the one that was served last had had before: of all workspaces, and within each. */
  readonly reached: Map<string, number>;
}

const IN_FLIGHT = 'in flight';

export class Turns {
  readonly #mostInFlight: number;
  readonly #weights: Readonly<Record<string, number>>;
  readonly #queues = new Map<string, Queue>();
  readonly #placeOf = new Map<Claim, string>();
  readonly #approaches = new Map<string, Approach>();
  #inFlight = 0;

  constructor({ mostInFlight = MOST_IN_FLIGHT, weights = {} }: TurnsOptions = {}) {
    this.#mostInFlight = mostInFlight;
    this.#weights = weights;
  }

  /** Calls of this process in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Claims that wait, by what they wait at: a limit's key, or words. */
  waiting(): Record<string, number> {
    return Object.fromEntries([...this.#queues].map(([key, { waiting }]) => [key, waiting.size]));
  }

  /**
   * How many requests it may ask the store for now; 0: it is not its turn, and it is woken when it is.
   * `mostUnlearned` bounds what is in flight on the lane while a limit of it has no figure.
   */
  mayAsk(claim: Claim, mostUnlearned: number): number {
    const keys = this.#keysOf(claim);
    const taken = keys.find((key) => !this.#isFirst(key, claim));
    if (taken !== undefined) return this.#queue(claim, taken);
    const room = this.#mostInFlight - this.#inFlight;
    if (room <= 0) return this.#queue(claim, IN_FLIGHT);
    const approach = this.#approachOf(claim.lane);
    const careful = approach.unlearned
      ? Math.min(approach.careful, mostUnlearned) - approach.inFlight
      : Infinity;
    if (careful <= 0) return this.#queue(claim, approachKey(claim.lane));
    // Beside others one at a time, so that they come to their turns.
    const isAlone = keys.every((key) => this.#isAlone(key, claim));
    return isAlone ? Math.min(room, careful) : 1;
  }

  /** The store has answered: what was granted, or what stands in the way. */
  answered(
    claim: Claim,
    answer: { readonly images: number; readonly unlearned: boolean; readonly obstacle?: Obstacle },
  ): void {
    this.#approachOf(claim.lane).unlearned = answer.unlearned;
    if (answer.images > 0) this.#count(claim, answer.images);
    const { obstacle } = answer;
    const isLimit = claim.limits.some(({ key }) => key === obstacle?.limit);
    if (answer.images === 0 && obstacle !== undefined && isLimit) {
      this.#queue(claim, obstacle.limit);
    } else this.leave(claim);
  }

  /** What a claim that has just been queued waits for, in words for people. */
  obstacleOf(claim: Claim): Obstacle {
    const place = this.#placeOf.get(claim);
    const reason =
      place === undefined || !this.#isFirst(place, claim)
        ? 'other runs come first'
        : this.#fullOf(place);
    return { limit: OWN_TURNS, reason, endsEarly: true };
  }

  /** It wants nothing for now: whoever is next takes its place. */
  leave(claim: Claim): void {
    const place = this.#placeOf.get(claim);
    if (place === undefined) return;
    this.#placeOf.delete(claim);
    this.#queues.get(place)?.waiting.delete(claim);
    this.#callNext(place);
  }

  /** A call has begun. */
  began({ lane }: Claim): void {
    this.#inFlight += 1;
    this.#approachOf(lane).inFlight += 1;
  }

  /** A call has ended: what it took is free. */
  ended({ lane, limits }: Claim): void {
    this.#inFlight -= 1;
    this.#approachOf(lane).inFlight -= 1;
    this.#callNext(IN_FLIGHT);
    this.#callNext(approachKey(lane));
    for (const { kind, key } of limits) if (kind === 'slots') this.#callNext(key);
  }

  /** Slow start while a limit is not known: twice as many after each success, half after a refusal. */
  adjust({ lane }: Claim, end: 'passed' | 'limited', mostUnlearned: number): void {
    const approach = this.#approachOf(lane);
    approach.careful =
      end === 'passed'
        ? Math.min(approach.careful * 2, Math.max(mostUnlearned, approach.careful))
        : Math.max(1, Math.floor(approach.careful / 2));
    this.#callNext(approachKey(lane));
  }

  #fullOf(place: string): string {
    return place === IN_FLIGHT
      ? `this process has ${this.#mostInFlight} calls in flight`
      : 'the limits there are not known yet: a few at a time, more with each success';
  }

  #keysOf({ lane, limits }: Claim): string[] {
    return [IN_FLIGHT, approachKey(lane), ...limits.map(({ key }) => key)];
  }

  #isFirst(key: string, claim: Claim): boolean {
    const queue = this.#queues.get(key);
    if (queue === undefined || queue.waiting.size === 0) return true;
    return this.#first(queue, claim) === claim;
  }

  #isAlone(key: string, claim: Claim): boolean {
    const waiting = this.#queues.get(key)?.waiting;
    if (waiting === undefined) return true;
    return waiting.size === (waiting.has(claim) ? 1 : 0);
  }

  /** Always 0: what there is for it now. */
  #queue(claim: Claim, key: string): 0 {
    if (this.#placeOf.get(claim) === key) return 0;
    this.leave(claim);
    const queue = this.#queues.get(key) ?? {
      waiting: new Set(),
      had: new Map(),
      reached: new Map(),
    };
    this.#enter(queue, claim);
    this.#queues.set(key, queue);
    this.#placeOf.set(claim, key);
    return 0;
  }

  /** Whoever comes anew begins where whoever was served last began: nobody saves up turns. */
  #enter({ waiting, had, reached }: Queue, claim: Claim): void {
    for (const name of [workspaceName(claim), flowName(claim)]) {
      const scope = scopeOf(claim, name);
      had.set(name, Math.max(had.get(name) ?? 0, reached.get(scope) ?? 0));
    }
    waiting.add(claim);
  }

  #first({ waiting, had }: Queue, newcomer?: Claim): Claim | undefined {
    const hadBy = (name: string) => had.get(name) ?? -1;
    const among =
      newcomer === undefined || waiting.has(newcomer) ? waiting : [...waiting, newcomer];
    let first: Claim | undefined;
    for (const each of among) {
      if (first === undefined) {
        first = each;
        continue;
      }
      const difference =
        hadBy(workspaceName(each)) - hadBy(workspaceName(first)) ||
        hadBy(flowName(each)) - hadBy(flowName(first));
      if (difference < 0) first = each;
    }
    return first;
  }

  #count(claim: Claim, images: number): void {
    const share = images / (this.#weights[claim.workspace] ?? 1);
    for (const key of this.#keysOf(claim)) {
      const queue = this.#queues.get(key);
      if (queue === undefined) continue;
      for (const [name, units] of [
        [workspaceName(claim), share],
        [flowName(claim), images],
      ] as const) {
        const before = queue.had.get(name) ?? queue.reached.get(scopeOf(claim, name)) ?? 0;
        queue.reached.set(scopeOf(claim, name), before);
        queue.had.set(name, before + units);
      }
    }
  }

  #callNext(key: string): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    const next = this.#first(queue);
    if (next === undefined) this.#queues.delete(key);
    else next.wake();
  }

  #approachOf(lane: string): Approach {
    const known = this.#approaches.get(lane);
    if (known !== undefined) return known;
    const begun: Approach = { inFlight: 0, careful: FIRST_UNLEARNED, unlearned: true };
    this.#approaches.set(lane, begun);
    return begun;
  }
}

function approachKey(lane: string): string {
  return `unlearned ${lane}`;
}

/** Among whom a workspace, or a flow, takes turns. */
function scopeOf(claim: Claim, name: string): string {
  return name === workspaceName(claim) ? 'all' : workspaceName(claim);
}

function workspaceName({ workspace }: Claim): string {
  return `workspace ${workspace}`;
}

function flowName({ workspace, flow }: Claim): string {
  return `flow ${workspace} ${flow}`;
}
