import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';

test('a run that is ordered over HTTP is made, and can be watched', async () => {
  const { call } = await liveServer();
  const rows = [{ prompt: 'a red boat' }, { prompt: 'a blue boat' }];
  const created = await call('POST', '/v1/runs', {
    body: { rows, settings: { models: ['demo'] }, approve: true },
  });
  expect(created.status).toBe(201);
  const { run } = (await created.json()) as { run: string };
  await expect
    .poll(async () => (await (await call('GET', `/v1/runs/${run}`)).json()) as object)
    .toMatchObject({ state: 'done', items: { delivered: 2 } });
});

test('without a key there is nothing to see', async () => {
  const { call } = await liveServer();
  const answer = await call('GET', '/v1/runs/r123', { key: '' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
});
