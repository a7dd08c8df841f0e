/** One installation: a database, a shared home, vendors, and workers that can be added one by one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type Engine } from '../../src/engine/index.ts';
import { settingsOf } from '../open-engine.ts';
import { type SimulatedOpenai, simulatedOpenai } from '../simulated-openai.ts';
import type { Service } from '../yardstick/services/service.ts';
import { DatabaseWatch, newDatabase } from './database-use.ts';
import { type MillOptions, MODELS, millConfig, type Painter, SIZE } from './mill-config.ts';
import { type StartedWorker, startWorker } from './start-worker.ts';
import type { WorkerUse } from './worker-process.ts';

/** Every picture of the slow painter takes so long. */
export const SLOW_MS = 1_000;
const LOOK_MS = 100;
const LONGEST_MS = 180_000;

export interface MillOrder extends Pick<MillOptions, 'concurrency' | 'slots' | 's3'> {
  readonly folder: string;
  readonly postgres: Service;
  /** Of its database. */
  readonly name: string;
  readonly seed: number;
}

export interface RunWords {
  readonly workspace: string;
  readonly title: string;
  readonly images: number;
  readonly painter: Painter;
}

export class Mill implements AsyncDisposable {
  readonly options: MillOptions;
  readonly engine: Engine;
  readonly watch: DatabaseWatch;
  readonly vendors: Readonly<Record<Painter, SimulatedOpenai>>;
  readonly workers: StartedWorker[] = [];
  /** Questions of ours, which the database counts as well. */
  looks = 0;

  static async open(order: MillOrder): Promise<Mill> {
    const { folder, postgres, name, seed, ...bounds } = order;
    const databaseUrl = await newDatabase(postgres, name);
    const vendors = {
      slow: await simulatedOpenai({ seed, latencyMs: SLOW_MS }),
      quick: await simulatedOpenai({ seed }),
    };
    const painters = { slow: vendors.slow.baseUrl, quick: vendors.quick.baseUrl };
    const home = join(folder, name);
    const options: MillOptions = { home, databaseUrl, painters, ...bounds };
    // It makes the runs and works on none.
    const config = { ...millConfig(options), worker: { kinds: [] } };
    const engine = await createEngine({
      home,
      databaseUrl,
      config,
      ...(bounds.s3 && { s3: bounds.s3 }),
    });
    await engine.service.workspaces.ensureLocal();
    const watch = await DatabaseWatch.open(postgres, databaseUrl);
    await watch.listen();
    return new Mill({ options, engine, watch, vendors });
  }

  private constructor(parts: Pick<Mill, 'options' | 'engine' | 'watch' | 'vendors'>) {
    this.options = parts.options;
    this.engine = parts.engine;
    this.watch = parts.watch;
    this.vendors = parts.vendors;
  }

  async haveWorkers(count: number): Promise<void> {
    while (this.workers.length < count) this.workers.push(await startWorker(this.options));
  }

  /** Workspaces that may spend freely. */
  async haveWorkspaces(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.engine.service.workspaces.create({ id, balance: 'none', imagesPerHour: 'none' });
    }
  }

  /** Reads it in; nobody works on it before it is told of. */
  async prepare({ workspace, title, images, painter }: RunWords): Promise<string> {
    const id = this.engine.newRunId();
    const folder = join(this.options.home, 'runs', id);
    await mkdir(folder, { recursive: true });
    const sheet = join(folder, 'rows.json');
    const rows = Array.from({ length: images }, (_, at) => ({ prompt: `${title}, picture ${at}` }));
    await writeFile(sheet, JSON.stringify(rows));
    await this.engine.inWorkspace(workspace).prepare({
      id,
      sheet,
      title,
      out: join(folder, 'out'),
      fresh: true,
      origin: 'api',
      settings: settingsOf({
        models: [MODELS[painter]],
        size: SIZE,
        quality: 'low',
        refusalBreaker: 'off',
        deliver: 'none',
      }),
    });
    return id;
  }

  async untilDone(ids: readonly string[]): Promise<void> {
    const question =
      "select count(*)::int as open from runs where id = any($1) and state not in ('done', 'failed')";
    for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += LOOK_MS) {
      this.looks += 1;
      const { rows } = await this.watch.client.query<{ open: number }>(question, [ids]);
      if (rows[0]!.open === 0) return;
      await sleep(LOOK_MS);
    }
    throw new Error(`Runs have not ended within ${LONGEST_MS / 1000} s.`);
  }

  async use(): Promise<WorkerUse> {
    const all = await Promise.all(this.workers.map((worker) => worker.use()));
    return {
      cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      peakMegabytes: Math.max(0, ...all.map((each) => each.peakMegabytes)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker[Symbol.asyncDispose]()));
    await this.watch[Symbol.asyncDispose]();
    await this.engine[Symbol.asyncDispose]();
    for (const vendor of Object.values(this.vendors)) await vendor[Symbol.asyncDispose]();
  }
}
