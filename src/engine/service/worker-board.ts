/** The processes on the store as people look at them: how each stands, what it takes, and what nobody takes. */
import type { Clock } from '../core/clock.ts';
import { type BoardStanding, type ByWorkerKind, WORKER_STANDINGS } from '../core/worker-board.ts';
import { WORKER_KINDS, type WorkerKind, type WorkerLoad } from '../core/worker.ts';
import type { WorkerLease } from '../drive/worker-lease.ts';
import type { Processes } from '../ports/processes.ts';
import type { RegisteredWorker, Store } from '../store/store.ts';
import { Remembered } from './remembered.ts';
import { skillsIn, vendorsIn } from './worker-words.ts';

/** Of processes that ended without a word the newest are shown. */
const MOST_GONE = 20;
/** Runs whose owners are looked for, and those named of one process. */
const MOST_OWNED = 2_000;
const MOST_NAMED = 20;
/** Nobody renews so late, also after a night in which the database was away. */
const LONG_GONE_MS = 12 * 3_600_000;
/** Of one that has said nothing yet. */
const NO_LOAD: WorkerLoad = {
  runs: 0,
  hands: 0,
  inFlight: 0,
  finishing: 0,
  ended: 0,
  finished: 0,
};

export interface WorkerBoardDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly lease: Pick<WorkerLease, 'standing' | 'leaseMs'>;
  readonly imagesPlace?: string;
}

export interface BoardWorker {
  readonly id: string;
  readonly standing: BoardStanding;
  readonly host: string;
  readonly pid: number;
  /** Absent for what told nothing of itself: older versions, other programs of ours. */
  readonly version?: string;
  /** What it takes of the shared work. */
  readonly kinds: readonly WorkerKind[];
  readonly vendors: readonly string[];
  readonly skills: readonly string[];
  /** Whether it reads and writes the same images as this process; only then they can share a run. */
  readonly hasSameImages: boolean;
  readonly startedAt?: number;
  /** When it was heard of last, if its lease is as long as ours. */
  readonly seenAt: number;
  readonly drainingAt?: number;
  readonly endedAt?: number;
  /** As it said when it was heard of last. */
  readonly load: WorkerLoad;
  /** Runs that it owns, the oldest first, a bounded number of them. */
  readonly runs: readonly string[];
}

/** Over all that work or drain. */
export interface WorkerFigures {
  readonly standings: Readonly<Record<BoardStanding, number>>;
  /** How many take each kind of work up. */
  readonly taking: ByWorkerKind;
  readonly load: WorkerLoad;
}

export interface UntakenWork {
  readonly work: ByWorkerKind;
  /** Kinds of which there is work, and nobody who takes it. */
  readonly kinds: readonly WorkerKind[];
}

export class WorkerBoard {
  readonly #deps: WorkerBoardDeps;
  readonly #known: Remembered<readonly BoardWorker[]>;

  constructor(deps: WorkerBoardDeps) {
    this.#deps = deps;
    this.#known = new Remembered(deps.clock);
  }

  /** Those that work first; the first that started first. */
  list(): Promise<readonly BoardWorker[]> {
    return this.#known.get('workers', () => this.#look());
  }

  async figures(): Promise<WorkerFigures> {
    return figuresOf(await this.list());
  }

  /** `workspace`: of its runs and jobs only. */
  async untaken(workspace?: string): Promise<UntakenWork> {
    const work = await this.#deps.store.untakenWork(workspace);
    const { taking } = await this.figures();
    return { work, kinds: WORKER_KINDS.filter((kind) => work[kind] > 0 && taking[kind] === 0) };
  }

  async #look(): Promise<readonly BoardWorker[]> {
    const { store } = this.#deps;
    const now = await store.now();
    const owned = Map.groupBy(await store.ownedRuns(MOST_OWNED), ({ workerId }) => workerId);
    const found: BoardWorker[] = [];
    for (const worker of await store.registeredWorkers()) {
      const standing = await this.#standingOf(worker, now);
      const runs = (owned.get(worker.id) ?? []).slice(0, MOST_NAMED).map(({ runId }) => runId);
      found.push(this.#shown(worker, { standing, runs, now }));
    }
    return inOrder(found);
  }

  async #standingOf(worker: RegisteredWorker, now: number): Promise<BoardStanding> {
    const { lease, processes } = this.#deps;
    const { leaseUntil, endedAt, drainingAt } = worker;
    if (endedAt !== undefined || leaseUntil < now - LONG_GONE_MS) return 'gone';
    if (processes.look(worker) === 'dead') return 'gone';
    const standing = leaseUntil > now ? 'alive' : await lease.standing(worker);
    if (standing !== 'alive') return standing;
    return drainingAt === undefined ? 'working' : 'draining';
  }

  #shown(
    worker: RegisteredWorker,
    { standing, runs, now }: Pick<BoardWorker, 'standing' | 'runs'> & { readonly now: number },
  ): BoardWorker {
    const { lease, imagesPlace } = this.#deps;
    const { id, host, pid, facts, startedAt, drainingAt, endedAt, leaseUntil, load } = worker;
    const capabilities = facts?.capabilities ?? [];
    const renewedAt = Math.min(now, leaseUntil - lease.leaseMs);
    return {
      id,
      standing,
      // Behind the name stands the machine's boot.
      host: host.split('/')[0]!,
      pid,
      ...(facts && { version: facts.version }),
      kinds: facts?.kinds ?? [],
      vendors: vendorsIn(capabilities),
      skills: skillsIn(capabilities),
      hasSameImages: facts !== undefined && facts.imagesPlace === imagesPlace,
      ...(startedAt !== undefined && { startedAt }),
      seenAt: Math.max(startedAt ?? 0, renewedAt),
      ...(drainingAt !== undefined && { drainingAt }),
      ...(endedAt !== undefined && { endedAt }),
      load: load ?? NO_LOAD,
      runs,
    };
  }
}

export function figuresOf(workers: readonly BoardWorker[]): WorkerFigures {
  const living = workers.filter(
    ({ standing }) => standing === 'working' || standing === 'draining',
  );
  const of = (standing: BoardStanding) => workers.filter((each) => each.standing === standing);
  const sum = (figure: keyof WorkerLoad) =>
    living.reduce((total, { load }) => total + load[figure], 0);
  const taking = (kind: WorkerKind) =>
    workers.filter(({ standing, kinds }) => standing === 'working' && kinds.includes(kind)).length;
  return {
    standings: {
      working: of('working').length,
      draining: of('draining').length,
      lapsed: of('lapsed').length,
      gone: of('gone').length,
    },
    taking: { runs: taking('runs'), finishing: taking('finishing'), jobs: taking('jobs') },
    load: {
      runs: sum('runs'),
      hands: sum('hands'),
      inFlight: sum('inFlight'),
      finishing: sum('finishing'),
      ended: sum('ended'),
      finished: sum('finished'),
    },
  };
}

function inOrder(workers: readonly BoardWorker[]): BoardWorker[] {
  const byStart = workers.toSorted((one, other) => (one.startedAt ?? 0) - (other.startedAt ?? 0));
  const of = (wanted: BoardStanding) => byStart.filter(({ standing }) => standing === wanted);
  return WORKER_STANDINGS.flatMap((standing) =>
    standing === 'gone' ? of(standing).toReversed().slice(0, MOST_GONE) : of(standing),
  );
}
