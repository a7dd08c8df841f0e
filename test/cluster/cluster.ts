/**
 * Many machines in small: servers and workers as processes with a home of their own, a PostgreSQL and a bucket
 * that can fail, and simulated vendors that keep the only true bill. Knows no test runner.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SimulateOptions } from '../../simulators/simulate.ts';
import { type Client, createClient } from '../../src/api/client/index.ts';
import { type Random, seededRandom } from '../../src/engine/core/random.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import type { Database } from '../../src/engine/store/dialect.ts';
import { freePort } from './free-port.ts';
import { MillProcess } from './mill-process.ts';
import type { MortalPostgres } from './mortal-postgres.ts';
import { faultyS3, type FaultyS3 } from './s3-proxy.ts';
import { startVendors, type Vendors } from './vendors.ts';

/** Clients come again while nobody listens. */
const CLIENT_RETRIES = 60;
const REST_LOOK_MS = 150;

/** `gpt-image-2` cannot be asked what became of a call; `kling-v3` can. */
export type ClusterModel = 'gpt-image-2' | 'kling-v3';
export const VENDOR_OF = { 'gpt-image-2': 'openai', 'kling-v3': 'kling' } as const;

/**
 * What is told of OpenAI's limit, to both sides. A worker sends nothing that was admitted longer ago than a hundredth of
 * the window: a machine that is very busy needs a long one.
 */
export interface Window {
  readonly images: number;
  readonly windowMs: number;
}
const WINDOW: Window = { images: 60, windowMs: 60_000 };
export const SLOTS = 6;

/** After so long without a sign a process is taken for dead. A very busy machine needs a long one. */
const LEASE_SECONDS = 10;

export interface ClusterOptions {
  /** Empty; logs, homes and the bucket lie in it. */
  readonly folder: string;
  readonly seed: number;
  readonly postgres: MortalPostgres;
  readonly vendors?: SimulateOptions;
  /** The longest time of a call: after it an outcome is unknown, or looked up. Default: 60. */
  readonly longestSeconds?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly window?: Window;
  /** Default: 10. */
  readonly leaseSeconds?: number;
}

export interface MachineOptions {
  readonly skewMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly tree?: string;
  readonly home?: string;
}

export interface Payer {
  readonly workspace: string;
  readonly credits: number;
  /** Credits of its key. */
  readonly budget?: number;
}

export interface ClusterRun {
  readonly id: string;
  readonly workspace: string;
  readonly model: ClusterModel;
  readonly prompts: readonly string[];
}

export class Cluster {
  readonly options: ClusterOptions;
  readonly window: Window;
  readonly vendors: Vendors;
  readonly s3: FaultyS3;
  readonly random: Random;
  readonly machines: MillProcess[] = [];
  readonly runs: ClusterRun[] = [];
  readonly database: Database;
  readonly #name: string;
  readonly #secrets = new Map<string, string>();

  private constructor(options: ClusterOptions, name: string, vendors: Vendors, s3: FaultyS3) {
    this.options = options;
    this.window = options.window ?? WINDOW;
    this.vendors = vendors;
    this.s3 = s3;
    this.random = seededRandom(options.seed);
    this.#name = name;
    this.database = openPostgres(options.postgres.directUrl(name)).database;
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const { folder, seed, postgres, window = WINDOW } = options;
    mkdirSync(folder, { recursive: true });
    const name = `round_${seed}_${process.pid}_${Date.now()}`;
    await postgres.create(name);
    const vendors = await startVendors({ latencyMs: [50, 400], seed, ...options.vendors });
    await vendors.change('openai', {
      limits: { imagesPerMinute: window.images, windowMs: window.windowMs },
    });
    await vendors.change('kling', { limits: { slots: SLOTS } });
    const s3 = await faultyS3(folder, seededRandom(seed + 1));
    writeFileSync(join(folder, 'imagemill.yaml'), configText(options));
    return new Cluster(options, name, vendors, s3);
  }

  /** The database as processes reach it. */
  get databaseUrl(): string {
    return this.options.postgres.url(this.#name);
  }

  /** Begins a server; `untilReady()` waits for it. */
  async serve(name: string, options: MachineOptions = {}): Promise<MillProcess> {
    const port = await freePort();
    const words = ['serve', '--port', String(port), '--grace', '20'];
    return this.#begin(name, words, 'Ctrl-C stops it', options);
  }

  worker(name: string, options: MachineOptions = {}): MillProcess {
    const words = ['worker', '--grace', '20'];
    return this.#begin(name, words, 'Ctrl-C stops it', options);
  }

  #begin(
    name: string,
    words: readonly string[],
    ready: string,
    { environment, words: more = [], ...options }: MachineOptions,
  ): MillProcess {
    const { folder } = this.options;
    const machine = new MillProcess({
      name,
      folder,
      words: [...words, ...more],
      ready,
      environment: {
        ...this.vendors.environment,
        ...this.s3.environment,
        DATABASE_URL: this.databaseUrl,
        IMAGEMILL_CONFIG: join(folder, 'imagemill.yaml'),
        IMAGEMILL_LEASE: String(this.options.leaseSeconds ?? LEASE_SECONDS),
        ...this.options.environment,
        ...environment,
      },
      ...options,
    });
    this.machines.push(machine);
    machine.start();
    return machine;
  }

