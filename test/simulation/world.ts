/**
 * A whole world for the engine on a virtual clock: simulated vendors with their bills, a store that
 * outlives every kill, and processes that can be killed after any durable write or any sending. The
 * same seed gives the same world.
 */
import { rmSync } from 'node:fs';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError, type StorageFault } from '../../src/engine/core/errors.ts';
import { seededRandom } from '../../src/engine/core/random.ts';
import type { Delivery } from '../../src/engine/drive/delivery.ts';
import type { EngineConfig, Engine } from '../../src/engine/engine-types.ts';
import { composeEngine, decisions } from '../../src/engine/engine.ts';
import type { Processes } from '../../src/engine/ports/processes.ts';
import type { Signals } from '../../src/engine/ports/signals.ts';
import type { BlobStore } from '../../src/engine/store/blob-store.ts';
import { openSqlite, type OpenDatabase } from '../../src/engine/store/sqlite.ts';
import { homeFolderFiles } from '../../src/engine/store/home-files.ts';
import { createSqlStore } from '../../src/engine/store/sql-store.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { checkPicture } from '../../src/engine/finish/check/check-picture.ts';
import { imageFinisher } from '../../src/engine/finish/finish-image.ts';
import { createScreener } from '../../src/engine/finish/screen/screener.ts';
import type { JsonObject } from '../../src/engine/vendors/own/configured-vendor.ts';
import {
  type Behaviour,
  createSimulators,
  SIMULATED_VENDORS,
  simulatedVendors,
  type SimulatedVendor,
  type Simulator,
  simulatedFetch,
} from '../../simulators/index.ts';
import { memoryBlobs } from '../support/memory-blobs.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { inspectPng } from './inspect-png.ts';

/** A model of a vendor that takes the prompts of many rows in one call, and refuses all for one. */
export const MANY_PROMPTS_MODEL = 'many-prompts-model';
const MANY_PROMPTS = {
  vendor: 'many-prompts',
  wire: 'painter-1',
  promptsPerRequest: 8,
  imagesPerRequest: 4,
  credits: 1,
  usd: 0.02,
};

/** Servers of one's own, for nothing. */
export const FORGE_MODEL = 'forge-model';
export const COMFY_MODEL = 'comfy-model';
const OWN = { credits: 0, usd: 0, seed: true, negativePrompt: true };
const WORKFLOW = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../examples/comfyui-workflow.json'), 'utf8'),
) as JsonObject;

export interface WorldOptions {
  readonly seed: number;
  readonly behaviours?: Partial<Record<SimulatedVendor, Behaviour>>;
  readonly config?: Partial<EngineConfig>;
  /** Turns of the event loop in which everything must have happened before time goes on. */
  readonly settleTurns?: number;
}

/** A process of the world: an engine whose ports die with it. */
export interface Life {
  readonly engine: Engine;
  /** Durable writes and sendings so far. */
  readonly events: () => number;
  readonly isDead: () => boolean;
  /** Nothing that the process does from now on has any effect. */
  kill(): void;
  /** Dies right after its n-th durable write or sending. */
  killAfter(events: number): void;
}

