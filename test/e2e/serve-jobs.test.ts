import { expect, test } from 'vitest';
import { imagemill } from '../support/imagemill.ts';
import { paintPicture } from '../support/pictures.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';

interface Job {
  readonly job: string;
  readonly state: string;
  readonly pictures: { readonly done: number; readonly waiting: number };
}

const PICTURES = 12;

test('a job of a server that is killed is taken up by the next one', async () => {
  const mill = await imagemill({});
  const server = await startServe(mill);
  const form = new FormData();
  form.append('job', JSON.stringify({ kind: 'upscale', factor: 4 }));
  const picture = new Uint8Array(await paintPicture(96, 96));
  for (let place = 1; place <= PICTURES; place += 1) {
    form.append('pictures', new Blob([picture], { type: 'image/png' }), `${place}.png`);
  }
  const made = await server.call('POST', '/v1/jobs', { body: form });
  expect(made.status).toBe(201);
  const { job } = (await made.json()) as Job;
  const look = async ({ call }: ServeProcess) =>
    (await (await call('GET', `/v1/jobs/${job}`, { key: server.key })).json()) as Job;
  await expect
    .poll(async () => (await look(server)).pictures.done, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(0);
  server.signal('SIGKILL');
  await server.ended;

  const again = await startServe(mill);
  const before = await look(again);
  expect(before.pictures.waiting).toBeGreaterThan(0);
  await expect
    .poll(() => look(again), { timeout: 50_000 })
    .toMatchObject({ state: 'done', pictures: { done: PICTURES, failed: 0, waiting: 0 } });
  again.signal('SIGTERM');
  expect((await again.ended).code).toBe(0);
});
