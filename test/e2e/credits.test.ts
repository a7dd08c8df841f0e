/** Credits and usage from the command line, beside a server that works on the same home. */
import { expect, test } from 'vitest';
import { imagemill } from '../support/imagemill.ts';
import { liveServer } from '../support/live-server.ts';

interface Balance {
  readonly balance: number | null;
  readonly posted: number;
}

test('credits that are granted beside a server let its stopped run go on, and are counted', async () => {
  const server = await liveServer();
  const shell = await imagemill({ IMAGEMILL_HOME: server.home });
  const json = async <Answer>(...words: string[]) => {
    const { code, answer, ended } = await shell.json<Answer>(...words, '--workspace', 'acme');
    expect([code, ended.stderr]).toEqual([0, expect.any(String)]);
    return answer;
  };
  await shell.run('workspaces', 'create', 'acme');
  const key = await server.issueKey({ workspace: 'acme', name: 'a member' });
  const made = await server.call('POST', '/v1/runs', {
    key,
    body: { rows: [{ prompt: 'a boat' }], settings: { models: ['kling-v3'] }, approve: true },
  });
  const { run } = (await made.json()) as { run: string };
  const stands = async () =>
    (await server.call('GET', `/v1/runs/${run}`, { key })).json() as Promise<unknown>;
  await expect
    .poll(stands, { timeout: 20_000 })
    .toMatchObject({ state: 'stopped', reason: 'credits' });

  expect(
    await json('credits', 'grant', '12.5', '--reason', 'Welcome', '--reference', 'w-1'),
  ).toMatchObject({ kind: 'grant', credits: 12.5, balance: 12.5, is_new: true, runs_resumed: 1 });
  expect(await json('credits', 'grant', '12.5', '--reference', 'w-1')).toMatchObject({
    is_new: false,
  });
  await expect.poll(stands, { timeout: 20_000 }).toMatchObject({ state: 'done' });

  const { balance, posted } = await json<Balance>('credits', 'balance');
  expect(posted).toBeGreaterThan(0);
  expect(balance! + posted).toBeCloseTo(12.5, 9);
  const { lines } = await json<{ lines: { kind: string; run: string | null }[] }>(
    'credits',
    'ledger',
    '--run',
    run,
  );
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line.run).toBe(run);
  expect(await json('usage', '--by', 'model')).toMatchObject({
    data: [{ group: 'kling-v3', images: { delivered: 1 }, credits: posted }],
    total: { credits: posted },
  });

  const people = await shell.run('credits', 'balance', '--workspace', 'acme');
  expect(people.stdout).toContain(`Balance  ${balance}`);
  expect(people.stdout).toContain('200 images an hour; 500 from 1,000 bought credits on');
  const table = await shell.run('usage', '--by', 'key', '--workspace', 'acme');
  expect(table.stdout).toMatch(/^Key +Name +Delivered +Refused +Failed +Credits +Dollars$/m);
  expect(table.stdout).toContain('a member');
  const ledger = await shell.run('credits', 'ledger', '--workspace', 'acme', '--limit', '2');
  expect(ledger.stdout).toContain('There are more');
});

test('a purchase raises the ceiling, a refund lowers it and may leave a debt', async () => {
  const shell = await imagemill();
  await shell.run('workspaces', 'create', 'acme');
  const own = (...words: string[]) => shell.json(...words, '--workspace', 'acme');
  await own('credits', 'grant', '5000', '--purchase', '--reference', 'invoice-1');
  expect((await own('credits', 'balance')).answer).toMatchObject({
    bought: 5_000,
    ceiling: { images_per_hour: 1_000 },
  });
  await own('credits', 'refund', '100', '--correction');
  const { answer, ended } = await own('credits', 'refund', '5000');
  expect(answer).toMatchObject({ kind: 'refund', credits: -5_000, balance: -100 });
  expect(ended.stderr).toContain('The balance is below 0');
  expect((await own('credits', 'balance')).answer).toMatchObject({
    bought: 0,
    ceiling: { images_per_hour: 200 },
  });
});

test('what cannot be done is refused with what to do', async () => {
  const shell = await imagemill();
  await shell.run('workspaces', 'create', 'local');
  const refusals: [string[], string][] = [
    [['credits', 'grant', '1e3'], 'Credits are a number above 0'],
    [['credits', 'grant', '5', '--workspace', 'nobody'], 'There is no workspace "nobody"'],
    [['credits', 'refund', '5'], 'Only 0 credits were bought'],
    [['credits', 'ledger', '--limit', 'all'], '--limit must be a whole number'],
    [['usage', '--by', 'colour'], '--by must be day, model, key, run'],
    [['usage', '--time-zone', 'Mars'], '"Mars" is no time zone'],
  ];
  const ends = await Promise.all(refusals.map(([words]) => shell.run(...words)));
  for (const [place, { code, stderr }] of ends.entries()) {
    const [words, message] = refusals[place]!;
    expect([words, code === 0, stderr]).toEqual([words, false, expect.stringContaining(message)]);
  }
});
