import { expect, test } from 'vitest';
import type { TilesAnswer } from '../../src/api/client/index.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { DEMO, newRun, problemOf, untilRun } from '../support/service-run.ts';

async function tilesOf(call: LiveServer['call'], run: string, query = ''): Promise<TilesAnswer> {
  return (await (await call('GET', `/v1/runs/${run}/tiles${query}`)).json()) as TilesAnswer;
}

const placesOf = ({ data }: TilesAnswer) => data.map(({ row, index }) => `${row}.${index}`);

test('tiles come by place, with how many there are', async () => {
  const { call } = await liveServer();
  const prompts = ['one', 'two', 'three'];
  const run = await newRun(call, { prompts, settings: { ...DEMO, count: 2 } });
  await untilRun(call, run);
  const all = await tilesOf(call, run);
  expect([all.total, all.models, placesOf(all)]).toEqual([
    6,
    ['demo'],
    ['1.1', '1.2', '2.1', '2.2', '3.1', '3.2'],
  ]);
  expect(all.data[0]!.prompt).toBe(undefined);
  const part = await tilesOf(call, run, '?offset=3&limit=2&prompts=true');
  expect([part.total, placesOf(part), part.data[0]!.prompt]).toEqual([6, ['2.2', '3.1'], 'two']);
  const rows = await tilesOf(call, run, '?by=row&offset=1&limit=1');
  expect([rows.total, placesOf(rows)]).toEqual([3, ['2.1', '2.2']]);
  const { item, version } = all.data[0]!;
  const thumbnail = `/v1/runs/${run}/items/${item}/thumbnail?width=96&version=${version}`;
  expect((await call('GET', thumbnail)).status).toBe(200);
});

test('tiles are found by what a filter says, and counted', async () => {
  const { call } = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const prompts = ['a boat', 'a bad boat', 'a lake', 'a river'];
  const run = await newRun(call, { prompts, settings: { models: ['gpt-image-2'] } });
  await untilRun(call, run);
  const found = async (query: string) => {
    const page = await tilesOf(call, run, query);
    return [page.total, ...placesOf(page)];
  };
  expect(await found('?state=refused')).toEqual([1, '2.1']);
  expect(await found('?state=delivered&limit=1&offset=1')).toEqual([3, '3.1']);
  expect(await found('?state=delivered,refused&offset=2&limit=1')).toEqual([4, '3.1']);
  expect(await found('?search=BOAT')).toEqual([2, '1.1', '2.1']);
  expect(await found('?search=boat&by=row&offset=1')).toEqual([2, '2.1']);
  expect(await found('?model=demo')).toEqual([0]);
  expect(await found('?review=undecided&offset=2')).toEqual([3, '4.1']);
  const [refused] = (await tilesOf(call, run, '?state=refused')).data;
  expect(refused).toMatchObject({ version: null, verdict: null, mark: null });
  expect(refused!.reason).not.toBe(null);
  await problemOf(await call('GET', `/v1/runs/${run}/tiles?state=lost`), 422);
  await problemOf(await call('GET', `/v1/runs/${run}/tiles?limit=2001`), 422);
});
