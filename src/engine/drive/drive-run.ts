/** Works on one run from where it stands to where nothing more can be done in it now. */
import type { Obstacle } from '../core/admission.ts';
import type { Catalog } from '../core/catalog.ts';
import type { ItemCounts } from '../core/outcome.ts';
import { targetOf } from './delivery.ts';
import { type DeliveryWork, StayInStore } from './delivery-work.ts';
import { DeliveryQueue, type DeliveryDeps } from './delivery-queue.ts';
import type { DriveOptions } from '../engine-types.ts';
import { ProgressTeller } from './progress-teller.ts';
import { takeOpenAttempts } from './recover.ts';
import { RunAftermath } from './run-aftermath.ts';
import { type BundleWork } from '../bundle/bundle-work.ts';
import { continueBundle, runBundle } from '../bundle/run-bundle.ts';
import { BatchLanes } from './batch-lanes.ts';
import { bindRunLanes } from './bind-run-lanes.ts';
import type { LaneBinding } from './run-lanes.ts';
import {
  continueRequest,
  type RequestDeps,
  type RequestEnd,
  runRequest,
} from '../request/run-request.ts';
import { RunAsks, type RunAsksDeps } from './run-asks.ts';
import type { RoomNews, RoomWatch } from './room-news.ts';
import { RunCounts } from './run-counts.ts';
import { type RunEnd, runEnd, type Stop, stopAsked } from './run-end.ts';
import type { ManyLane, ScheduledLane, ScheduleEnd, SingleLane } from './scheduled-lane.ts';
import { type OnEnd, Scheduler } from './scheduler.ts';
import { mayHaveHands, RunHands } from './run-hands.ts';
import type { AttemptTicket, Fenced, StoredRun } from '../store/store.ts';
import type { Turns } from './turns.ts';
import type { WorkerLease } from './worker-lease.ts';

export interface DriveDeps extends RequestDeps, DeliveryDeps, LaneBinding, RunAsksDeps {
  readonly catalog: Catalog;
  readonly lease: Pick<WorkerLease, 'isAlive' | 'fence'>;
  /** Something of the run has changed; `isOver`: nothing more is done in it now. */
  readonly onChange?: (runId: string, isOver: boolean) => void;
  /** Shared by all runs that this process drives. */
  readonly turns: Turns;
  readonly room: RoomNews;
}

/**
 * Drives a run that this worker has claimed. It leaves the run in the state that it ended in; `fenced`: it is another
 * worker's now, who goes on with it.
 */
export async function driveRun(
  deps: DriveDeps,
  run: StoredRun,
  options: DriveOptions,
): Promise<Fenced> {
  const drive = new Drive(deps, run, options);
  return drive.run();
}

class Drive {
  readonly #deps: DriveDeps;
  readonly #run: StoredRun;
  readonly #options: DriveOptions;
  readonly #delivery: DeliveryWork;
  readonly #startedAt: number;
  readonly #counts = new RunCounts();
  readonly #teller: ProgressTeller | undefined;
  #scheduler!: Scheduler;
  #room!: RoomWatch;
  #aftermath!: RunAftermath;
  #stop: Stop | undefined;
  #waits: Readonly<Record<string, Obstacle>> = {};
  #unreachable: Readonly<Record<string, string>> = {};
  /** Another process may be waiting for a slot that an end of ours frees. */
  #sharesSlots = false;
  #batches!: BatchLanes;
  #lanes: readonly ScheduledLane[] = [];
  #hasBundles = false;

  constructor(deps: DriveDeps, run: StoredRun, options: DriveOptions) {
    this.#deps = deps;
    this.#run = run;
    this.#options = options;
    this.#startedAt = deps.clock.now();
    const onDelivered = () => this.#progress();
    this.#delivery =
      run.settings.deliver === 'none'
        ? new StayInStore(onDelivered)
        : new DeliveryQueue(deps, targetOf(run), onDelivered);
    const { onProgress } = options;
    this.#teller = onProgress && new ProgressTeller(deps.store, run.id, onProgress);
  }

