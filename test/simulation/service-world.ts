/**
 * A service in a simulated world: workspaces with balances, keys with budgets and many runs at once, kept
 * going by process after process, each of which dies at a moment of the seed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/engine/core/random.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/core/settings.ts';
import type { StoredRun } from '../../src/engine/engine-types.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { type Life, World } from './world.ts';

/** Credits of an image of the model that the runs use. */
const PRICE_MICROS = 2_400_000;
/** A service that has not come to rest after so many steps of its clock never will. */
const MOST_STEPS = 200_000;
/** At the end nothing but the keeper's own looking again is left. */
const QUIET_STEPS = 8;

interface Payer {
  readonly workspace: string;
  readonly keyId: string;
}

export interface ServedWorld {
  readonly runs: readonly StoredRun[];
  readonly lives: number;
  readonly billedImages: number;
  /** Of all runs: delivered and unknown images. */
  readonly delivered: number;
  readonly unknown: number;
}

/** Lives the service of a seed to its rest, and checks every promise at its end. */
export async function serveSeed(seed: number): Promise<ServedWorld> {
  const random = seededRandom(seed);
  const whole = (least: number, most: number) =>
    least + Math.floor(random.next() * (most - least + 1));
  await using world = new World({
    seed,
    settleTurns: 12,
    behaviours: {
      openai: {
        latencyMs: [200, 9_000],
        ...(random.next() < 0.6 && { limits: { imagesPerMinute: whole(2, 12) } }),
        ...(random.next() < 0.5 && { faults: { status429: 0.05, status503: 0.05 } }),
        ...(random.next() < 0.5 && { refusals: { share: 0.2 } }),
      },
    },
    config: { turns: { mostInFlight: whole(1, 6) } },
  });
  let life = await world.start();
  const payers = await makePayers(life, whole(1, 3), whole);
  const ids: string[] = [];
  for (let run = 0; run < whole(2, 6); run += 1) {
    const payer = payers[whole(0, payers.length - 1)]!;
    ids.push(await makeRun(world, life, payer, `run ${run}`, whole(1, 9)));
  }
  const deaths = Array.from({ length: whole(0, 3) }, () => whole(5, 120));
  let lives = 1;
  for (const after of [...deaths, Infinity]) {
    if (after !== Infinity) life.killAfter(life.events() + after);
    life.engine.keeper.start({
      onDefect: (run, error) => {
        if (!life.isDead()) throw new Error(`run ${run} broke`, { cause: error });
      },
    });
    await rest(world, life, ids);
    // What it had begun at the store ends; nobody hears of it.
    await world.clock.settle();
    if (after === Infinity) break;
    life.kill();
    life = await world.start();
    lives += 1;
  }
  return audit(world, life, ids, payers, lives);
}

async function makePayers(
  { engine }: Life,
  workspaces: number,
  whole: (least: number, most: number) => number,
): Promise<Payer[]> {
  const payers: Payer[] = [];
  for (let place = 0; place < workspaces; place += 1) {
    const workspace = `agency-${place}`;
    await engine.service.workspaces.create({ id: workspace });
    const creditMicros = whole(1, 25) * PRICE_MICROS;
    const reason = 'to begin with';
    await engine.service.credits.enter({ workspace, kind: 'grant', creditMicros, reason });
    for (let key = 0; key < whole(1, 2); key += 1) {
      const budget = whole(0, 2) === 0 ? { budgetCreditMicros: whole(1, 9) * PRICE_MICROS } : {};
      const issued = await engine.service.keys.issue({
        workspace,
        name: `key ${key}`,
        role: 'member',
        ...budget,
      });
      payers.push({ workspace, keyId: issued.key.id });
    }
  }
  return payers;
}

async function makeRun(
  world: World,
  { engine }: Life,
  { workspace, keyId }: Payer,
  title: string,
  images: number,
): Promise<string> {
  const id = engine.newRunId();
  const folder = join(world.folder, 'runs', id);
  await mkdir(folder, { recursive: true });
  const sheet = join(folder, 'rows.json');
  const prompts = Array.from({ length: images }, (_, place) => `${title}, picture ${place}`);
  await writeFile(sheet, JSON.stringify(prompts.map((prompt) => ({ prompt }))));
  await engine.inWorkspace(workspace).prepareAtOnce({
    id,
    sheet,
    title,
    out: join(folder, 'out'),
    fresh: true,
    keyId,
    origin: 'api',
    settings: {
      ...DEFAULT_SETTINGS,
      models: ['gpt-image-2'],
      deliver: 'none',
      refusalBreaker: 'off',
      spendingAllowed: true,
    },
  });
  return id;
}

/** Lets time go on until every run has ended, and stays so, or the process has died. */
async function rest(world: World, life: Life, ids: readonly string[]): Promise<void> {
  let quiet = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (life.isDead()) return;
    await world.clock.step();
    const { driven } = life.engine.keeper;
    if (driven > 0 || step % 10 !== 0) {
      if (driven > 0) quiet = 0;
      continue;
    }
    quiet += 1;
    if (quiet >= QUIET_STEPS) return;
  }
  const states = await Promise.all(ids.map(async (id) => (await life.engine.run(id))?.state));
  throw new Error(`The service never rests: ${states.join(', ')}`);
}

async function audit(
  world: World,
  { engine }: Life,
  ids: readonly string[],
  payers: readonly Payer[],
  lives: number,
): Promise<ServedWorld> {
  const runs: StoredRun[] = [];
  let [delivered, unknown] = [0, 0];
  for (const id of ids) {
    await checkInvariants(world.audit.database, id);
    runs.push((await engine.run(id))!);
    const { items } = await engine.report(id);
    delivered += items.delivered;
    unknown += items.unknown;
  }
  for (const workspace of new Set(payers.map((payer) => payer.workspace))) {
    const own = runs.filter((run) => run.workspace === workspace);
    const found = (await engine.service.workspaces.find(workspace))!;
    same(found.heldCreditMicros, sum(own, 'heldCreditMicros'), `held of ${workspace}`);
    same(found.postedCreditMicros, sum(own, 'postedCreditMicros'), `posted of ${workspace}`);
    if ((found.availableCreditMicros ?? 0) < 0) throw new Error(`${workspace} is below zero`);
  }
  for (const { keyId } of payers) {
    const own = runs.filter((run) => run.keyId === keyId);
    const keys = await engine.service.keys.list(own[0]?.workspace ?? '');
    const key = keys.find((each) => each.id === keyId);
    if (key === undefined) continue;
    same(key.heldCreditMicros, sum(own, 'heldCreditMicros'), `held of ${keyId}`);
    same(key.postedCreditMicros, sum(own, 'postedCreditMicros'), `posted of ${keyId}`);
    const used = key.heldCreditMicros + key.postedCreditMicros;
    if (used > (key.budgetCreditMicros ?? Infinity))
      throw new Error(`${keyId} is above its budget`);
  }
  return { runs, lives, billedImages: world.billedImages, delivered, unknown };
}

function sum(runs: readonly StoredRun[], of: 'heldCreditMicros' | 'postedCreditMicros'): number {
  return runs.reduce((total, run) => total + run[of], 0);
}

function same(shown: number, counted: number, what: string): void {
  if (shown !== counted) throw new Error(`${what}: shown ${shown}, counted ${counted}`);
}