export class World implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulators: Readonly<Record<SimulatedVendor, Simulator>>;
  readonly folder = mkdtempSync(join(tmpdir(), 'imagemill-world-'));
  /** Files of the out folder: name → hash of the master. */
  readonly files = new Map<string, string>();
  /** Set while the out folder cannot be used. */
  outFolderFault: StorageFault | undefined;
  /** The database as an auditor sees it, over a connection of his own. */
  readonly audit: OpenDatabase;
  readonly #seed: number;
  readonly #config: Partial<EngineConfig>;
  readonly #blobs = memoryBlobs();
  readonly #listeners = new Set<() => void>();
  readonly #databases: OpenDatabase[] = [];
  #lives = 0;

  constructor({ seed, behaviours = {}, config = {}, settleTurns }: WorldOptions) {
    this.#seed = seed;
    this.#config = config;
    this.clock = new VirtualClock(settleTurns === undefined ? {} : { settleTurns });
    this.simulators = createSimulators((name) => ({
      clock: this.clock,
      seed,
      ...behaviours[name],
    }));
    this.audit = this.#open(() => {});
  }

  get blobs(): BlobStore {
    return this.#blobs;
  }

  /** Dollars that the vendors really charge. */
  get billedUsdMicros(): number {
    return Object.values(this.simulators).reduce((sum, { bill }) => sum + bill.usdMicros, 0);
  }

  get billedImages(): number {
    return Object.values(this.simulators).reduce((sum, { bill }) => sum + bill.images, 0);
  }

  /** Starts a process on the world's store. */
  async start(): Promise<Life> {
    this.#lives += 1;
    const life = new LifeState(this.#lives);
    const opened = this.#open(() => {
      if (life.dead) throw new Error('killed');
    });
    const store = await createSqlStore(opened, decisions);
    const engine = composeEngine({
      home: this.folder,
      config: {
        ...this.#config,
        configured: {
          'many-prompts': { kind: 'many-prompts', keyVariable: 'MANY_PROMPTS_API_KEY' },
          a1111: { kind: 'automatic1111', slots: 2 },
          comfyui: {
            kind: 'comfyui',
            slots: 2,
            workflows: { '*': WORKFLOW },
            options: { steps: 4 },
          },
        },
        models: {
          [MANY_PROMPTS_MODEL]: MANY_PROMPTS,
          [FORGE_MODEL]: { ...OWN, vendor: 'a1111', wire: 'sd_xl_base_1.0.safetensors' },
          [COMFY_MODEL]: { ...OWN, vendor: 'comfyui', wire: 'flux1-dev-fp8.safetensors' },
        },
        vendors: Object.fromEntries(
          SIMULATED_VENDORS.map((name) => [name, account(name, this.#config)]),
        ),
      },
      clock: {
        now: () => this.clock.now(),
        sleep: (waitMs, signal) => life.hang(this.clock.sleep(waitMs, signal)),
      },
      random: seededRandom(this.#seed * 1_000 + this.#lives),
      fetch: this.#fetch(life),
      referenceFetch: this.#fetch(life),
      publicFetch: this.#fetch(life),
      store: dying(store, life),
      blobs: dying(this.#blobs, life),
      homeFiles: homeFolderFiles(),
      inspect: (bytes) => life.hang(Promise.resolve(inspectPng(bytes))),
      finisher: imageFinisher,
      checker: { check: (bytes) => checkPicture(bytes) },
      screener: createScreener([]),
      delivery: this.#delivery(life),
      processes: this.#processes(life),
      signals: this.#signals(life),
    });
    return {
      engine,
      events: () => life.events,
      isDead: () => life.dead,
      kill: () => life.kill(),
      killAfter: (events) => {
        life.killAt = events;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clock.settle();
    for (const { database } of this.#databases) await database.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #open(onBegin: () => void): OpenDatabase {
    const file = join(this.folder, 'imagemill.db');
    const opened = openSqlite(file, { clock: this.clock, flush: false, onBegin });
    this.#databases.push(opened);
    return opened;
  }

  #fetch(life: LifeState): typeof globalThis.fetch {
    const fetch = simulatedFetch(
      Object.fromEntries(
        SIMULATED_VENDORS.map((name) => [`http://${name}.simulated`, this.simulators[name]]),
      ),
    );
    return (input, init) => {
      if (life.dead) return life.never();
      // The request reaches the vendor, whatever becomes of the process that sent it.
      const answer = fetch(input, init);
      answer.catch(() => {});
      life.count();
      return life.hang(answer);
    };
  }

  #delivery(life: LifeState): Delivery {
    return {
      open: async () => {
        const fault = this.outFolderFault;
        if (fault !== undefined) throw new StorageError(fault, 'out');
        return life.hang(Promise.resolve('results.csv'));
      },
      setAside: async (_target, file) => life.hang(Promise.resolve(file)),
      isThere: async (_target, file) => life.hang(Promise.resolve(this.files.has(file))),
      image: async (_target, record) => {
        if (life.dead) return life.never();
        const place = record.canary === undefined ? record.index : `canary-${record.canary}`;
        const file = `${record.row.number}-${place}.png`;
        this.files.set(file, record.image!.hash);
        life.count();
        return life.hang(Promise.resolve({ file }));
      },
      results: async () => life.hang(Promise.resolve()),
      run: async (_target, entries) => {
        for await (const entry of entries()) void entry;
        return life.hang(Promise.resolve());
      },
    };
  }

  #processes(life: LifeState): Processes {
    return {
      self: { host: 'world', pid: life.number, incarnation: String(life.number) },
      look: (other) => (other.pid === this.#lives && !life.dead ? 'alive' : 'dead'),
    };
  }

  #signals(life: LifeState): Signals {
    return {
      notify: () => {
        if (life.dead) return;
        for (const listener of this.#listeners) listener();
      },
      subscribe: (listener) => {
        const heard = () => {
          if (!life.dead) listener();
        };
        this.#listeners.add(heard);
        return () => this.#listeners.delete(heard);
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }
}

class LifeState {
  readonly number: number;
  dead = false;
  events = 0;
  killAt = Infinity;

  constructor(number: number) {
    this.number = number;
  }

  kill(): void {
    this.dead = true;
  }

  count(): void {
    if (this.dead) return;
    this.events += 1;
    if (this.events >= this.killAt) this.dead = true;
  }

  never(): Promise<never> {
    return new Promise(() => {});
  }

  /** Passes a result on to the living; the dead never hear of it, nor of an error. */
  hang<Result>(work: Promise<Result>): Promise<Result> {
    return work.then(
      (result) => (this.dead ? this.never() : result),
      (error: unknown) => {
        if (this.dead) return this.never();
        throw error;
      },
    );
  }
}

/** Operations that change something durable: after each a process may die. */
const READS = new Set([
  'now',
  'findWorker',
  'findRun',
  'listRuns',
  'runOwning',
  'waitingLanes',
  'proofOpen',
  'openAttempts',
  'counts',
  'countRows',
  'countsByModel',
  'measuredAtEnd',
  'detailCurve',
  'longestStreak',
  'canaries',
  'flagCounts',
  'pricedRequests',
  'atRisk',
  'record',
  'gauges',
  'grants',
  'get',
  'has',
  'freeBytes',
]);

/** A port that works for the living, and for the dead neither answers nor does anything. */
function dying<Port extends Store | BlobStore>(port: Port, life: LifeState): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name === 'symbol') return member;
      return (...rest: unknown[]) => {
        if (life.dead) return life.never();
        const result: unknown = Reflect.apply(member, target, rest);
        if (!(result instanceof Promise)) return result;
        const counted = READS.has(name) ? result : result.then((value) => (life.count(), value));
        return life.hang(counted);
      };
    },
  });
}

function account(name: SimulatedVendor, config: Partial<EngineConfig>) {
  return {
    apiKey: `key-of-${name}`,
    baseUrl: `http://${name}.simulated${simulatedVendors[name].basePath}`,
    ...config.vendors?.[name],
  };
}
