/** `imagemill workers`, beside the processes that it tells of. */
import { expect, test } from 'vitest';
import type { WorkersAnswer } from '../../src/api/client/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { liveServer } from '../support/live-server.ts';
import { startWorker } from '../support/worker-process.ts';

test('lists the processes on the store, and says what nobody takes', async () => {
  const server = await liveServer({ config: { worker: { kinds: ['jobs'] } } });
  const id = await server.engine.service.operations.register();
  const shell = await imagemill({ IMAGEMILL_HOME: server.home });
  const body = { prompts: ['a boat'], settings: { models: ['demo'] }, approve: true };
  expect((await server.call('POST', '/v1/runs', { body })).status).toBe(201);

  const shown = await shell.run('workers');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(new RegExp(`^${id} .* ${process.pid} .* jobs +working +0 `, 'm'));
  expect(shown.stdout + shown.stderr).toContain('No worker takes runs, and 1 run waits');

  const { answer } = await shell.json<WorkersAnswer>('workers');
  expect(answer).toMatchObject({
    data: [{ worker: id, takes: ['jobs'], standing: 'working' }],
    taking: { runs: 0, finishing: 0, jobs: 1 },
    missing: ['runs'],
  });

  await server.stop();
  const without = await shell.run('workers');
  expect(without.stdout).toContain('Nobody works on this store');
});

test('says when a worker was heard of last, though its lease is not the default', async () => {
  const shell = await imagemill({ IMAGEMILL_LEASE: '10' });
  const worker = await startWorker(shell);
  await new Promise((resolve) => setTimeout(resolve, 3500));
  const { answer } = await shell.json<WorkersAnswer>('workers');
  const [known] = answer.data;
  expect(known).toMatchObject({ worker: worker.id, standing: 'working' });
  // It has renewed its lease since then.
  expect(Date.parse(known!.seen_at)).toBeGreaterThan(Date.parse(known!.started_at!));
  worker.signal('SIGTERM');
  await worker.ended;
});

test('a worker says at its start that its bucket does not answer', async () => {
  const shell = await imagemill({
    AWS_ACCESS_KEY_ID: 'one',
    AWS_SECRET_ACCESS_KEY: 'a-secret',
    IMAGEMILL_S3_BUCKET: 'pictures',
    IMAGEMILL_S3_ENDPOINT: 'http://127.0.0.1:1',
  });
  const worker = await startWorker(shell);
  expect(worker.stderr()).toContain('No image can be kept yet. The bucket does not answer');
  expect(worker.stderr()).not.toContain('a-secret');
  worker.signal('SIGTERM');
  expect((await worker.ended).code).toBe(0);
});

test('a worker says at its start that others keep images elsewhere', async () => {
  const here = await imagemill();
  const first = await startWorker(here);
  expect(first.stderr()).not.toContain('elsewhere');

  const there = await imagemill({
    AWS_ACCESS_KEY_ID: 'one',
    AWS_SECRET_ACCESS_KEY: 'a-secret',
    IMAGEMILL_HOME: `${here.folder}/home`,
    IMAGEMILL_S3_BUCKET: 'pictures',
    IMAGEMILL_S3_ENDPOINT: 'http://127.0.0.1:1',
  });
  const second = await startWorker(there);
  expect(second.stderr()).toContain('Images are kept elsewhere by 1 other process on this store');
  expect(second.stderr()).toContain(`${first.pid} on `);
});
