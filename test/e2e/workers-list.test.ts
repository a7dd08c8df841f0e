/** `imagemill workers`, beside the processes that it tells of. */
import { expect, test } from 'vitest';
import type { WorkersAnswer } from '../../src/api/client/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { liveServer } from '../support/live-server.ts';

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
