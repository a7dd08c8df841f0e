import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { seededRandom } from '../../src/engine/core/random.ts';
import { createEngine } from '../../src/engine/engine.ts';
import type { Engine } from '../../src/engine/engine-types.ts';
import { systemClock } from '../../src/engine/ports/system-clock.ts';
import { openPostgres } from '../../src/engine/store/postgres.ts';
import { openSqlite } from '../../src/engine/store/sqlite.ts';
import { auditCredits } from '../support/audit-credits.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { imagemill } from '../support/imagemill.ts';
import { callServer } from '../support/live-server.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';
import { postgresHome } from '../support/stores.ts';

const IMAGES = 12;
const BLOWS = 6;
/** Credits of an image. */
const PRICES = { 'kling-v3': 1.33, 'gpt-image-2': 2.4 } as const;

interface Payer {
  readonly workspace: string;
  /** Credits to begin with. */
  readonly credits: number;
  readonly budget?: number;
  readonly imagesPerHour?: number;
  readonly model: keyof typeof PRICES;
  /** Images that can be paid for, of two runs. */
  readonly most: number;
}

/** Enough, too little, too little for the key, under a ceiling. */
const PAYERS: readonly Payer[] = [
  { workspace: 'rich', credits: 1_000, model: 'kling-v3', most: 2 * IMAGES },
  { workspace: 'poor', credits: 30, model: 'gpt-image-2', most: 12 },
  { workspace: 'bounded', credits: 1_000, budget: 20, model: 'kling-v3', most: 15 },
  { workspace: 'slow', credits: 1_000, imagesPerHour: 9, model: 'gpt-image-2', most: 9 },
];

interface Made {
  readonly id: string;
  readonly payer: Payer;
}

test.each(['PostgreSQL', 'SQLite'])(
  'two services that are killed and stopped in turn spend no more than there is, and lose nothing (%s)',
  { timeout: 240_000 },
  async (store) => {
    await using postgres = store === 'SQLite' ? undefined : await postgresHome();
    const simulation = await simulate({ latencyMs: [100, 1_500] });
    onTestFinished(() => simulation.close());
    const mill = await imagemill({
      ...simulation.environment,
      ...(postgres && { DATABASE_URL: postgres.address }),
    });
    const home = join(mill.folder, 'home');
    const servers = [await startServe(mill), await startServe(mill)];
    const engine = await createEngine({
      home,
      ...(postgres && { databaseUrl: postgres.address }),
      config: { vendors: {} },
    });
    const made = (await Promise.all(PAYERS.map((payer) => order(engine, servers, payer)))).flat();

    const random = seededRandom(5);
    for (let blow = 0; blow < BLOWS; blow += 1) {
      await pause(200 + random.next() * 1_000);
      const at = random.next() < 0.5 ? 0 : 1;
      servers[at]!.signal(random.next() < 0.6 ? 'SIGKILL' : 'SIGTERM');
      await servers[at]!.ended;
      servers[at] = await startServe(mill);
    }

    const reports = () => Promise.all(made.map(({ id }) => engine.report(id)));
    const unended = async () =>
      (await reports()).flatMap(({ run, items }) => {
        const isOver = ['done', 'stopped'].includes(run.state) && run.reason !== 'interrupted';
        const isBounded = run.workspace === 'slow' && items.sent === 0 && run.waits !== undefined;
        return isOver || (isBounded && Object.keys(run.waits).length > 0) ? [] : [run.id];
      });
    await expect.poll(unended, { timeout: 90_000, interval: 200 }).toEqual([]);
    const ends = await reports();
    await engine[Symbol.asyncDispose]();
    for (const server of servers) server.signal('SIGTERM');
    for (const server of servers) await server.ended;

    const { database } =
      postgres === undefined
        ? openSqlite(join(home, 'imagemill.db'), { clock: systemClock })
        : openPostgres(postgres.address);
    onTestFinished(() => database.destroy());
    for (const { id } of made) await checkInvariants(database, id);
    await auditCredits(database);
    await database.destroy();
    for (const { workspace, model, most } of PAYERS) {
      const own = ends.filter(({ run }) => run.workspace === workspace);
      const of = (state: 'delivered' | 'unknown') =>
        own.reduce((sum, { items }) => sum + items[state], 0);
      const posted = own.reduce((sum, { run }) => sum + run.postedCreditMicros, 0);
      expect(posted, workspace).toBe(Math.round(of('delivered') * PRICES[model] * 1e6));
      const count = of('delivered') + of('unknown');
      // A grant of the hour is used, whatever became of it.
      if (workspace === 'slow') expect(count, workspace).toBeLessThanOrEqual(most);
      else expect(count, workspace).toBe(most);
    }
    const total = (model: string, state: 'delivered' | 'unknown') =>
      made.reduce(
        (sum, { payer }, at) => sum + (payer.model === model ? ends[at]!.items[state] : 0),
        0,
      );
    // Kling can be asked what became of a call, OpenAI cannot.
    expect(total('kling-v3', 'unknown')).toBe(0);
    expect(simulation.kling.bill.images).toBe(total('kling-v3', 'delivered'));
    const { images } = simulation.openai.bill;
    const delivered = total('gpt-image-2', 'delivered');
    expect(images).toBeGreaterThanOrEqual(delivered);
    expect(images).toBeLessThanOrEqual(delivered + total('gpt-image-2', 'unknown'));
  },
);

/** A workspace with a key, and a run of it at each server. */
async function order(
  { service }: Engine,
  servers: readonly ServeProcess[],
  payer: Payer,
): Promise<Made[]> {
  const { workspace, imagesPerHour, budget, credits, model } = payer;
  await service.workspaces.create({ id: workspace, ...(imagesPerHour && { imagesPerHour }) });
  const creditMicros = credits * 1e6;
  await service.credits.enter({ workspace, kind: 'grant', creditMicros, reason: 'test' });
  const { secret } = await service.keys.issue({
    workspace,
    name: 'test',
    role: 'member',
    ...(budget !== undefined && { budgetCreditMicros: budget * 1e6 }),
  });
  const made: Made[] = [];
  for (const [at, server] of servers.entries()) {
    const prompts = Array.from({ length: IMAGES }, (_, place) => `${workspace} ${at} ${place}`);
    const answer = await callServer(server.url, secret, 'POST', '/v1/runs', {
      body: { prompts, settings: { models: [model] }, approve: true },
    });
    expect(answer.status).toBe(201);
    made.push({ id: ((await answer.json()) as { run: string }).run, payer });
  }
  return made;
}
