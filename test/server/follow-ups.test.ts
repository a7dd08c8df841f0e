/** Runs from some images of another one: again, changed, or as finals. */
import { describe, expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import {
  DEMO,
  itemsOf,
  newRun,
  problemOf,
  type SeenItem,
  seenRun,
  untilRun,
} from '../support/service-run.ts';

const DRAFT = { models: ['flux-kontext-pro'], size: '1024x1024' } as const;

interface FollowedRun {
  readonly run: string;
  readonly title: string;
  readonly source: { readonly run: string; readonly kind: string } | null;
  readonly follow_ups: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

async function draft({ call }: LiveServer, body: Readonly<Record<string, unknown>> = {}) {
  const rows = [
    { prompt: 'a red boat', name: 'red', seed: 7, sku: 'B-1' },
    { prompt: 'a blue boat', negative_prompt: 'people', count: 2, sku: 'B-2' },
    { prompt: 'a green boat', aspect_ratio: '16:9', sku: 'B-3' },
  ];
  const settings = { ...DRAFT, name_template: '{sku}-{row}-{index}.{ext}' };
  const run = await newRun(call, { prompts: undefined, rows, settings, ...body });
  await untilRun(call, run);
  return { run, items: await itemsOf(call, run) };
}

async function follow({ call }: LiveServer, run: string, body: Record<string, unknown>) {
  const answer = await call('POST', `/v1/runs/${run}/follow-ups`, {
    body: { approve: true, ...body },
  });
  const made = (await answer.json()) as FollowedRun;
  expect(answer.status, JSON.stringify(made)).toBe(201);
  return made;
}

async function results({ call }: LiveServer, run: string): Promise<string> {
  return (await call('GET', `/v1/runs/${run}/results.csv`)).text();
}

const idsOf = (items: readonly SeenItem[]) => items.map(({ item }) => item);

describe('a re-roll', () => {
  test('makes exactly the chosen images again, and each says where it comes from', async () => {
    const server = await liveServer();
    const { run, items } = await draft(server);
    const { bill } = server.simulation.bfl;
    const before = bill.entries.length;
    const chosen = [items[0]!, items[2]!];
    const made = await follow(server, run, {
      kind: 'reroll',
      items: idsOf(chosen),
      changes: { note: 'with less fog' },
    });
    await untilRun(server.call, made.run);
    const again = bill.entries.slice(before);
    expect(again.map(({ prompt }) => prompt)).toEqual([
      'a red boat, with less fog',
      expect.stringContaining('a blue boat, with less fog'),
    ]);
    expect(made.source).toEqual({ run, kind: 'reroll' });
    expect(((await seenRun(server.call, run)) as unknown as FollowedRun).follow_ups).toEqual([
      made.run,
    ]);
    const sheet = await results(server, made.run);
    expect(sheet).toContain('source_run,source_row,source_item');
    expect(sheet).toContain(`${run},1,${items[0]!.item}`);
    expect(sheet).toContain(`${run},2,${items[2]!.item}`);
    const after = await itemsOf(server.call, made.run);
    expect(after.map(({ file }) => file)).toEqual(['B-1-0001-1.png', 'B-2-0002-1.png']);
  });

  test('takes another seed each time, the same, or the one that is named', async () => {
    const server = await liveServer();
    const { run, items } = await draft(server);
    const reroll = async (changes: Record<string, unknown>) => {
      const body = { kind: 'reroll', items: [items[0]!.item], changes };
      const made = await follow(server, run, body);
      const [item] = (await itemsOf(server.call, made.run)) as unknown as { seed: number }[];
      return item!.seed;
    };
    const [first, second] = [await reroll({}), await reroll({ seed: 'new' })];
    expect(new Set([first, second, 7]).size).toBe(3);
    expect(await reroll({ seed: 'same' })).toBe(7);
    expect(await reroll({ seed: 41 })).toBe(41);
  });

  test('rewrites, replaces, and takes another model', async () => {
    const server = await liveServer();
    const { run, items } = await draft(server);
    const made = await follow(server, run, {
      kind: 'reroll',
      items: idsOf(items.slice(0, 2)),
      changes: {
        prompt: 'at dawn: {prompt}',
        replace: { find: 'boat', with: 'ship' },
        negative: '',
      },
      settings: { models: ['demo'], size: '128x128', count: 2 },
    });
    await untilRun(server.call, made.run);
    const after = await itemsOf(server.call, made.run);
    expect(after.map(({ prompt }) => prompt)).toEqual([
      'at dawn: a red ship',
      'at dawn: a red ship',
      'at dawn: a blue ship',
      'at dawn: a blue ship',
    ]);
    expect(after.map((item) => (item as unknown as { model: string }).model)).toEqual(
      Array.from({ length: 4 }, () => 'demo'),
    );
  });

  test('keeps styles and references that came with the sheet', async () => {
    const server = await liveServer();
    const form = new FormData();
    const sheet = 'prompt,style,image\na boat,calm,hero.png\na house,,hero.png\n';
    form.append('sheet', new Blob([sheet]), 'boats.csv');
    form.append('styles', new Blob(['name,prompt\ncalm,"{prompt}, calm sea"\n']), 'styles.csv');
    form.append('pictures', new Blob([new Uint8Array(await paintPicture())]), 'hero.png');
    form.append('settings', JSON.stringify(DRAFT));
    form.append('approve', 'true');
    const answer = await server.call('POST', '/v1/runs', { body: form });
    const { run } = (await answer.json()) as FollowedRun;
    await untilRun(server.call, run);
    const [item] = await itemsOf(server.call, run);
    const made = await follow(server, run, {
      kind: 'reroll',
      items: [item!.item],
      changes: { prompt: 'a ship' },
    });
    await untilRun(server.call, made.run);
    const [after] = (await itemsOf(server.call, made.run)) as unknown as {
      prompt: string;
      references: string[];
    }[];
    expect(after!.prompt).toBe('a ship, calm sea');
    expect(after!.references).toHaveLength(1);
    const sent = JSON.stringify(made);
    expect(sent).not.toContain(server.home);
  });

  test('made twice under one key is made once', async () => {
    const server = await liveServer();
    const { run, items } = await draft(server);
    const ask = () =>
      server.call('POST', `/v1/runs/${run}/follow-ups`, {
        body: { kind: 'reroll', items: [items[0]!.item], approve: true },
        headers: { 'idempotency-key': 'once' },
      });
    const [one, two] = [await ask(), await ask()];
    expect(((await one.json()) as FollowedRun).run).toBe(((await two.json()) as FollowedRun).run);
    const told = (await seenRun(server.call, run)) as unknown as FollowedRun;
    expect(told.follow_ups).toHaveLength(1);
  });
});

describe('finals', () => {
  test('are made of what was kept, with its picture, and tell what that has saved', async () => {
    const server = await liveServer();
    const { run, items } = await draft(server);
    const kept = [items[1]!, items[3]!];
    for (const { item } of kept) await keep(server, run, item);
    const body = {
      kind: 'finals',
      review: 'kept',
      settings: { models: ['flux-kontext-max'] },
      with_image: true,
    };
    const planned = await server.call('POST', `/v1/runs/${run}/follow-ups/plan`, { body });
    const { plan, saving } = (await planned.json()) as {
      plan: { plan_hash: string; items: number };
      saving: Record<'chosen' | 'all', { items: number; expected: Sum }> & { saved: Sum };
    };
    expect(plan.items).toBe(2);
    expect([saving.chosen.items, saving.all.items]).toEqual([2, 4]);
    expect(saving.saved.credits).toBeCloseTo(
      saving.all.expected.credits - saving.chosen.expected.credits,
    );
    expect(saving.all.expected.credits).toBeCloseTo(2 * saving.chosen.expected.credits);

    const before = server.simulation.bfl.bill.entries.length;
    const made = await follow(server, run, { ...body, plan_hash: plan.plan_hash });
    const done = await untilRun(server.call, made.run);
    expect(done.items).toMatchObject({ delivered: 2 });
    const paid = server.simulation.bfl.bill.entries.slice(before);
    expect(paid.map(({ model, images }) => [model, images])).toEqual([
      ['flux-kontext-max', 1],
      ['flux-kontext-max', 1],
    ]);
    const [first, second] = (await itemsOf(server.call, made.run)) as unknown as {
      size: string;
      references: string[];
    }[];
    expect(first!.references).toHaveLength(1);
    expect(second!.size).toBe('1360x768');
    expect(made.title).toMatch(/ · finals$/);
  });

  test('are refused where nothing was kept, and a plan that is another now is too', async () => {
    const server = await liveServer();
    const { run } = await draft(server);
    const body = { kind: 'finals', review: 'kept' };
    const none = await server.call('POST', `/v1/runs/${run}/follow-ups`, { body });
    expect((await problemOf(none, 422)).problems[0]).toMatchObject({
      message: 'None of the images was chosen.',
    });
    const other = await server.call('POST', `/v1/runs/${run}/follow-ups`, {
      body: { kind: 'finals', review: 'undecided', plan_hash: '0'.repeat(64) },
    });
    expect(await problemOf(other, 409)).toMatchObject({ code: 'conflict' });
  });
});

test('items of another run are refused by name', async () => {
  const server = await liveServer();
  const run = await newRun(server.call, { settings: DEMO });
  const other = await newRun(server.call, { prompts: ['another'], settings: DEMO });
  await untilRun(server.call, run);
  await untilRun(server.call, other);
  const [own] = await itemsOf(server.call, run);
  const [strange] = await itemsOf(server.call, other);
  const answer = await server.call('POST', `/v1/runs/${run}/follow-ups/plan`, {
    body: { kind: 'reroll', items: [own!.item, strange!.item] },
  });
  expect((await problemOf(answer, 422)).problems).toEqual([
    expect.objectContaining({ field: 'body.items[1]', value: strange!.item }),
  ]);
});

test('a change that would blow prompts up is refused before they are', async () => {
  const server = await liveServer();
  const run = await newRun(server.call, { prompts: ['a'.repeat(2_000)], settings: DEMO });
  await untilRun(server.call, run);
  const [item] = await itemsOf(server.call, run);
  const replace = { find: 'a', with: 'b'.repeat(2_000) };
  const prompt = '{prompt}'.repeat(4_000);
  for (const changes of [{ prompt }, { replace }, { prompt, replace }]) {
    const answer = await server.call('POST', `/v1/runs/${run}/follow-ups/plan`, {
      body: { kind: 'reroll', items: [item!.item], changes },
    });
    expect((await problemOf(answer, 422)).problems).toMatchObject([
      { column: 'prompt', message: expect.stringContaining('at most 32000') as string },
    ]);
  }
});

interface Sum {
  readonly credits: number;
  readonly usd: number;
}

async function keep({ call }: LiveServer, run: string, item: string): Promise<void> {
  const answer = await call('PUT', `/v1/runs/${run}/items/${item}/review`, {
    body: { verdict: 'keep' },
  });
  expect(answer.status).toBe(200);
}
