/** Lives a scenario through to its end, looking at every promise after every step. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../src/engine/engine-types.ts';
import type { JournalEntry } from '../../src/engine/core/events.ts';
import { readSimulatedMark, hashPrompt, audit } from '../../simulators/index.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import type { Scenario } from './scenario.ts';
import { type Life, World } from './world.ts';

/** A run that has not ended after so many lives never will. */
const MOST_LIVES = 60;

export interface Ending {
  readonly report: RunReport;
  readonly journal: readonly JournalEntry[];
  /** Durable writes and sendings of each life. */
  readonly events: readonly number[];
  readonly billedUsdMicros: number;
  readonly billedImages: number;
  readonly refusedForPace: number;
}

export interface LiveOptions {
  /** Looks at all promises after every step of the clock (slow), or at the end of each life. */
  readonly checkEveryStep?: boolean;
  /** Instead of the scenario's own. */
  readonly killsAfter?: readonly number[];
}

export async function runScenario(scenario: Scenario, options: LiveOptions = {}): Promise<Ending> {
  await using world = new World(scenario);
  const sheet = join(world.folder, 'sheet.csv');
  writeFileSync(sheet, scenario.sheet);
  const kills = [...(options.killsAfter ?? scenario.killsAfter)];
  const events: number[] = [];

  const first = await world.start();
  const { runId, report } = await first.engine.prepare({
    sheet,
    settings: scenario.settings,
    out: join(world.folder, 'out'),
    fresh: false,
    title: 'simulated',
  });
  const check = () =>
    checkInvariants(world.audit.database, runId, { plannedItems: report.plan.items });

  let life = first;
  for (let lives = 1; lives <= MOST_LIVES; lives += 1) {
    // The plan was written before: the count starts with the driving.
    life.killAfter(life.events() + (kills.shift() ?? Infinity));
    const before = life.events();
    const ended = await drive(world, life, runId, options.checkEveryStep ? check : undefined);
    events.push(life.events() - before);
    await check();
    if (!ended) {
      life = await world.start();
      continue;
    }
    // Whoever approves does so in a process that lives.
    life.killAfter(Infinity);
    const now = await life.engine.report(runId);
    if (now.run.state === 'awaiting_approval') {
      await life.engine.approve(runId);
      continue;
    }
    if (now.run.reason === 'refusals') continue;
    await checkEnd(world, scenario, now);
    const journal = await Array.fromAsync(life.engine.journal(runId));
    return {
      report: now,
      journal,
      events,
      billedUsdMicros: world.billedUsdMicros,
      billedImages: world.billedImages,
      refusedForPace: refusedForPace(world),
    };
  }
  throw new Error(`seed ${scenario.seed}: the run did not end in ${MOST_LIVES} lives`);
}

/** Steps the clock until the run has ended (true) or its process was killed (false). */
async function drive(
  world: World,
  life: Life,
  runId: string,
  check: (() => Promise<void>) | undefined,
): Promise<boolean> {
  let result: 'ended' | { error: unknown } | undefined;
  life.engine.drive(runId).then(
    () => {
      result = 'ended';
    },
    (error: unknown) => {
      result = { error };
    },
  );
  for (;;) {
    await world.clock.settle();
    if (check !== undefined) await check();
    if (life.isDead()) return false;
    if (result === 'ended') return true;
    if (result !== undefined) throw result.error;
    if (!(await world.clock.step())) {
      await world.clock.settle();
      if (result === undefined && !life.isDead()) throw new Error('nothing wakes the run any more');
    }
  }
}

/** What must hold between our books and the vendors', once everything has ended. */
async function checkEnd(world: World, scenario: Scenario, report: RunReport): Promise<void> {
  const { run, items } = report;
  const problems: string[] = [];
  if (items.sent !== 0) problems.push(`${items.sent} items are still being sent`);
  await checkMoney(world, report, problems);
  checkLimits(world, scenario, problems);
  await checkFiles(world, run.id, problems);
  if (problems.length > 0) throw new Error(`seed ${scenario.seed}: ${problems.join('; ')}`);
}

