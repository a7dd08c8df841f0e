/**
 * What next, and when to wake. The scheduler asks the store to admit requests lane by lane; what is
 * admitted is sent at once, what is not has said what it waits for, and the scheduler sleeps until
 * that very moment or until something ends. It never asks again in between.
 */
import type { Obstacle } from '../core/admission.ts';
import type { Clock } from '../core/clock.ts';
import { workspaceLimitKey } from '../core/limit.ts';
import type { RequestEnd } from '../request/end-request.ts';
import {
  beginLane,
  isHopeful,
  isOpen,
  looksAgain,
  type LaneState,
  type ManyLane,
  type ScheduledLane,
  type ScheduleEnd,
  scheduleEnd,
  type SingleLane,
  waitsOf,
} from './scheduled-lane.ts';
import type { AdmitAnswer, AttemptTicket, Store } from '../store/store.ts';
import type { Turns } from './turns.ts';
import { waitForWake } from './wait-for-wake.ts';

/** Told of each request of a bundle that has ended. */
export type OnEnd = (ticket: AttemptTicket, end: RequestEnd) => Promise<void>;

export interface SchedulerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly workerId: string;
  readonly runId: string;
  /** Beside which other runs of this process it waits, and as whose. */
  readonly turns: Turns;
  readonly workspace: string;
  readonly flow: string;
  readonly lanes: readonly ScheduledLane[];
  readonly send: (
    lane: SingleLane,
    ticket: AttemptTicket,
    admittedAt: number,
  ) => Promise<RequestEnd>;
  readonly sendBundle: (
    lane: ManyLane,
    tickets: readonly AttemptTicket[],
    admittedAt: number,
    onEnd: OnEnd,
  ) => Promise<void>;
  /** Called after each request that ended; may stop the schedule. */
  readonly onEnd: (ticket: AttemptTicket, end: RequestEnd) => Promise<void>;
  /** Prepares the references of a lane's next requests: what is granted must be sent at once. */
  readonly makeReady?: (lane: ScheduledLane, most: number) => Promise<void>;
  /** Called when what a lane waits for has changed. */
  readonly onWaits: (waits: Readonly<Record<string, Obstacle>>) => Promise<void>;
  /** Whether other workers still send requests of the run: what they give back waits again. */
  readonly areOthersAtWork?: () => Promise<boolean>;
}

/** Requests admitted in one transaction: more would hold the lock for long. */
const MOST_AT_ONCE = 16;
/** How long a raised ceiling is not noticed. Asking writes nothing. */
const CEILING_LOOK_MS = 10_000;
/** Others that only end tell it; one that died does not. */
const OTHERS_LOOK_MS = 2_000;

