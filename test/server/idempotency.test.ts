import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callServer, liveServer, type LiveServer } from '../support/live-server.ts';
import { postgresHome } from '../support/stores.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { DyingOrder } from './dying-server.ts';

const BODY = { rows: [{ prompt: 'a red boat' }], settings: { models: ['demo'] }, approve: true };
const named = (key: string) => ({ 'idempotency-key': key });

async function makeRun({ call }: Pick<LiveServer, 'call'>, key: string, body: object = BODY) {
  const answer = await call('POST', '/v1/runs', { body, headers: named(key) });
  return { answer, json: (await answer.json()) as Record<string, unknown> };
}

async function runsOf({ engine }: LiveServer): Promise<string[]> {
  return (await engine.listRuns()).map(({ id }) => id);
}

describe('a POST with an Idempotency-Key', () => {
  test('is done once, and its first answer is given again', async () => {
    const server = await liveServer();
    const first = await makeRun(server, 'order-1');
    expect(first.answer.status).toBe(201);
    expect(first.answer.headers.get('idempotent-replayed')).toBeNull();
    await expect
      .poll(async () => (await server.engine.report(String(first.json['run']))).run.state, {
        timeout: 50_000,
      })
      .toBe('done');
    const second = await makeRun(server, 'order-1');
    expect(second.answer.status).toBe(201);
    expect(second.answer.headers.get('idempotent-replayed')).toBe('true');
    expect(second.answer.headers.get('content-type')).toBe(
      first.answer.headers.get('content-type'),
    );
    // As it was then, not as it is now.
    expect(second.json).toEqual(first.json);
    expect(await runsOf(server)).toEqual([first.json['run']]);
  });

  test('makes one run of many that come at once', async () => {
    const server = await liveServer();
    const answers = await Promise.all(Array.from({ length: 12 }, () => makeRun(server, 'at-once')));
    const statuses = new Set(answers.map(({ answer }) => answer.status));
    expect(statuses).toEqual(new Set([201, 409]));
    for (const { answer, json } of answers.filter((each) => each.answer.status === 409)) {
      expect(json).toMatchObject({ code: 'conflict' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await runsOf(server)).toHaveLength(1);
  });

  test('tells its answer again to nobody who may not do it', async () => {
    const server = await liveServer();
    await makeRun(server, 'members');
    const answer = await server.call('POST', '/v1/runs', {
      body: BODY,
      headers: named('members'),
      key: await server.issueKey({ role: 'viewer' }),
    });
    expect([403, 422]).toContain(answer.status);
    expect(await answer.text()).not.toContain('created_at');
  });

  test('is refused when it is another one than before', async () => {
    const server = await liveServer();
    await makeRun(server, 'mine');
    const other = await makeRun(server, 'mine', { ...BODY, title: 'another' });
    expect(other.answer.status).toBe(422);
    expect(other.json).toMatchObject({ code: 'idempotency-mismatch' });
    expect(await runsOf(server)).toHaveLength(1);
  });

  test('knows a form by its parts, though its boundary is another one each time', async () => {
    const server = await liveServer();
    const upload = async (sheet: string) => {
      const form = new FormData();
      form.set('settings', '{"models":["demo"]}');
      form.set('sheet', new File([sheet], 'sheet.csv'));
      const init = { body: form, headers: named('form') };
      const answer = await server.call('POST', '/v1/runs', init);
      return { answer, json: (await answer.json()) as Record<string, unknown> };
    };
    const first = await upload('prompt\na fox\n');
    expect(first.answer.status).toBe(201);
    const second = await upload('prompt\na fox\n');
    expect(second.answer.headers.get('idempotent-replayed')).toBe('true');
    expect(second.json).toEqual(first.json);
    expect((await upload('prompt\na bear\n')).answer.status).toBe(422);
    expect(await runsOf(server)).toHaveLength(1);
    expect(await readdir(join(server.home, 'incoming'))).toEqual([]);
  });

  test('keeps no secret to give again', async () => {
    const server = await liveServer();
    const order = { body: { name: 'robot', role: 'viewer' }, headers: named('key') };
    const first = await server.call('POST', '/v1/keys', order);
    expect(first.status).toBe(201);
    const { secret } = (await first.json()) as { secret: string };
    const second = await server.call('POST', '/v1/keys', order);
    expect(second.status).toBe(409);
    expect(await second.text()).not.toContain(secret);
    const files = await readdir(server.home);
    for (const file of files.filter((name) => /\.db/.test(name))) {
      expect((await readFile(join(server.home, file))).includes(secret), file).toBe(false);
    }
    expect(await server.engine.service.keys.list('local')).toHaveLength(2);
  });

  test('may be corrected under its key when it was refused for what it was', async () => {
    const server = await liveServer();
    const wrong = await makeRun(server, 'again', { ...BODY, rows: [] });
    expect(wrong.answer.status).toBe(422);
    const right = await makeRun(server, 'again');
    expect(right.answer.status).toBe(201);
    expect(right.answer.headers.get('idempotent-replayed')).toBeNull();
  });

  test('has a key that is its workspace’s own', async () => {
    const server = await liveServer();
    await server.engine.service.workspaces.list();
    const key = await server.issueKey({ workspace: 'elsewhere' });
    await makeRun(server, 'same');
    const body = { ...BODY, title: 'theirs' };
    const theirs = await server.call('POST', '/v1/runs', { body, key, headers: named('same') });
    expect(theirs.status).toBe(201);
  });

  test.each(['', 'two words', 'ä', 'x'.repeat(256)])('cannot have the key “%s”', async (key) => {
    const server = await liveServer();
    const answer = await server.call('POST', '/v1/runs', { body: BODY, headers: named(key) });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'invalid',
      problems: [{ field: 'header.Idempotency-Key' }],
    });
  });
});

