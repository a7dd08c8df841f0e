/** Quality as the queue grows, as a user meets it: real pictures over HTTP, measured in worker threads. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { imagemill, type RunAnswer } from '../support/imagemill.ts';

const SIZE = ['--size', '1152x576'];

interface QualityAnswer extends RunAnswer {
  readonly models: readonly { readonly model: string; readonly items: number }[];
  readonly quality: {
    readonly models: readonly {
      readonly model: string;
      readonly verdict: string;
      readonly ratio: number | null;
      readonly curve: readonly { readonly from: number; readonly images: number }[];
      readonly canaries: readonly { readonly verdict: string; readonly ratio: number }[];
    }[];
    readonly flags: Readonly<Record<string, number>>;
  };
}

describe('quality as the queue grows', () => {
  test('a model that loses its detail hands over to the next, and status shows why', async () => {
    const simulation = await simulate({ fade: { after: 1_000_000, blur: 2 } });
    onTestFinished(() => simulation.close());
    simulation.openai.change({ fade: { after: 20, blur: 5 } });
    const mill = await imagemill(simulation.environment);
    await mill.writeSheet('boats.csv', 42);
    const run = await mill.json<QualityAnswer>(
      'run',
      'boats.csv',
      '--model',
      'gpt-image-2,flux-kontext-pro',
      ...SIZE,
      '--rotate-every',
      'auto',
      '--concurrency',
      '3',
      '--yes',
    );
    expect(run.ended.stderr).toMatch(
      /GPT-Image 2\.0 fell to \d+ % of its start in detail .* go to FLUX Kontext Pro \(\d+\)/,
    );
    expect(run).toMatchObject({ code: 0, answer: { items: { delivered: 42 } } });
    const made = new Map(run.answer.models.map(({ model, items }) => [model, items]));
    expect(made.get('gpt-image-2')).toBeGreaterThanOrEqual(28);
    expect(made.get('flux-kontext-pro')).toBeGreaterThan(5);
    expect(simulation.openai.bill.images).toBe(made.get('gpt-image-2'));
    const [flux, gpt] = run.answer.quality.models;
    expect(gpt).toMatchObject({ model: 'gpt-image-2', verdict: 'fell' });
    expect(gpt!.ratio).toBeLessThan(0.5);
    expect(flux?.verdict).not.toBe('fell');
    const status = await mill.run('status');
    expect(status.stdout).toMatch(/gpt-image-2 +[▁-█]+ .* fell below its start/);
  }, 60_000);

  test('canaries lie in a folder of their own, are paid, and are no rows of the results', async () => {
    const mill = await imagemill();
    await mill.writeSheet('boats.csv', 7);
    const words = ['boats.csv', '--size', '256x256', '--canary', '3'];
    const plan = await mill.json<{ items: number; choice: string[] }>('plan', ...words);
    expect(plan.answer.items).toBe(10);
    expect(plan.answer.choice.at(-1)).toContain('3 extra images');
    const { answer } = await mill.json<QualityAnswer>('run', ...words);
    expect(answer).toMatchObject({ rows: 7, items: { delivered: 10 } });
    expect((await readdir(join(answer.out, 'canary'))).toSorted()).toEqual([
      'demo-0001.png',
      'demo-0002.png',
      'demo-0003.png',
    ]);
    expect(answer.quality.models[0]!.canaries).toMatchObject([
      { verdict: 'same', ratio: 1 },
      { verdict: 'same', ratio: 1 },
    ]);
    const results = await readFile(join(answer.out, 'results.csv'), 'utf8');
    expect(results.trimEnd().split('\n')).toHaveLength(8);
    const manifest = JSON.parse(await readFile(join(answer.out, 'manifest.json'), 'utf8')) as {
      files: { file: string; canary?: number; detail: number }[];
    };
    expect(manifest.files).toHaveLength(10);
    expect(manifest.files.filter(({ canary }) => canary !== undefined)).toHaveLength(3);
    expect(manifest.files.every(({ detail }) => detail > 0)).toBe(true);
  });

  test('half gives each model its part of the sheet', async () => {
    const simulation = await simulate();
    onTestFinished(() => simulation.close());
    const mill = await imagemill(simulation.environment);
    await mill.writeSheet('boats.csv', 9);
    const { answer } = await mill.json<{ models: { model: string; items: number }[] }>(
      'plan',
      'boats.csv',
      '--model',
      'gpt-image-2,flux-kontext-pro',
      '--rotate-every',
      'half',
    );
    expect(answer.models.map(({ model, items }) => [model, items])).toEqual([
      ['gpt-image-2', 5],
      ['flux-kontext-pro', 4],
    ]);
  });

  test('an image that repeats an earlier one is flagged in the results', async () => {
    const mill = await imagemill();
    await mill.write('boats.csv', 'prompt,seed\na red boat,7\na snowy forest,7\na red boat,7\n');
    const { answer } = await mill.json<QualityAnswer>('run', 'boats.csv', '--size', '256x256');
    expect(answer.quality.flags).toMatchObject({ 'near-duplicate': 1 });
    const results = await readFile(join(answer.out, 'results.csv'), 'utf8');
    const flagged = results.split('\n').filter((line) => line.includes('near-duplicate of row'));
    expect(flagged).toHaveLength(1);
  });
});