async function checkMoney(world: World, report: RunReport, problems: string[]): Promise<void> {
  const { run, items, atRisk } = report;
  const attempts = await world.audit.database
    .selectFrom('attempts')
    .innerJoin('requests', 'requests.id', 'attempts.request_id')
    .select(['attempts.state', 'attempts.id', 'requests.indexes', 'requests.lane'])
    .where('attempts.run_id', '=', run.id)
    .execute();
  const undecided = attempts.filter(({ state }) => state === 'unknown' || state === 'written-off');
  // Every picture that was billed is one that we booked, or one of an attempt we call unknown.
  const most = undecided.reduce((sum, { indexes }) => sum + JSON.parse(indexes).length, 0);
  const billed = world.billedUsdMicros;
  const booked = run.actualUsdMicros;
  const uncertain = atRisk.usdMicros + run.writtenOffUsdMicros;
  if (billed < booked || billed > booked + uncertain) {
    problems.push(`vendors billed ${billed}, booked are ${booked} and uncertain ${uncertain}`);
  }
  if (undecided.length === 0 && billed !== booked) {
    problems.push(`without unknowns the bill ${billed} must equal the books ${booked}`);
  }
  const seen = items.delivered + items.failed;
  if (world.billedImages > seen + most + (await notReturned(world, run.id))) {
    problems.push(`${world.billedImages} images billed, ${seen} seen, ${most} unknown`);
  }
}

/** Failed items without a picture may have been billed or not; the dollars tell, not the count. */
async function notReturned(world: World, runId: string): Promise<number> {
  const { extra } = await world.audit.database
    .selectFrom('attempts')
    .select((select) => select.fn.countAll<number>().as('extra'))
    .where('run_id', '=', runId)
    .where('state', '=', 'written-off')
    .executeTakeFirstOrThrow();
  return Number(extra);
}

function checkLimits(world: World, scenario: Scenario, problems: string[]): void {
  const { openai, kling } = scenario.behaviours;
  const window = audit(world.simulators.openai.log, {
    windowMs: 60_000,
    max: openai?.limits?.imagesPerMinute ?? Infinity,
  });
  if (!window.isWithin) problems.push(`a window of OpenAI held ${window.highest} images`);
  const known = scenario.config.vendors !== undefined;
  const caused = (log: { entries: readonly { status?: number; fault?: string }[] }) =>
    log.entries.filter(({ status, fault }) => status === 429 && fault === undefined).length;
  if (known && caused(world.simulators.openai.log) > 0) {
    problems.push('OpenAI refused for pace though its limit was known');
  }
  if (known && caused(world.simulators.kling.log) > 0) {
    problems.push(`Kling refused for slots though its ${kling?.limits?.slots} were known`);
  }
}

/** Each file's picture was painted for its row's prompt. */
async function checkFiles(world: World, runId: string, problems: string[]): Promise<void> {
  const items = await world.audit.database
    .selectFrom('items')
    .innerJoin('rows', (join) =>
      join.onRef('rows.run_id', '=', 'items.run_id').onRef('rows.key', '=', 'items.row_key'),
    )
    .select(['items.file', 'items.hash', 'items.state', 'rows.planned'])
    .where('items.run_id', '=', runId)
    .where('items.state', '=', 'delivered')
    .execute();
  const hashes = new Set<string>();
  for (const item of items) {
    if (item.file === null || world.files.get(item.file) !== item.hash) {
      problems.push(`a delivered item has no file (${item.file})`);
      continue;
    }
    const bytes = await world.blobs.get(item.hash!);
    const prompt = (JSON.parse(item.planned) as { prompt: string }).prompt;
    if (readSimulatedMark(bytes)?.promptHash !== hashPrompt(prompt)) {
      problems.push(`${item.file} shows another row's prompt`);
    }
    if (hashes.has(item.hash!)) problems.push(`${item.file} is delivered twice`);
    hashes.add(item.hash!);
  }
}

function refusedForPace(world: World): number {
  return Object.values(world.simulators).reduce(
    (sum, { log }) => sum + log.entries.filter(({ status }) => status === 429).length,
    0,
  );
}
