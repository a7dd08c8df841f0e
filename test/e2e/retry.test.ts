/** `imagemill retry`: as it was, with other words, or with another model; priced before it is paid. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate, type SimulateOptions, type Simulation } from '../../simulators/index.ts';
import { imagemill, type Imagemill, type RunAnswer } from '../support/imagemill.ts';

const SHEET = `prompt,name,place
a cat,cat,barn
a blood orange,orange,market
a dog,dog,yard
blood on the snow,snow,forest
`;
/** By their content, so that a rewrite can be good or bad. */
const REFUSING: SimulateOptions = { refusals: { pattern: 'blood', stage: 'input' } };

interface World {
  readonly simulation: Simulation;
  readonly mill: Imagemill;
  readonly first: RunAnswer;
}

/** A run of four rows of which OpenAI refused two. */
async function world(options: SimulateOptions = REFUSING): Promise<World> {
  const simulation = await simulate(options);
  onTestFinished(() => simulation.close());
  const mill = await imagemill(simulation.environment);
  await mill.write('sheet.csv', SHEET);
  const { answer } = await mill.json('run', 'sheet.csv', '--model', 'gpt-image-2', '--yes');
  return { simulation, mill, first: answer };
}

async function resultsOf(out: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(out, 'results.csv'), 'utf8');
  return parse(text, { columns: true, bom: true });
}

describe('retry of what was refused', () => {
  test('with other words makes it, and the result stays with its row', async () => {
    const { simulation, mill, first } = await world();
    expect(first.items).toMatchObject({ delivered: 2, refused: 2 });
    const { code, answer, ended } = await mill.json(
      'retry',
      first.run,
      '--refused',
      '--rewrite',
      'studio photo of {name} at a {Place}',
      '--yes',
    );
    expect([code, answer.items['delivered']]).toEqual([0, 4]);
    expect(ended.stderr).toContain('2 refused images of 2 rows will be made again.');
    expect(ended.stderr).toContain('row 2: studio photo of orange at a market');
    expect(ended.stderr).toMatch(/Expected [\d.]+ credits \(\$[\d.]+\), at most/);
    const prompts = simulation.openai.bill.entries.map(({ prompt }) => prompt);
    expect(prompts.slice(2).toSorted()).toEqual([
      'studio photo of orange at a market',
      'studio photo of snow at a forest',
    ]);
    const results = await resultsOf(answer.out);
    expect(results.map(({ row, prompt, state }) => [row, prompt, state])).toEqual([
      ['1', 'a cat', 'delivered'],
      ['2', 'a blood orange', 'delivered'],
      ['3', 'a dog', 'delivered'],
      ['4', 'blood on the snow', 'delivered'],
    ]);
    // The sheet as it is asks for nothing more.
    const again = await mill.json('run', 'sheet.csv', '--model', 'gpt-image-2', '--yes');
    expect([again.code, simulation.openai.bill.images]).toEqual([0, 4]);
  });

  test('with another model asks that one, at its price', async () => {
    const { simulation, mill, first } = await world();
    simulation.kling.change({ refusals: null });
    const { code, answer } = await mill.json(
      'retry',
      first.run,
      '--refused',
      '--model',
      'kling-v3',
      '--yes',
    );
    expect([code, answer.items['delivered']]).toEqual([0, 4]);
    expect(simulation.kling.bill.images).toBe(2);
    expect(answer.usd.actual).toBeCloseTo(
      (simulation.kling.bill.usdMicros + simulation.openai.bill.usdMicros) / 1e6,
      9,
    );
    const results = await resultsOf(answer.out);
    expect(results.map(({ model }) => model)).toEqual([
      'gpt-image-2',
      'kling-v3',
      'gpt-image-2',
      'kling-v3',
    ]);
  });

  test('keeps the words of a second refusal, and its kind', async () => {
    const { mill, first } = await world();
    const rewrite = 'a painting: {prompt}';
    const { code, answer } = await mill.json(
      'retry',
      first.run,
      '--refused',
      '--rewrite',
      rewrite,
      '--yes',
    );
    expect([code, answer.items['refused']]).toEqual([4, 2]);
    const results = await resultsOf(answer.out);
    expect(results[1]).toMatchObject({ refusal_stage: 'input', refusal_category: 'violence' });
  });

  test('changes nothing while nobody has agreed to the price, and ends with 7', async () => {
    const { simulation, mill, first } = await world();
    const { code, answer, ended } = await mill.json('retry', first.run, '--refused');
    expect([code, answer.exit_code, answer.state]).toEqual([7, 7, 'done']);
    expect(answer.items).toEqual(first.items);
    expect(ended.stderr).toContain('--yes');
    expect(simulation.openai.bill.images).toBe(2);
  });

  test.each([
    ['a column that is not there', ['--rewrite', 'a {colour} cat'], '{colour}'],
    ['no words', ['--rewrite', ' '], 'empty'],
    ['a model that nobody knows', ['--model', 'gpt-image-9'], 'No such model'],
    [
      'words that are too long for the model',
      ['--model', 'kling-v3', '--rewrite', 'x'.repeat(2600)],
      '2600 characters',
    ],
  ])('is refused as a whole for %s', async (_what, words, told) => {
    const { mill, first } = await world();
    const { code, ended } = await mill.json('retry', first.run, '--refused', ...words, '--yes');
    expect(code).toBe(2);
    expect(ended.stderr).toContain(told);
    expect((await mill.json('status', first.run)).answer.items).toEqual(first.items);
  });

  test('does not ask for the unknown in other words', async () => {
    const { mill, first } = await world();
    const words = ['--unknown', '--rewrite', 'a cat', '--yes'];
    const { code, ended } = await mill.json('retry', first.run, ...words);
    expect(code).toBe(2);
    expect(ended.stderr).toContain('may have been made');
  });
});

