import { join } from 'node:path';
import type { Engine, RunSettings } from '../src/engine/index.ts';
import { World } from '../test/simulation/world.ts';
import { makeSheet } from './make-sheet.ts';
import { MODEL, settingsOf } from './open-engine.ts';
import { figure, type Section } from './section.ts';

const ROWS = 1000;
/** What an account of the third tier may ask for live. */
const IMAGES_PER_MINUTE = 50;
const LATENCY_MS: [number, number] = [20_000, 40_000];
const REPLY_MS: [number, number] = [200, 2000];
const REFUSED = 0.02;
const HOUR_MS = 3_600_000;
/** How long a batch takes; the first one is so slow that the vendor's day ends it half made. */
const BATCH_HOURS = 4;
const SLOW_BATCH_HOURS = 48;
/** A batch of hundreds of lines is written and read in many turns, in which no time may pass. */
const SETTLE_TURNS = 1500;

interface Way {
  readonly what: string;
  readonly lane: RunSettings['lane'];
  readonly deadlineHours?: number;
}

const WAYS: readonly Way[] = [
  { what: 'live', lane: 'live' },
  { what: 'batch', lane: 'batch' },
  { what: 'auto, 12 h', lane: 'auto', deadlineHours: 12 },
  { what: 'auto, 1 h', lane: 'auto', deadlineHours: 1 },
];

/** What the same sheet costs, and how long it takes, by each lane: the real engine on a virtual clock. */
export async function lanes(seed: number): Promise<Section> {
  const rows: Section['rows'][number][] = [];
  for (const way of WAYS) rows.push(await measure(way, seed));
  return {
    title: `Lanes: the same ${ROWS} rows at a simulated ${MODEL}, ${REFUSED * 100} % of them refused`,
    how: [
      `Live: ${IMAGES_PER_MINUTE} images a minute. A batch takes ${BATCH_HOURS} h, but the first one would take ${SLOW_BATCH_HOURS} h:`,
      'the vendor ends it after its day, half made, or auto leaves it in time for its deadline.',
      'Dollars are the vendor’s bill, hours those of a virtual clock. Paid twice: rows billed more than once.',
    ],
    rows,
  };
}

async function measure(way: Way, seed: number): Promise<Section['rows'][number]> {
  await using world = worldOf(seed);
  const { bill } = world.simulators.openai;
  const begins = world.clock.now();
  const { engine } = await world.start();
  const runId = await prepare(world, engine, way, seed);
  await drive(world, engine, runId);
  const { run, items } = await engine.report(runId);
  const { delivered, refused } = items;
  const billed = Map.groupBy(bill.entries, ({ prompt }) => prompt);
  return {
    lane: way.what,
    delivered,
    refused,
    'by batch': await deliveredByBatch(world, runId),
    'credits/image': figure(run.postedCreditMicros / 1e6 / delivered),
    'dollars/image': figure(bill.usdMicros / 1e6 / delivered),
    hours: figure((world.clock.now() - begins) / HOUR_MS),
    'paid twice': [...billed.values()].filter((entries) => entries.length > 1).length,
    'rows left': ROWS - delivered - refused,
  };
}

function worldOf(seed: number): World {
  return new World({
    seed,
    settleTurns: SETTLE_TURNS,
    behaviours: {
      openai: {
        latencyMs: LATENCY_MS,
        // Two batches are not taken at the same instant: the first one can be told apart.
        replyMs: REPLY_MS,
        limits: { imagesPerMinute: IMAGES_PER_MINUTE },
        refusals: { share: REFUSED },
        batch: { durationMs: SLOW_BATCH_HOURS * HOUR_MS },
      },
    },
    config: { vendors: { openai: { limits: { 'images-per-minute': IMAGES_PER_MINUTE } } } },
  });
}

async function prepare(world: World, engine: Engine, way: Way, seed: number): Promise<string> {
  const sheet = join(world.folder, 'sheet.csv');
  await makeSheet(sheet, ROWS, seed);
  const { lane, deadlineHours } = way;
  const deadline =
    deadlineHours === undefined ? {} : { deadlineAt: world.clock.now() + deadlineHours * HOUR_MS };
  const { runId } = await engine.prepare({
    sheet,
    settings: settingsOf({ lane, ...deadline }),
    out: join(world.folder, 'out'),
    fresh: true,
    title: 'bench',
  });
  return runId;
}

/** Steps the clock until nothing is left to do; only the first batch is slow. */
async function drive(world: World, engine: Engine, runId: string): Promise<void> {
  let isEnded = false;
  const work = engine.drive(runId).finally(() => {
    isEnded = true;
  });
  work.catch(() => {});
  let isFirst = true;
  while (!isEnded) {
    if (isFirst && (await batchesBegun(world)) > 0) {
      isFirst = false;
      world.simulators.openai.change({ batch: { durationMs: BATCH_HOURS * HOUR_MS } });
    }
    await world.clock.step();
  }
  await work;
}

async function batchesBegun(world: World): Promise<number> {
  const headers = { authorization: 'Bearer key-of-openai' };
  const request = new Request('http://openai.simulated/v1/batches', { headers });
  const answer = await world.simulators.openai.fetch(request);
  const { data } = (await answer.json()) as { readonly data: readonly unknown[] };
  return data.length;
}

async function deliveredByBatch({ audit }: World, runId: string): Promise<number> {
  const { images } = await audit.database
    .selectFrom('items')
    .innerJoin('requests', 'requests.id', 'items.request_id')
    .select((select) => select.fn.countAll<number>().as('images'))
    .where('items.run_id', '=', runId)
    .where('items.state', '=', 'delivered')
    .where('requests.lane', 'like', '%:batch')
    .executeTakeFirstOrThrow();
  return images;
}