  /** Makes workspaces with credits and a key each. */
  async admitPayers(payers: readonly Payer[]): Promise<void> {
    await using engine = await createEngine({
      home: join(this.options.folder, 'clerk'),
      databaseUrl: this.options.postgres.directUrl(this.#name),
      config: { vendors: {} },
    });
    const { workspaces, credits: purse, keys } = engine.service;
    for (const { workspace, credits, budget } of payers) {
      await workspaces.create({ id: workspace, imagesPerHour: 'none' });
      const creditMicros = credits * 1e6;
      await purse.enter({ workspace, kind: 'grant', creditMicros, reason: 'test' });
      const { secret } = await keys.issue({
        workspace,
        name: 'test',
        role: 'member',
        ...(budget !== undefined && { budgetCreditMicros: budget * 1e6 }),
      });
      this.#secrets.set(workspace, secret);
    }
  }

  /** A client of a workspace, who asks whichever server there is. */
  client(workspace: string): Client {
    return createClient({
      baseUrl: 'http://service',
      apiKey: this.#secrets.get(workspace)!,
      retries: CLIENT_RETRIES,
      fetch: (address, init) =>
        fetch((address as string).replace('http://service', this.#anyServer()), init),
    });
  }

  #anyServer(): string {
    const servers = this.machines.filter(({ order }) => order.words[0] === 'serve');
    const { order } = servers.find(({ isRunning }) => isRunning) ?? servers[0]!;
    return `http://127.0.0.1:${order.words[order.words.indexOf('--port') + 1]}`;
  }

  /** Orders a run; the order is repeated under one key until it is answered. */
  async order(workspace: string, model: ClusterModel, images: number): Promise<ClusterRun> {
    const tag = `${workspace}-${this.runs.length}`;
    const prompts = Array.from({ length: images }, (_, place) => `${tag}, picture ${place}`);
    const place = this.runs.push({ id: '', workspace, model, prompts }) - 1;
    const { run } = await this.client(workspace).runs.create(
      {
        rows: prompts.map((prompt) => ({ prompt })),
        settings: { models: [model], size: model === 'kling-v3' ? '1024x1024' : '256x256' },
        approve: true,
      },
      { idempotencyKey: tag },
    );
    return (this.runs[place] = { id: run, workspace, model, prompts });
  }

  /** Runs that are not at rest yet, each with what it waits for. */
  async unrested(): Promise<string[]> {
    const ids = this.runs.map(({ id }) => id).filter((id) => id !== '');
    if (ids.length < this.runs.length) return ['an order has not been answered'];
    if (ids.length === 0) return [];
    const runs = await this.database
      .selectFrom('runs')
      .select(['id', 'state', 'reason', 'waits'])
      .where('id', 'in', ids)
      .execute();
    const open = await this.database
      .selectFrom('items')
      .select(['run_id', 'state', (count) => count.fn.countAll<number>().as('count')])
      .where('run_id', 'in', ids)
      .where('state', 'in', ['waiting', 'sent'])
      .groupBy(['run_id', 'state'])
      .execute();
    return runs.flatMap(({ id, state, reason, waits }) => {
      const own = open.filter(({ run_id }) => run_id === id);
      const isOver = state === 'done' && own.length === 0;
      const isPoor = state === 'stopped' && (reason === 'credits' || reason === 'budget');
      if (isOver || (isPoor && own.every((each) => each.state === 'waiting'))) return [];
      const counts = own.map((each) => `${each.count} ${each.state}`).join(', ');
      return [`${id} is ${state} (${reason}), ${counts}, waits ${waits ?? 'for nothing'}`];
    });
  }

  /** Answers what is not at rest when the time is over; none: all rests. */
  async untilRest(withinMs: number): Promise<string[]> {
    let found: string[] = [];
    for (let waitedMs = 0; waitedMs < withinMs; waitedMs += REST_LOOK_MS) {
      found = await this.unrested().catch((error: unknown) => [String(error)]);
      if (found.length === 0) return [];
      await pause(REST_LOOK_MS);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine[Symbol.asyncDispose]()));
    await this.database.destroy();
    await this.s3[Symbol.asyncDispose]();
    await this.vendors[Symbol.asyncDispose]();
  }
}

function configText({ longestSeconds = 60, window = WINDOW }: ClusterOptions): string {
  const seconds = window.windowMs / 1_000;
  return `models:
  gpt-image-2:
    longestSeconds: ${longestSeconds}
    limits:
      images-per-minute: { max: ${window.images}, seconds: ${seconds}, unit: images }
  kling-v3:
    longestSeconds: ${longestSeconds}
    limits: { parallel-images: ${SLOTS} }
`;
}
