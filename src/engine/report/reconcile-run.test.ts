import { afterEach, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../../simulators/index.ts';
import { driveRun, prepareRun } from '../../../test/support/drive-world.ts';
import { World } from '../../../test/simulation/world.ts';
import type { RunSettings } from '../core/settings.ts';
import type { EngineConfig } from '../engine-types.ts';

let world: World;
afterEach(() => world[Symbol.asyncDispose]());

const ADMIN: Partial<EngineConfig> = {
  vendors: { openai: { apiKey: 'key-of-openai', adminKey: 'sk-admin-of-ours' } },
};
const QUICK: Behaviour = { latencyMs: 2_000, replyMs: 20, limits: {} };

function aWorld(behaviour: Behaviour, config: Partial<EngineConfig> = ADMIN): void {
  const behaviours = { openai: behaviour, kling: behaviour, bfl: behaviour };
  // Accounts are the world's but for what is given here.
  const vendors = { openai: { ...config.vendors?.['openai'], baseUrl: OPENAI } };
  world = new World({ seed: 5, behaviours, config: { ...config, vendors } });
}

const OPENAI = 'http://openai.simulated/v1';

/** A run of its own, from plan to end. */
async function aRun(prompts: readonly string[], settings: Partial<RunSettings>): Promise<string> {
  const id = await prepareRun(world, prompts, settings, { fresh: true });
  await driveRun(world, id);
  return id;
}

async function reconciled(runId: string) {
  const { engine } = await world.start();
  let ended = false;
  const work = engine.reconcile(runId).finally(() => {
    ended = true;
  });
  work.catch(() => {});
  while (!ended) await world.clock.step();
  return (await work).vendors;
}

/** What another program orders with the same account. */
async function foreignTask(): Promise<void> {
  const order = world.simulators.kling.fetch(
    new Request('http://kling.simulated/v1/images/generations', {
      method: 'POST',
      headers: { authorization: 'Bearer key-of-kling', 'content-type': 'application/json' },
      body: JSON.stringify({ model_name: 'kling-v3', prompt: 'not ours', n: 1 }),
    }),
  );
  let ended = false;
  void order.finally(() => {
    ended = true;
  });
  while (!ended) await world.clock.step();
}

describe('a vendor that names its tasks', () => {
  test('agrees task by task, and knows the tasks of other runs', async () => {
    aWorld(QUICK);
    await aRun(['a fox', 'a hare'], { models: ['kling-v3'] });
    const id = await aRun(['an owl', 'a lynx', 'a seal'], { models: ['kling-v3'], count: 2 });
    expect(await reconciled(id)).toMatchObject([
      {
        vendor: 'kling',
        verdict: 'agrees',
        hints: [],
        ledger: { requests: 3, images: 6, usdMicros: 6 * 28_000, unknownRequests: 0 },
        report: {
          kind: 'tasks',
          matched: 3,
          otherRuns: 2,
          ledgerUsdMicros: 168_000,
          reportUsdMicros: 168_000,
          differing: [],
          onlyLedger: [],
          onlyReport: [],
        },
      },
    ]);
  });

  test('shows a task that no run knows of', async () => {
    aWorld(QUICK);
    const id = await prepareRun(world, ['an owl', 'a lynx'], { models: ['kling-v3'] });
    await driveRun(world, id);
    await foreignTask();
    const [kling] = await reconciled(id);
    expect(kling).toMatchObject({
      verdict: 'differs',
      report: { matched: 2, onlyReport: [{ reportUsdMicros: 28_000 }] },
      hints: [expect.stringContaining('Who else uses this account?')],
    });
  });

  test('agrees on tasks whose first answer was lost, and which were found by our own key', async () => {
    aWorld({ ...QUICK, faults: { replyLost: 0.7 } });
    const id = await aRun(['a', 'b', 'c', 'd', 'e', 'f'], { models: ['kling-v3'] });
    const [kling] = await reconciled(id);
    expect(kling).toMatchObject({ verdict: 'agrees', report: { matched: 6, onlyReport: [] } });
  });

  test('shows an amount that was recorded otherwise, and what is missing in the report', async () => {
    aWorld(QUICK);
    const id = await aRun(['an owl', 'a lynx'], { models: ['kling-v3'] });
    const { database } = world.audit;
    const rows = await database.selectFrom('attempts').select(['id']).orderBy('id').execute();
    await database
      .updateTable('attempts')
      .set({ usd_micros: 99_000 })
      .where('id', '=', rows[0]!.id)
      .execute();
    await database
      .updateTable('attempts')
      .set({ ref: 'task-of-nowhere' })
      .where('id', '=', rows[1]!.id)
      .execute();
    const [kling] = await reconciled(id);
    expect(kling).toMatchObject({
      verdict: 'differs',
      report: {
        matched: 0,
        differing: [{ ledgerUsdMicros: 99_000, reportUsdMicros: 28_000 }],
        onlyLedger: [{ ref: 'task-of-nowhere', ledgerUsdMicros: 28_000 }],
        onlyReport: [{ reportUsdMicros: 28_000 }],
      },
    });
  });
});

describe('a vendor that counts', () => {
  test('agrees when it counts as many images as were made', async () => {
    aWorld(QUICK);
    const id = await aRun(['a fox', 'a hare', 'an owl'], { count: 3 });
    const [openai] = await reconciled(id);
    expect(openai).toMatchObject({
      vendor: 'openai',
      verdict: 'agrees',
      hints: [],
      report: {
        kind: 'sums',
        images: [{ model: 'gpt-image-2', ledgerImages: 9, unknownImages: 0, reportImages: 9 }],
      },
    });
    const { report } = openai!;
    if (report.kind !== 'sums') throw new Error('no sums');
    expect(report.costs).toMatchObject([
      {
        model: 'gpt-image-2',
        ledgerUsdMicros: world.billedUsdMicros,
        reportUsdMicros: world.billedUsdMicros,
      },
    ]);
  });

  test('has more after lost answers, and says that they are probably these', async () => {
    aWorld({ ...QUICK, faults: { replyLost: 0.4 } });
    const id = await aRun(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], {});
    const { engine } = await world.start();
    const { unknown, delivered } = (await engine.report(id)).items;
    expect(unknown).toBeGreaterThan(0);
    const [openai] = await reconciled(id);
    expect(openai).toMatchObject({
      verdict: 'differs',
      ledger: { unknownRequests: unknown },
      report: {
        images: [{ ledgerImages: delivered, unknownImages: unknown, reportImages: 8 }],
      },
      hints: [expect.stringContaining(`has ${unknown} image`)],
    });
  });

  test('counts what somebody else made with the account', async () => {
    aWorld(QUICK);
    const id = await aRun(['a fox'], {});
    const { openai } = world.simulators;
    openai.bill.add({ ...openai.bill.entries[0]!, taskId: 'theirs', images: 4 });
    expect(await reconciled(id)).toMatchObject([
      { verdict: 'differs', hints: [expect.stringContaining('Who else uses this account?')] },
    ]);
  });

  test('cannot be asked without its admin key, and says how to have one', async () => {
    aWorld(QUICK, {});
    const id = await aRun(['a fox'], {});
    expect(await reconciled(id)).toMatchObject([
      {
        verdict: 'not-compared',
        report: { kind: 'unavailable', words: expect.stringContaining('OPENAI_ADMIN_KEY') },
      },
    ]);
  });

  test('tells its no to a key that is not an admin’s', async () => {
    aWorld(QUICK, { vendors: { openai: { apiKey: 'key-of-openai', adminKey: 'sk-proj-plain' } } });
    const id = await aRun(['a fox'], {});
    const [openai] = await reconciled(id);
    expect(openai?.report).toMatchObject({
      kind: 'unavailable',
      words: expect.stringContaining('insufficient permissions'),
    });
    expect(JSON.stringify(openai)).not.toContain('sk-proj-plain');
  });
});

test('a vendor without a report is named as such, beside the others', async () => {
  aWorld(QUICK);
  const id = await aRun(['a', 'b', 'c', 'd'], {
    models: ['flux-kontext-pro', 'kling-v3'],
    rotateEvery: 2,
  });
  const vendors = await reconciled(id);
  expect(
    Object.fromEntries(
      vendors.map(({ vendor, verdict, report }) => [vendor, [verdict, report.kind]]),
    ),
  ).toEqual({ bfl: ['not-compared', 'none'], kling: ['agrees', 'tasks'] });
});

test('a run of which nothing was sent has nothing to compare', async () => {
  aWorld(QUICK);
  expect(await reconciled(await prepareRun(world, ['a fox']))).toEqual([]);
});