describe('what was refused', () => {
  test('is told by kind, and image by image with the vendor’s words', async () => {
    const { mill, first } = await world();
    const status = await mill.json<{ refusals: unknown }>('status', first.run);
    expect(status.answer.refusals).toEqual([{ category: 'violence', stage: 'input', items: 2 }]);
    expect(status.ended.stderr).toContain('Refused: 2 for violence (input)');
    const list = await mill.json<{ items: Record<string, unknown>[] }>(
      'items',
      first.run,
      '--state',
      'refused',
    );
    expect(list.answer.items).toMatchObject([
      { row: 2, state: 'refused', refusal_stage: 'input', refusal_category: 'violence' },
      { row: 4, state: 'refused', refusal_stage: 'input', refusal_category: 'violence' },
    ]);
    expect(list.ended.stderr).toContain('input violence: Your request was rejected');
    const all = await mill.json<{ items: unknown[] }>('items', first.run);
    expect(all.answer.items).toHaveLength(4);
    expect((await mill.run('items', first.run, '--state', 'sad')).code).toBe(2);
  });
});

describe('--fallback on the command line', () => {
  test('makes what the first model refused, and the plan has said so', async () => {
    const simulation = await simulate(REFUSING);
    onTestFinished(() => simulation.close());
    simulation.bfl.change({ refusals: null });
    const mill = await imagemill(simulation.environment);
    await mill.write('sheet.csv', SHEET);
    const words = ['sheet.csv', '--model', 'gpt-image-2', '--fallback', 'flux-kontext-pro'];
    const plan = await mill.run('plan', ...words);
    expect(plan.stdout).toContain('flux-kontext-pro makes what is refused');
    const { code, answer } = await mill.json('run', ...words, '--yes');
    expect([code, answer.items['delivered']]).toEqual([0, 4]);
    expect([simulation.openai.bill.images, simulation.bfl.bill.images]).toEqual([2, 2]);
    const results = await resultsOf(answer.out);
    expect(results[1]).toMatchObject({ model: 'flux-kontext-pro', state: 'delivered' });
  });
});
