/** What people say of images, over HTTP. */
import { expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { DEMO, itemsOf, newRun, problemOf, untilRun } from '../support/service-run.ts';

async function madeRun({ call }: LiveServer, prompts = ['a red boat', 'a lake', 'a fox']) {
  const run = await newRun(call, { prompts, settings: DEMO });
  await untilRun(call, run);
  return { run, ids: (await itemsOf(call, run)).map(({ item }) => item) };
}

async function answered<Body>(answer: Response): Promise<Body> {
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text) as Body;
}

interface Many {
  readonly changed: number;
  readonly former: readonly Record<string, unknown>[] | null;
}

test('an image is kept, starred and noted, and it is taken back', async () => {
  const server = await liveServer();
  const { call } = server;
  const { run, ids } = await madeRun(server);
  const path = `/v1/runs/${run}/items/${ids[0]}/review`;
  const put = async (body: unknown) => answered<unknown>(await call('PUT', path, { body }));
  expect(await put({ verdict: 'keep', note: '  crisp ' })).toMatchObject({
    verdict: 'keep',
    stars: 0,
    note: 'crisp',
  });
  expect(await put({ stars: 5 })).toMatchObject({ verdict: 'keep', stars: 5, note: 'crisp' });
  const item = await answered<Record<string, unknown>>(
    await call('GET', `/v1/runs/${run}/items/${ids[0]}`),
  );
  expect(item['review']).toMatchObject({ verdict: 'keep', stars: 5, note: 'crisp' });
  expect(item['client_mark']).toBe(null);
  expect(await put({ verdict: null, stars: 0, note: '' })).toBe(null);
  await problemOf(await call('PUT', path, { body: { stars: 6 } }), 422);
});

test('nothing is said of what has no image', async () => {
  const server = await liveServer({ vendors: { refusals: { pattern: 'bad' } } });
  const { call } = server;
  const run = await newRun(call, {
    prompts: ['a bad boat'],
    settings: { models: ['gpt-image-2'] },
  });
  await untilRun(call, run);
  const [{ item } = { item: '' }] = await itemsOf(call, run);
  const body = { verdict: 'keep' };
  const problem = await problemOf(
    await call('PUT', `/v1/runs/${run}/items/${item}/review`, { body }),
    409,
  );
  expect(problem.detail).toContain('nothing to review yet');
});

test('many are reviewed at once, by ids or by a filter, and restored', async () => {
  const server = await liveServer();
  const { call } = server;
  const { run, ids } = await madeRun(server);
  const many = async (body: unknown) =>
    answered<Many>(await call('POST', `/v1/runs/${run}/reviews`, { body }));
  const summary = async () =>
    answered<unknown>(await call('GET', `/v1/runs/${run}/reviews/summary`));
  expect(await many({ items: ids.slice(0, 2), verdict: 'keep' })).toMatchObject({ changed: 2 });
  const rest = await many({ filter: { review: 'undecided' }, verdict: 'reject', stars: 1 });
  expect(rest.changed).toBe(1);
  expect(await summary()).toMatchObject({ kept: 2, rejected: 1, starred: 1, undecided: 0 });
  const all = await many({ filter: {}, verdict: 'reject' });
  expect(all.changed).toBe(2);
  expect((await itemsOf(call, run, '?review=rejected')).length).toBe(3);
  expect(await many({ restore: all.former })).toMatchObject({ changed: 2 });
  expect(await summary()).toMatchObject({ kept: 2, rejected: 1 });
  for (const body of [
    { verdict: 'keep' },
    { items: ids, filter: {}, verdict: 'keep' },
    { restore: rest.former, verdict: 'keep' },
  ]) {
    await problemOf(await call('POST', `/v1/runs/${run}/reviews`, { body }), 422);
  }
});

test('what was said stands in the results sheet, which is a sheet of prompts still', async () => {
  const server = await liveServer();
  const { call } = server;
  const { run, ids } = await madeRun(server, ['a red boat']);
  const body = { verdict: 'keep', stars: 3, note: '=danger' };
  await call('PUT', `/v1/runs/${run}/items/${ids[0]}/review`, { body });
  const sheet = await (await call('GET', `/v1/runs/${run}/results.csv`)).text();
  const [line] = parse(sheet, { bom: true, columns: true }) as Record<string, string>[];
  expect(line).toMatchObject({
    review: 'keep',
    stars: '3',
    review_note: "'=danger",
    client_mark: '',
    client_note: '',
  });
  const form = new FormData();
  form.append('sheet', new Blob([sheet]), 'results.csv');
  form.append('settings', JSON.stringify(DEMO));
  const answer = await call('POST', '/v1/runs', { body: form });
  const again = (await answer.json()) as { run: string };
  expect(answer.status, JSON.stringify(again)).toBe(201);
  const [item] = await itemsOf(call, again.run);
  expect(item).toMatchObject({ prompt: 'a red boat', review: null });
  const second = await (await call('GET', `/v1/runs/${again.run}/results.csv`)).text();
  const [headings] = parse(second, { bom: true }) as string[][];
  expect(headings?.filter((each) => each.includes('review'))).toEqual(['review', 'review_note']);
});

test('who watches the workspace is told of reviews, several of a second together', async () => {
  const server = await liveServer();
  const { call, engine } = server;
  const { run, ids } = await madeRun(server);
  for (const item of ids) {
    await call('PUT', `/v1/runs/${run}/items/${item}/review`, { body: { verdict: 'keep' } });
  }
  const told = async () => {
    const events = await engine.service.events.events('local', 0, 100);
    const own = events.filter(({ type }) => type === 'run.reviewed').map(({ data }) => data);
    return {
      times: own.length,
      images: own.reduce((sum, data) => sum + Number(data['images']), 0),
    };
  };
  await expect.poll(told, { timeout: 5_000 }).toEqual({ times: 2, images: 3 });
});

test('a viewer may look at what was said, and says nothing', async () => {
  const server = await liveServer();
  const { call, issueKey } = server;
  const { run, ids } = await madeRun(server);
  const key = await issueKey({ role: 'viewer' });
  const body = { verdict: 'keep' };
  await problemOf(await call('PUT', `/v1/runs/${run}/items/${ids[0]}/review`, { body, key }), 403);
  const answer = await call('GET', `/v1/runs/${run}/reviews/summary`, { key });
  expect(await answered(answer)).toMatchObject({ undecided: 3 });
});
