import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import {
  DEMO,
  itemsOf,
  newRun,
  problemOf,
  type SeenItem,
  untilRun,
} from '../support/service-run.ts';

const PAID = { models: ['gpt-image-2'] };

test('items come in the order of the sheet, a page at a time', async () => {
  const { call } = await liveServer();
  const prompts = ['one', 'two', 'three'];
  const run = await newRun(call, { prompts, settings: { ...DEMO, count: 2 } });
  await untilRun(call, run);
  const seen: string[] = [];
  for (let after = ''; ;) {
    const answer = await call('GET', `/v1/runs/${run}/items?limit=4${after}`);
    const { data, next } = (await answer.json()) as { data: SeenItem[]; next: string | null };
    seen.push(...data.map(({ row, index }) => `${row}.${index}`));
    if (next === null) break;
    after = `&after=${next}`;
  }
  expect(seen).toEqual(['1.1', '1.2', '2.1', '2.2', '3.1', '3.2']);
});

test('items are found by state, model, row, refusal, flag and words', async () => {
  const { call } = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const prompts = ['a "quoted" boat', 'a bad boat', 'a 100% lake'];
  const run = await newRun(call, { prompts, settings: PAID });
  await untilRun(call, run);
  const rows = async (query: string) =>
    (await itemsOf(call, run, `?${query}`)).map(({ row }) => row);
  expect(await rows('state=refused')).toEqual([2]);
  expect(await rows('state=delivered,refused')).toEqual([1, 2, 3]);
  expect(await rows('model=gpt-image-2')).toEqual([1, 2, 3]);
  expect(await rows('model=demo')).toEqual([]);
  expect(await rows('row=3')).toEqual([3]);
  expect(await rows('flag=exact-duplicate')).toEqual([]);
  expect(await rows(`search=${encodeURIComponent('"QUOTED"')}`)).toEqual([1]);
  expect(await rows(`search=${encodeURIComponent('100%')}`)).toEqual([3]);
  expect(await rows('search=references')).toEqual([]);
  const [refused] = await itemsOf(call, run, '?state=refused');
  const { refusal_category: category } = refused as unknown as { refusal_category: string };
  expect(await rows(`refusal_category=${category}`)).toEqual([2]);
});

test('an item is told with everything that was sent for it, and its ledger', async () => {
  const { call, issueKey } = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const run = await newRun(call, { prompts: ['a bad boat'], settings: PAID });
  await untilRun(call, run);
  const body = { states: ['refused'], rewrite: 'a good boat' };
  await call('POST', `/v1/runs/${run}/retry`, { body });
  await untilRun(call, run);
  const [{ item } = { item: '' }] = await itemsOf(call, run);
  const seen = (await (await call('GET', `/v1/runs/${run}/items/${item}`)).json()) as {
    attempts: { ledger: { kind: string; account: string; credits: number }[] }[];
  };
  expect(seen).toMatchObject({
    item,
    prompt: 'a good boat',
    given_prompt: 'a bad boat',
    cells: { prompt: 'a bad boat' },
  });
  const moved = seen.attempts.map(({ ledger }) =>
    ledger
      .filter(({ account, credits }) => account !== 'held' && credits !== 0)
      .map(({ kind, account, credits }) => `${kind} ${account} ${credits}`),
  );
  expect(moved).toEqual([
    ['hold available -2.4', 'void available 2.4'],
    ['hold available -2.4', 'post spent 2.4'],
  ]);
  const key = await issueKey({ workspace: 'other' });
  await problemOf(await call('GET', `/v1/runs/${run}/items/${item}`, { key }), 404);
  const other = await newRun(call);
  await problemOf(await call('GET', `/v1/runs/${other}/items/${item}`), 404);
});

test.each(['state=x', 'flag=x', 'row=0', 'after=1.1', 'after=1.x.y', 'limit=0'])(
  'items are not asked for with %s',
  async (query) => {
    const { call } = await liveServer();
    const run = await newRun(call);
    const { problems } = await problemOf(await call('GET', `/v1/runs/${run}/items?${query}`), 422);
    expect(problems[0]?.['field']).toBe(`query.${query.split('=')[0]}`);
  },
);

test('the journal tells what happened, a page at a time, and no process', async () => {
  const { call } = await liveServer();
  const run = await newRun(call);
  await untilRun(call, run);
  const first = await call('GET', `/v1/runs/${run}/journal?limit=2`);
  const page = (await first.json()) as { data: { type: string; data: object }[]; next: string };
  expect(page.data.map(({ type }) => type)).toEqual(['run-planned', 'run-stopped']);
  const rest = await call('GET', `/v1/runs/${run}/journal?after=${page.next}`);
  const { data, next } = (await rest.json()) as typeof page;
  expect(next).toBe(null);
  expect(data.map(({ type }) => type)).toContain('attempt-settled');
  expect(JSON.stringify(data)).not.toContain('worker');
});