export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #lanes: LaneState[];
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #draining = false;
  #isFenced = false;
  #inFlight = 0;
  /** How often something was put to waiting, or may have been. */
  #news = 0;
  #broken: unknown;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
    this.#lanes = deps.lanes.map((lane) => this.#begin(lane));
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Admits nothing more; `run()` returns when what is in flight has ended. */
  drain(): void {
    this.#draining = true;
    for (const { claim } of this.#lanes) this.#deps.turns.leave(claim);
    this.#notify();
  }

  /** Admits nothing more; resolves when nothing is in flight, whatever has broken. */
  async settle(): Promise<void> {
    this.drain();
    while (this.#inFlight > 0) await this.#wake.promise;
  }

  /** Admits nothing more on these lanes; what is in flight there goes on. */
  close(laneNames: readonly string[]): void {
    for (const state of this.#lanes) state.closed ||= laneNames.includes(state.lane.name);
    this.#notify();
  }

  /** A defect beside the scheduling: `run()` throws it once nothing is in flight. */
  fail(error: unknown): void {
    this.#broken ??= error;
    this.#notify();
  }

  /** Something changed outside: what waits for an event (a slot, other work) looks again now. */
  notify(): void {
    this.#news += 1;
    for (const state of this.#lanes) {
      state.empty = false;
      looksAgain(state);
    }
    this.#notify();
  }

  /** Carries an attempt that is under way already (found at a restart) together with the others. */
  adopt(laneName: string, ticket: AttemptTicket, work: () => Promise<RequestEnd>): void {
    const state = this.#lanes.find(({ lane }) => lane.name === laneName);
    if (state === undefined) return;
    this.#start(state, async () => this.#onEnd(state, ticket, await work()));
  }

  /** The same for a bundle. */
  adoptBundle(laneName: string, work: (onEnd: OnEnd) => Promise<void>): void {
    const state = this.#lanes.find(({ lane }) => lane.name === laneName);
    if (state === undefined) return;
    this.#start(state, () => work((ticket, end) => this.#onEnd(state, ticket, end)));
  }

  /** Runs until nothing can be sent any more and nothing is in flight. */
  async run(): Promise<ScheduleEnd> {
    for (;;) {
      const wake = this.#wake.promise;
      if (!this.#draining) await this.#admitAll().catch((error: unknown) => this.fail(error));
      if (this.#broken !== undefined) break;
      if (this.#inFlight > 0 || this.#isHopeful) await this.#sleep(wake);
      else if (!(await this.#waitForOthers(wake))) break;
    }
    // A defect of ours or of the store ends the run once nothing is in flight.
    await this.settle();
    if (this.#broken !== undefined) throw this.#broken;
    return { ...scheduleEnd(this.#lanes), ...(this.#isFenced && { fenced: true }) };
  }

  get #isHopeful(): boolean {
    return !this.#draining && this.#lanes.some(isHopeful);
  }

  async #waitForOthers(wake: Promise<void>): Promise<boolean> {
    const { areOthersAtWork, clock } = this.#deps;
    const areAtWork = this.#isFenced ? false : await areOthersAtWork?.();
    // Looking may have brought something to do.
    if (this.#inFlight > 0 || this.#isHopeful) return true;
    if (areAtWork !== true) return false;
    await waitForWake(clock, wake, OTHERS_LOOK_MS);
    return true;
  }

  async #admitAll(): Promise<void> {
    const before = waitsOf(this.#lanes);
    for (const state of this.#lanes) await this.#admitLane(state);
    const after = waitsOf(this.#lanes);
    if (JSON.stringify(before) !== JSON.stringify(after)) await this.#deps.onWaits(after);
  }

  #begin(lane: ScheduledLane): LaneState {
    const { workspace, flow } = this.#deps;
    const account = `${lane.name} by ${lane.lane.account}`;
    const wake = () => {
      state.wakeAt = 0;
      this.#notify();
    };
    const state = beginLane(lane, { workspace, flow, lane: account, limits: lane.limits, wake });
    return state;
  }

  async #admitLane(state: LaneState): Promise<void> {
    while (!this.#draining && this.#mayAsk(state)) {
      const { store, clock, runId, workerId } = this.#deps;
      const admittedAt = clock.now();
      const { lane } = state;
      if (!this.#isReady(state)) return this.#deps.turns.leave(state.claim);
      const room = this.#turnOf(state);
      if (room === 0) return;
      const news = this.#news;
      const answer = await store.admit({
        runId,
        workerId,
        lane: lane.name,
        account: lane.lane.account,
        limits: lane.limits,
        most: state.hasSent ? Math.min(MOST_AT_ONCE, this.#free(state), room) : 1,
        longestCallMs: lane.longestCallMs,
        ...(lane.bundle !== undefined && { bundle: lane.bundle }),
      });
      this.#learn(state, answer);
      // What was put to waiting meanwhile, the answer may not know.
      if (news !== this.#news) state.empty = false;
      if (answer.granted.length === 0) return;
      this.#sendAll(state, answer.granted, admittedAt + answer.waitedMs);
      state.hasSent = true;
      // Its sockets open before the next admission takes the thread: a late sending arrives outside its window.
      await clock.sleep(0);
    }
  }

  /** What is not ready is made so on the side, while the other lanes go on. */
  #isReady(state: LaneState): boolean {
    const { lane, readiness } = state;
    const { makeReady } = this.#deps;
    if (makeReady === undefined) return true;
    state.readiness = readiness === 'ready' ? 'unknown' : 'under-way';
    if (readiness === 'ready') return true;
    const most = lane.bundle?.mostRequests ?? Math.min(MOST_AT_ONCE, this.#free(state));
    // What goes wrong comes up again, in words, when the request is sent.
    void makeReady(lane, most)
      .catch(() => undefined)
      .finally(() => {
        state.readiness = 'ready';
        this.#notify();
      });
    return false;
  }

  #sendAll(state: LaneState, tickets: readonly AttemptTicket[], admittedAt: number): void {
    const { lane } = state;
    if (lane.bundle !== undefined) {
      const onEnd: OnEnd = (ticket, end) => this.#onEnd(state, ticket, end);
      this.#start(state, () => this.#deps.sendBundle(lane, tickets, admittedAt, onEnd));
      return;
    }
    for (const ticket of tickets) {
      this.#start(state, async () =>
        this.#onEnd(state, ticket, await this.#deps.send(lane, ticket, admittedAt)),
      );
    }
  }

  /** A lane that could use nothing now keeps no place in a queue. */
  #mayAsk(state: LaneState): boolean {
    const isAble = isOpen(state) && this.#free(state) > 0 && state.readiness !== 'under-way';
    if (!isAble) this.#deps.turns.leave(state.claim);
    return isAble && state.wakeAt <= this.#deps.clock.now();
  }

  #free(state: LaneState): number {
    return state.lane.concurrency - state.inFlight;
  }

  /** How many may be asked for; 0: it is woken when its turn comes. */
  #turnOf(state: LaneState): number {
    const room = this.#deps.turns.mayAsk(state.claim, state.lane.concurrencyUnlearned);
    if (room > 0) return room;
    state.obstacle ??= this.#deps.turns.obstacleOf(state.claim);
    state.wakeAt = Infinity;
    return 0;
  }

  #learn(state: LaneState, answer: AdmitAnswer): void {
    if (answer.fenced) {
      this.#isFenced = true;
      this.drain();
    }
    const images = answer.granted.reduce((sum, { indexes }) => sum + indexes.length, 0);
    this.#deps.turns.answered(state.claim, { ...answer, images });
    state.obstacle = answer.obstacle;
    state.budget = answer.budget;
    state.budgetOf = answer.budgetOf;
    state.empty = answer.empty;
    state.wakeAt = 0;
    if (answer.granted.length > 0) return;
    if (answer.budget !== undefined) state.wakeAt = Infinity;
    const { obstacle } = answer;
    if (obstacle === undefined) return;
    // What has no time of its own ends by an event: `notify`.
    state.wakeAt =
      obstacle.until === undefined
        ? Infinity
        : this.#deps.clock.now() + this.#waitMs(obstacle, obstacle.until - answer.now);
  }

  /** A ceiling is raised by what is bought, or by hand, by any process: it is looked at again before its time. */
  #waitMs({ limit }: Obstacle, untilMs: number): number {
    const isCeiling = limit === workspaceLimitKey(this.#deps.workspace);
    return Math.max(0, isCeiling ? Math.min(untilMs, CEILING_LOOK_MS) : untilMs);
  }

  #start(state: LaneState, work: () => Promise<void>): void {
    state.inFlight += 1;
    this.#inFlight += 1;
    this.#deps.turns.began(state.claim);
    void work()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        state.inFlight -= 1;
        this.#inFlight -= 1;
        this.#deps.turns.ended(state.claim);
        this.#notify();
      });
  }

  async #onEnd(state: LaneState, ticket: AttemptTicket, end: RequestEnd): Promise<void> {
    this.#adjust(state, end);
    await this.#deps.onEnd(ticket, end);
    // An end frees slots and money, or puts a request back: every lane may have room now.
    for (const other of this.#lanes) looksAgain(other);
    if (end.kind === 'returned') state.wakeAt = 0;
    // What has its outcome waits no more.
    if (end.kind !== 'settled') {
      this.#news += 1;
      state.empty = false;
    }
    this.#notify();
  }

  #adjust(state: LaneState, end: RequestEnd): void {
    const { turns } = this.#deps;
    const most = state.lane.concurrencyUnlearned;
    if (end.kind === 'settled') turns.adjust(state.claim, 'passed', most);
    if (end.kind === 'returned' && end.limited) turns.adjust(state.claim, 'limited', most);
    if (end.kind === 'stop-lane') state.stopped = end.reason;
  }

  async #sleep(wake: Promise<void>): Promise<void> {
    const now = this.#deps.clock.now();
    const wakeAt = this.#draining
      ? Infinity
      : Math.min(...this.#lanes.filter((state) => this.#waitsForTime(state)).map((s) => s.wakeAt));
    await waitForWake(this.#deps.clock, wake, wakeAt - now);
  }

  #waitsForTime(state: LaneState): boolean {
    if (state.readiness === 'under-way' || this.#free(state) <= 0) return false;
    return isOpen(state);
  }

  #notify(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
  }
}