  async run(): Promise<Fenced> {
    const { store, clock, workerId } = this.#deps;
    using hands = mayHaveHands(this.#run) ? this.#openHands() : undefined;
    await hands?.begin();
    this.#counts.set(await store.counts(this.#run.id));
    const open = await takeOpenAttempts(this.#deps, this.#run.id);
    const { lanes, batchLanes, unreachable } = await bindRunLanes(this.#deps, this.#run, open);
    this.#batches = new BatchLanes(this.#deps, this.#run, batchLanes, {
      onLeft: (left) => this.#scheduler.close(left),
      onMoved: () => this.#scheduler.notify(),
      onDefect: (error) => this.#scheduler.fail(error),
      onNotice: (text) => this.#options.onNotice?.(text),
    });
    this.#unreachable = unreachable;
    const accounts = new Map(lanes.map(({ name, lane }) => [name, lane.account]));
    const parts = { counts: this.#counts, delivery: this.#delivery, accounts };
    this.#aftermath = new RunAftermath(this.#deps, this.#run, parts, {
      onNotice: (text) => this.#options.onNotice?.(text),
      onMore: () => this.#scheduler.notify(),
      onStop: (stop) => this.#stopFor(stop),
    });
    await this.#aftermath.load();
    this.#scheduler = new Scheduler({
      store,
      clock,
      workerId,
      runId: this.#run.id,
      turns: this.#deps.turns,
      workspace: this.#run.workspace,
      flow: this.#run.origin === 'request' ? 'requests' : this.#run.id,
      lanes,
      send: (lane, ticket, admittedAt) => this.#send(lane, ticket, admittedAt),
      sendBundle: (lane, tickets, admittedAt, onEnd) => {
        for (const { indexes } of tickets) this.#counts.move('waiting', 'sent', indexes.length);
        this.#progress();
        return runBundle(this.#bundleWork(lane, onEnd), tickets, admittedAt);
      },
      onEnd: (ticket, end) => this.#onEnd(ticket, end),
      ...(this.#run.plan?.references && {
        makeReady: (lane, most) => this.#deps.references.makeReady(this.#run.id, lane, most),
      }),
      onWaits: (waits) => this.#onWaits(waits),
      ...(hands && { areOthersAtWork: async () => this.#waitsForHands && hands.areAtWork() }),
    });
    this.#hasBundles = lanes.some(({ bundle }) => bundle !== undefined);
    this.#sharesSlots = lanes.some(({ limits }) => limits.some(({ kind }) => kind === 'slots'));
    this.#lanes = lanes;
    this.#adoptAll(open);
    hands?.listen();
    using room = this.#deps.room.watch(() => this.#scheduler.notify());
    this.#room = room;
    using asks = new RunAsks(this.#deps, this.#run.id, (asked) => this.#onLook(asked));
    const onDrain = () => this.#stopFor({ reason: 'interrupted' });
    this.#options.drain?.addEventListener('abort', onDrain);
    try {
      if (this.#options.cancels) this.#stopFor({ reason: 'cancelled' });
      if (this.#options.drain?.aborted) onDrain();
      // Somebody may have asked between the claim of the run and now.
      await asks.look();
      await this.#aftermath.lookAtDisk();
      await this.#delivery.open();
      this.#aftermath.stopOnTrouble();
      await this.#batches.keepDeadline();
      // Whoever could lend a hand finds the run running now.
      if (hands !== undefined) this.#deps.signals.notify('hands');
      const [end] = await Promise.all([this.#scheduler.run(), this.#delivery.start()]);
      await this.#aftermath.finish();
      await this.#delivery.finish();
      return await this.#conclude(end);
    } finally {
      this.#batches.leaveAtVendor();
      await this.#scheduler.settle();
      await this.#batches.settle();
      // Whatever broke, nothing of this run may still be at work when its store is closed.
      await this.#delivery.settle();
      this.#options.drain?.removeEventListener('abort', onDrain);
    }
  }

  #openHands(): RunHands {
    return new RunHands(this.#deps, this.#run.id, {
      onNews: async (news) => {
        await this.#aftermath.told(news);
        this.#progress();
      },
      onTaken: (tickets) => this.#adoptAll(tickets),
      onDefect: (error) => this.#scheduler.fail(error),
    });
  }

  /** A process that is told to stop leaves them to whoever owns the run next. */
  get #waitsForHands(): boolean {
    return this.#stop?.reason !== 'interrupted';
  }

  #adoptAll(open: readonly AttemptTicket[]): void {
    const lanes = this.#lanes;
    const single = open.filter(({ bundleId }) => bundleId === undefined);
    for (const ticket of single) this.#adopt(ticket);
    const travelling = open.filter(({ bundleId }) => bundleId !== undefined);
    for (const tickets of Map.groupBy(travelling, ({ bundleId }) => bundleId).values()) {
      const lane = lanes.find(({ name }) => name === tickets[0]!.lane);
      if (lane?.bundle === undefined) continue;
      this.#scheduler.adoptBundle(lane.name, (onEnd) =>
        continueBundle(this.#bundleWork(lane, onEnd), tickets),
      );
    }
  }

  #adopt(ticket: AttemptTicket): void {
    const lane = this.#lanes.find(({ name }) => name === ticket.lane);
    if (lane === undefined || lane.bundle !== undefined) return;
    // An unknown outcome that nobody can ask about stays as it is.
    if (ticket.state === 'unknown' && ticket.ref === undefined && lane.lane.find === undefined) {
      return;
    }
    this.#scheduler.adopt(lane.name, ticket, () => continueRequest(this.#deps, lane, ticket));
  }