describe.each(['SQLite', 'PostgreSQL'])('on %s', (kind) => {
  async function homeOf(): Promise<{ home: string; databaseUrl?: string }> {
    const home = join(await temporaryFolder(), 'home');
    if (kind === 'SQLite') return { home };
    const database = await postgresHome();
    onTestFinished(() => database[Symbol.asyncDispose]());
    return { home, databaseUrl: database.address };
  }

  test.each(['before', 'reading', 'made'] as const)(
    'a server that dies (%s) leaves a request that is done once by the next one',
    async (dies) => {
      const place = await homeOf();
      const dead = await dyingServer({ ...place, dies });
      const rows = Array.from({ length: 2_500 }, (_, at) => ({ prompt: `boat ${at}` }));
      const body = { rows, settings: { models: ['demo'] } };
      const cut = callServer(dead.url, dead.secret, 'POST', '/v1/runs', {
        body,
        headers: named('once'),
      });
      await expect(cut).rejects.toThrow();
      await dead.ended;

      const next = await liveServer(place);
      const left = await runsOf(next);
      expect(left).toHaveLength(dies === 'before' ? 0 : 1);
      const again = await next.call('POST', '/v1/runs', {
        key: dead.secret,
        body,
        headers: named('once'),
      });
      expect(again.status).toBe(201);
      const made = (await again.json()) as { run: string; items: Record<string, number> };
      expect(made).toMatchObject({ rows: 2_500 });
      // Some may be on their way already.
      expect(Object.values(made.items).reduce((sum, each) => sum + each)).toBe(2_500);
      expect(await runsOf(next)).toEqual([made.run]);
      if (dies !== 'before') expect(left).toEqual([made.run]);
    },
    60_000,
  );
});

test('two servers on one database do it once', async () => {
  const database = await postgresHome();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const one = await liveServer({ databaseUrl: database.address });
  const other = await liveServer({ databaseUrl: database.address });
  const calls = [one, other, one, other].map(({ url }) =>
    callServer(url, one.secret, 'POST', '/v1/runs', { body: BODY, headers: named('both') }),
  );
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses).toContain(201);
  expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
  expect(await runsOf(one)).toHaveLength(1);
  const later = await callServer(other.url, one.secret, 'POST', '/v1/runs', {
    body: BODY,
    headers: named('both'),
  });
  expect(later.headers.get('idempotent-replayed')).toBe('true');
});

/** Gone when the test is over, whatever came of it. */
async function dyingServer(order: DyingOrder) {
  const script = join(import.meta.dirname, 'dying-server.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, secret } = JSON.parse(line.toString()) as { url: string; secret: string };
  return { url, secret, ended };
}
