/** The processes on a store as operators see them, and what of it everybody else may know. */
import { expect, test } from 'vitest';
import type { DashboardAnswer, WorkersAnswer } from '../../src/api/client/index.ts';
import { VERSION } from '../../src/engine/version.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';

async function workersOf({ call }: LiveServer): Promise<WorkersAnswer> {
  const answer = await call('GET', '/v1/workers');
  expect(answer.status).toBe(200);
  return (await answer.json()) as WorkersAnswer;
}

async function dashboardOf({ call }: LiveServer, key: string): Promise<DashboardAnswer> {
  const answer = await call('GET', '/v1/dashboard', { key });
  return (await answer.json()) as DashboardAnswer;
}

function order(key: string) {
  return { key, body: { prompts: ['a boat'], settings: { models: ['demo'] }, approve: true } };
}

const NOTHING = { worker: { kinds: [] } } as const;

test('a server tells of itself what it takes and can, and neither keys nor places', async () => {
  const server = await liveServer();
  const { data, ...sums } = await workersOf(server);
  expect(data).toEqual([
    {
      worker: expect.stringMatching(/^w/) as string,
      standing: 'working',
      host: expect.not.stringContaining('/') as string,
      pid: process.pid,
      version: VERSION,
      takes: ['runs', 'finishing', 'jobs'],
      vendors: expect.arrayContaining(['kling', 'openai']) as string[],
      skills: expect.any(Array) as string[],
      has_same_images: true,
      started_at: expect.any(String) as string,
      seen_at: expect.any(String) as string,
      draining_at: null,
      ended_at: null,
      load: expect.objectContaining({ runs: 0, in_flight: 0, requests_ended: 0 }) as object,
      runs: [],
    },
  ]);
  expect(sums).toMatchObject({
    standings: { working: 1, draining: 0, lapsed: 0, gone: 0 },
    taking: { runs: 1, finishing: 1, jobs: 1 },
    missing: [],
  });
  expect(JSON.stringify(data)).not.toContain(server.home);
  for (const role of ['viewer', 'member', 'admin'] as const) {
    const key = await server.issueKey({ role });
    expect((await server.call('GET', '/v1/workers', { key })).status).toBe(403);
  }
});

test('work that nobody takes is told to operators, and to those whose it is', async () => {
  const server = await liveServer({ config: NOTHING });
  const idle = await workersOf(server);
  expect(idle).toMatchObject({ taking: { runs: 0, finishing: 0, jobs: 0 }, missing: [] });
  expect(idle.data[0]).toMatchObject({ standing: 'working', takes: [] });
  const waiting = await server.issueKey({ workspace: 'acme' });
  const other = await server.issueKey({ workspace: 'other' });
  expect((await server.call('POST', '/v1/runs', order(waiting))).status).toBe(201);
  expect(await workersOf(server)).toMatchObject({ untaken: { runs: 1 }, missing: ['runs'] });
  const { workers } = await dashboardOf(server, waiting);
  expect(workers).toEqual({ taking: { runs: 0, finishing: 0, jobs: 0 }, missing: ['runs'] });
  expect((await dashboardOf(server, other)).workers.missing).toEqual([]);
});

test('what runs is taken: nothing is missing, and its owner is named', async () => {
  const server = await liveServer({ vendors: { latencyMs: 3_000 } });
  const key = await server.issueKey({ workspace: 'acme' });
  const body = { prompts: ['a boat'], settings: { models: ['kling-v3'] }, approve: true };
  const made = await server.call('POST', '/v1/runs', { key, body });
  const { run } = (await made.json()) as { run: string };
  await expect
    .poll(async () => (await workersOf(server)).data[0]?.runs, { timeout: 20_000 })
    .toEqual([run]);
  expect(await workersOf(server)).toMatchObject({ untaken: { runs: 0 }, missing: [] });
  const report = await server.call('GET', `/v1/runs/${run}`, { key });
  expect(await report.json()).toMatchObject({ is_worked_on: true, hands: 0 });
});

test('figures for Prometheus tell of each process, and of all together', async () => {
  const { call } = await liveServer();
  const text = await (await call('GET', '/metrics')).text();
  for (const line of [
    'imagemill_workers{standing="working"} 1',
    'imagemill_workers{standing="gone"} 0',
    'imagemill_workers_taking{kind="finishing"} 1',
    'imagemill_untaken{kind="runs"} 0',
    'imagemill_takes{kind="jobs"} 1',
    'imagemill_hands_lent 0',
    'imagemill_finishing 0',
    'imagemill_finished_for_others_total 0',
  ]) {
    expect(text).toContain(line);
  }
});