  #bundleWork(lane: ManyLane, onEnd: OnEnd): BundleWork {
    return {
      deps: this.#deps,
      lane,
      onEnd,
      ...this.#batches.signals,
    };
  }

  async #send(lane: SingleLane, ticket: AttemptTicket, admittedAt: number): Promise<RequestEnd> {
    this.#counts.move('waiting', 'sent', ticket.indexes.length);
    this.#progress();
    return runRequest(this.#deps, lane, ticket, admittedAt);
  }

  async #onEnd(ticket: AttemptTicket, end: RequestEnd): Promise<void> {
    if (end.kind === 'stop-lane') {
      this.#options.onNotice?.(`${ticket.lane} is stopped: ${end.reason}`);
    }
    await this.#aftermath.ended(ticket, end);
    if (end.kind === 'returned' || end.kind === 'stop-lane') {
      await this.#batches.returned(ticket.lane);
    }
    if (this.#sharesSlots) this.#deps.room.freed();
    this.#progress();
  }

  #onLook(asked: StoredRun['asked']): void {
    if (asked === 'pause') this.#stopFor({ reason: 'paused' });
    if (asked === 'cancel') this.#stopFor({ reason: 'cancelled' });
    this.#scheduler.notify();
  }

  #stopFor(stop: Stop): void {
    if (this.#stop === undefined && stop.text !== undefined) this.#options.onNotice?.(stop.text);
    // What is asked of a run that stops for something else holds when it has stopped: see `#conclude`.
    this.#stop ??= stop;
    // A cancelled run asks the vendor to stop as well, and takes what is made already.
    if (stop.reason === 'cancelled') this.#batches.cancel();
    else this.#batches.leaveAtVendor();
    this.#delivery.leave();
    this.#scheduler.drain();
  }

  async #onWaits(waits: Readonly<Record<string, Obstacle>>): Promise<void> {
    this.#waits = waits;
    this.#room.waits(waits);
    await this.#deps.store.setWaits(this.#run.id, this.#deps.workerId, waits);
    this.#progress();
  }

  /** Writes down how it ended, and gives the run up. */
  async #conclude(end: ScheduleEnd): Promise<Fenced> {
    const { store } = this.#deps;
    // Another worker goes on with it, or this one does under a new name.
    if (end.fenced) return 'fenced';
    const asked = (await store.findRun(this.#run.id))?.asked;
    this.#stop = stopAsked(this.#stop, asked);
    if (this.#stop?.reason === 'cancelled') await store.cancelWaiting(this.#run.id);
    const counts = await store.counts(this.#run.id);
    const { state, reason, text } = await this.#endOf(end, counts, asked);
    const changed = await store.changeRun(this.#run.id, {
      state,
      workerId: this.#deps.workerId,
      release: true,
      ...(reason && { reason }),
      ...(text !== undefined && { reasonText: text }),
    });
    this.#counts.set(counts);
    this.#progress(true);
    return changed;
  }

  async #endOf(
    schedule: ScheduleEnd,
    counts: ItemCounts,
    asked: StoredRun['asked'],
  ): Promise<RunEnd> {
    const inProof = this.#run.phase === 'proof';
    return runEnd({
      stop: this.#stop,
      isResumed: this.#stop?.reason === 'paused' && asked === undefined,
      counts,
      schedule,
      deliveryTrouble: this.#delivery.trouble?.message,
      hasLeft: this.#delivery.hasLeft,
      isProofOver: inProof && (await this.#deps.store.proofOpen(this.#run.id)) === 0,
      unreachable: this.#unreachable,
    });
  }

  #progress(isOver = false): void {
    this.#deps.onChange?.(this.#run.id, isOver);
    this.#teller?.tell(this.#hasBundles, () => ({
      items: { ...this.#counts.items },
      waits: this.#waits,
      inFlight: this.#scheduler.inFlight,
      deliveredNow: this.#delivery.delivered,
      finishing: this.#delivery.finishing,
      startedAt: this.#startedAt,
      now: this.#deps.clock.now(),
    }));
  }
}
