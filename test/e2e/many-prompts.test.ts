/** A vendor that takes many prompts in one request, and refuses all of them for one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate, type SimulateOptions } from '../../simulators/index.ts';
import { imagemill } from '../support/imagemill.ts';

const OPTIONS = ['--model', 'painter-2', '--size', '128x128', '--yes'];

async function world(options: SimulateOptions = {}, more = '') {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  const mill = await imagemill({ GATEWAY_API_KEY: 'a-key-of-the-gateway' });
  await mill.write(
    'imagemill.yaml',
    `vendors:
  gateway: { kind: many-prompts, base_url: '${simulation.urls['many-prompts']}', key_variable: GATEWAY_API_KEY, slots: 4 }
models:
  painter-2:
    vendor: gateway
    credits: 1
    usd: 0.02
    promptsPerRequest: 16
    ${more}
`,
  );
  const run = (...words: string[]) => mill.json('run', 'sheet.csv', ...OPTIONS, ...words);
  const submits = () =>
    simulation['many-prompts'].log.entries.filter(({ operation }) => operation === 'submit');
  return { simulation, vendor: simulation['many-prompts'], mill, run, submits };
}

const good = (place: number) => `a red boat, number ${place}`;

describe('a vendor of many prompts a request', () => {
  test('makes 40 rows in three requests', async () => {
    const { mill, vendor, run, submits } = await world();
    await mill.writeSheet('sheet.csv', 40);
    const { answer } = await run();
    expect(answer).toMatchObject({ exit_code: 0, items: { delivered: 40 }, usd: { actual: 0.8 } });
    expect(submits().map(({ images }) => images)).toEqual([16, 16, 8]);
    expect(vendor.bill.usdMicros).toBe(800_000);
  });

  test('has the offenders found, and everything else made once', async () => {
    const { mill, vendor, run, submits } = await world({ refusals: { pattern: 'blood' } });
    const rows = Array.from({ length: 60 }, (_, place) =>
      place === 17 || place === 41 ? `blood, number ${place}` : good(place),
    );
    await mill.write('sheet.csv', `prompt\n${rows.map((row) => `"${row}"`).join('\n')}\n`);
    const { answer } = await run();
    expect(answer).toMatchObject({ items: { delivered: 58, refused: 2 }, exit_code: 4 });
    // Nobody pays twice: the vendor's bill is the ledger's, an image for each good row.
    expect(vendor.bill.images).toBe(58);
    expect(answer.usd.actual).toBe(58 * 0.02);
    expect(answer.credits).toEqual({ posted: 58, held: 0 });
    expect(new Set(vendor.bill.entries.map(({ prompt }) => prompt)).size).toBe(58);
    // Without a refusal it would be 4 requests; isolating each takes 5 more in the mean.
    expect(submits().length).toBeLessThanOrEqual(4 + 2 * 8);
    const results = await readFile(join(answer.out, 'results.csv'), 'utf8');
    const refused = results.split('\n').filter((line) => line.includes(',refused,'));
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatch(
      /One of the (prompts|pictures) was refused\.,(input|output),violence/,
    );
  });

  test('has what refusals cost in the ledger, and sends fewer prompts together for it', async () => {
    const { mill, vendor, run, submits } = await world(
      { refusals: { pattern: 'blood' }, refusedPromptUsd: 0.02 },
      'refusalCost: { input: image, output: image }',
    );
    const rows = Array.from({ length: 40 }, (_, place) => (place === 17 ? 'blood' : good(place)));
    await mill.write('sheet.csv', `prompt\n${rows.map((row) => `"${row}"`).join('\n')}\n`);
    const { answer } = await run();
    expect(answer).toMatchObject({ items: { delivered: 39, refused: 1 }, exit_code: 4 });
    expect(answer.usd.actual).toBe(vendor.bill.usdMicros / 1_000_000);
    expect(vendor.bill.usdMicros).toBeGreaterThan(39 * 20_000);
    // As each refused prompt costs a picture, two or three travel together, not sixteen.
    expect(Math.max(...submits().map(({ images = 0 }) => images))).toBeLessThan(5);
  });

  test('finds what was made before its answers were lost', async () => {
    const { mill, vendor, run } = await world({ faults: { replyLost: 0.3, truncated: 0.2 } });
    await mill.writeSheet('sheet.csv', 60);
    const { answer } = await run();
    expect(answer).toMatchObject({ items: { delivered: 60 }, exit_code: 0 });
    expect(vendor.bill.images).toBe(60);
  });

  test('goes on with a request that a killed process had sent', async () => {
    const { mill, vendor, submits } = await world({ latencyMs: 1500 });
    await mill.writeSheet('sheet.csv', 20);
    const { child, ended } = mill.start('run', 'sheet.csv', ...OPTIONS, '--json');
    await expect.poll(() => submits().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await ended;
    const { answer } = await mill.json('resume');
    expect(answer).toMatchObject({ items: { delivered: 20 }, exit_code: 0 });
    expect(vendor.bill.images).toBe(20);
    expect(submits()).toHaveLength(2);
  });
});
