import { describe, expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import { InputError } from '../core/errors.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { Row } from '../core/row.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { createPlanner, type Planner, type PlannerOptions, type SheetLine } from './plan-run.ts';

const catalog = createCatalog(MODELS);
const everyModel = MODELS.map((model) => model.id);

function planner(
  settings: Partial<RunSettings> = {},
  options: Partial<PlannerOptions> = {},
): Planner {
  return createPlanner({
    catalog,
    available: everyModel,
    ...options,
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
}

function line(number: number, row: Partial<Row> = {}): SheetLine {
  return {
    kind: 'row',
    row: {
      number,
      line: number + 1,
      prompt: `prompt ${number}`,
      references: [],
      cells: {},
      ...row,
    },
  };
}

function lines(count: number, row: Partial<Row> = {}): SheetLine[] {
  return Array.from({ length: count }, (_, index) => line(index + 1, row));
}

/** Plans lines that are all good. */
function plan(
  sheet: readonly SheetLine[],
  settings: Partial<RunSettings> = {},
  options: Partial<PlannerOptions> = {},
) {
  const made = planner(settings, options);
  const planned = sheet
    .map((each) => made.add(each))
    .map((answer) => {
      if (answer.kind === 'problems') throw new InputError(answer.problems);
      return answer.line;
    });
  const rows = planned.flatMap((each) => (each.kind === 'row' ? [each.row] : []));
  const skipped = planned.flatMap((each) => (each.kind === 'skipped' ? [each.row] : []));
  return { plan: made.finish(), rows, skipped };
}

function problemsOf(
  row: Partial<Row>,
  settings: Partial<RunSettings> = {},
  options: Partial<PlannerOptions> = {},
) {
  const answer = planner(settings, options).add(line(7, row));
  if (answer.kind !== 'problems') throw new Error('expected problems');
  return answer.problems;
}

describe('models of rows', () => {
  test('auto is the demo painter without any vendor’s key', () => {
    const { plan: made } = plan(lines(3), {}, { available: ['demo'] });
    expect(made.models.map((each) => each.model)).toEqual(['demo']);
    expect(made.expected).toEqual({ creditMicros: 0, usdMicros: 0 });
    expect(made.choice).toEqual(['auto: no vendor’s key is set, so the demo painter paints']);
  });

  test('a key of a model that auto does not take leads to that model', () => {
    expect(problemsOf({}, {}, { available: ['demo', 'kling-v3'] })[0]?.remedy).toContain(
      'Name a model that auto does not take by itself (kling-v3)',
    );
  });

  test('auto follows each row’s size and explains each size once', () => {
    const small = { width: 768, height: 768 };
    const { plan: made, rows } = plan([line(1), line(2, { size: small }), line(3)]);
    expect(rows.map((row) => row.model)).toEqual([
      'gpt-image-2',
      'flux-kontext-pro',
      'gpt-image-2',
    ]);
    expect(made.choice).toHaveLength(3);
  });

  test('two models take turns every 30 prompts; rows with their own model do not count', () => {
    const sheet = [...lines(30), line(31, { model: 'Kling' }), ...lines(40).slice(31)];
    const { rows } = plan(sheet, { models: ['gpt-image-2', 'flux'] });
    expect(rows.map((row) => row.model)).toEqual([
      ...Array.from({ length: 30 }, () => 'gpt-image-2'),
      'kling-v3',
      ...Array.from({ length: 9 }, () => 'flux-kontext-pro'),
    ]);
  });

  test('a turn ends a batch: 30 prompts are batches of 25 and 5', () => {
    const { rows } = plan(lines(70), { models: ['gpt-image-2', 'flux-kontext-pro'] });
    expect(batchSizes(rows)).toEqual([25, 5, 25, 5, 10]);
  });

  test('a batch is never above the model’s own maximum', () => {
    expect(batchSizes(plan(lines(25), { models: ['kling-v3'] }).rows)).toEqual([10, 10, 5]);
    const max = { models: ['gpt-image-2'], batchSize: 'max' } as const;
    expect(batchSizes(plan(lines(60), max).rows)).toEqual([50, 10]);
  });

  test('settings with an unknown model, one without a key, or auto in a list are refused', () => {
    expect(() => planner({ models: ['gpt-imgae-2'] })).toThrow('Did you mean gpt-image-2');
    expect(() =>
      planner({ models: ['flux'] }, { available: ['demo'], howToReach: () => 'Set BFL_API_KEY.' }),
    ).toThrow('Set BFL_API_KEY, or choose another model.');
    expect(() => planner({ models: ['auto', 'flux'] })).toThrow('auto cannot take turns');
  });
});

function batchSizes(rows: readonly PlannedRow[]): number[] {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(row.batch, (sizes.get(row.batch) ?? 0) + 1);
  return [...sizes].toSorted(([one], [other]) => one - other).map(([, size]) => size);
}

describe('what is asked of a model', () => {
  test('images of a row go into as few requests as possible', () => {
    const requests = (models: string[], count: number) =>
      plan([line(1, { count })], { models }).rows[0]?.requests.map((each) => each.count);
    expect(requests(['kling-v3'], 10)).toEqual([9, 1]);
    expect(requests(['gpt-image-2'], 10)).toEqual([10]);
    expect(requests(['flux'], 3)).toEqual([1, 1, 1]);
  });

  test('an aspect ratio takes the area of the run’s size', () => {
    const { rows } = plan([line(1, { aspectRatio: [16, 9] })], { models: ['flux'] });
    expect(rows[0]?.size).toEqual({ width: 1360, height: 768 });
  });

  test('a negative prompt is appended where the model has no field, and the warning is counted', () => {
    const sheet = [
      line(1, { prompt: 'A cat.', negativePrompt: 'dogs' }),
      line(2, { prompt: 'a hat', negativePrompt: 'dogs' }),
    ];
    const { plan: made, rows } = plan(sheet, { models: ['gpt-image-2'] });
    expect(rows.map((row) => row.prompt)).toEqual(['A cat. avoid: dogs', 'a hat. avoid: dogs']);
    expect(rows[0]).not.toHaveProperty('negativePrompt');
    expect(made.warnings).toEqual([
      '2 rows: GPT-Image 2.0 has no field for a negative prompt: it is appended to the prompt as “avoid: …”',
    ]);
  });

  test('Kling takes a negative prompt, but not beside a reference', () => {
    const models = ['kling-v3'];
    const [alone, beside] = plan(
      [
        line(1, { negativePrompt: 'dogs' }),
        line(2, { negativePrompt: 'dogs', references: ['https://example.org/a.png'] }),
      ],
      { models },
    ).rows;
    expect(alone).toMatchObject({ prompt: 'prompt 1', negativePrompt: 'dogs' });
    expect(beside?.prompt).toBe('prompt 2. avoid: dogs');
  });

  test('the settings’ negative prompt and seed stand in where a row has none', () => {
    const { rows } = plan([line(1), line(2, { negativePrompt: 'rain', seed: 5 })], {
      models: ['demo'],
      negative: 'dogs',
      seed: 9,
    });
    expect(rows[0]).toMatchObject({ negativePrompt: 'dogs', seed: 9 });
    expect(rows[1]).toMatchObject({ negativePrompt: 'rain', seed: 5 });
  });

  test('a seed is left out, with a warning, where the model takes none', () => {
    const { plan: made, rows } = plan(lines(2, { seed: 4 }), { models: ['gpt-image-2'] });
    expect(rows[0]).not.toHaveProperty('seed');
    expect(made.warnings).toEqual([expect.stringMatching(/^2 rows: GPT-Image 2\.0 takes no seed/)]);
  });

  test('a style’s words come with the prompts that are sent; the row stays as it was', () => {
    const applyStyle = (row: Row) => ({ ...row, prompt: `${row.prompt}, oil on canvas` });
    const { rows } = plan([line(1, { style: 'oil' })], { models: ['demo'] }, { applyStyle });
    expect(rows[0]).toMatchObject({
      prompt: 'prompt 1, oil on canvas',
      row: { prompt: 'prompt 1' },
    });
  });
});

describe('problems of a row', () => {
  test.each<[string, Partial<Row>, Partial<RunSettings>, object]>([
    [
      'an unknown model',
      { model: 'klang' },
      {},
      { column: 'model', remedy: 'Did you mean kling-v3?' },
    ],
    [
      'a size too large',
      { size: { width: 9000, height: 9000 } },
      { models: ['flux'] },
      { column: 'size', value: '9000x9000' },
    ],
    [
      'a ratio it does not make',
      { aspectRatio: [5, 1] },
      { models: ['kling'] },
      { column: 'aspect_ratio' },
    ],
    [
      'too many references',
      { references: ['https://a/1', 'https://a/2'] },
      { models: ['kling'] },
      { column: 'image' },
    ],
    [
      'a prompt too long',
      { prompt: 'x'.repeat(2501) },
      { models: ['kling'] },
      { column: 'prompt' },
    ],
    [
      'a negative prompt, if so chosen',
      { negativePrompt: 'dogs' },
      { models: ['flux'], negativeUnsupported: 'refuse' },
      { column: 'negative_prompt', value: 'dogs' },
    ],
  ])('%s', (_, row, settings, expected) => {
    const problems = problemsOf(row, settings);
    expect(problems).toMatchObject([{ line: 8, ...expected }]);
    expect(problems[0]?.remedy).toMatch(/\.$|\?$/);
  });

  test('a model without a key names what to do', () => {
    const howToReach = () => 'Set KLING_API_KEY.';
    expect(problemsOf({ model: 'kling' }, {}, { available: ['demo'], howToReach })).toMatchObject([
      { column: 'model', remedy: 'Set KLING_API_KEY, or choose another model.' },
    ]);
  });

  test('a picture too large to be made from a reference', () => {
    const wanted = {
      size: { width: 4096, height: 4096 },
      references: ['https://example.org/a.png'],
    };
    expect(problemsOf(wanted, { models: ['wan-pro'] })).toMatchObject([
      { message: 'Wan 2.7 Pro makes at most 2048x2048 pixels from a reference image' },
    ]);
    const { references: _, ...words } = wanted;
    expect(plan([line(1, words)], { models: ['wan-pro'] }).rows).toHaveLength(1);
  });

  test('a retired model is refused with its replacement’s name', () => {
    expect(problemsOf({ model: 'dall-e-3' })).toMatchObject([
      {
        column: 'model',
        message: 'DALL·E 3 (dall-e-3) is retired since 2026-05-12',
        remedy: 'Use gpt-image-2 instead.',
      },
    ]);
    expect(problemsOf({ model: 'nobody' })[0]?.remedy).not.toContain('dall-e');
  });

  test('a deprecated model warns and is still planned', () => {
    const { plan: made, rows } = plan(lines(2), { models: ['gemini-3.1-flash'] });
    expect(rows.map((row) => row.model)).toEqual(Array(2).fill('gemini-3.1-flash-image'));
    expect(made.warnings).toEqual([
      expect.stringMatching(/deprecated since 2026-10-06 .* replacement is gemini-nano-banana-2.1/),
    ]);
  });

  test('are all told at once at the end', () => {
    const made = planner({ models: ['kling'] });
    const bad = { message: 'No prompt', remedy: 'Write one.' };
    made.add({ kind: 'bad', number: 1, line: 2, cells: {}, problems: [bad] });
    made.add(line(2, { model: 'nobody' }));
    made.add(line(3));
    expect(made.problems()).toMatchObject({ count: 2, shown: [{ line: 2 }, { line: 3 }] });
    expect(() => made.finish()).toThrow(InputError);
  });

  test('are kept up to a thousand and counted beyond', () => {
    const made = planner();
    for (const each of lines(1_500, { model: 'nobody' })) made.add(each);
    expect(made.problems()).toMatchObject({ count: 1_500, shown: { length: 1_000 } });
    expect(() => made.finish()).toThrow('500 more problems are not shown');
  });

  test('make skipped rows when bad rows are left out', () => {
    const cells = { prompt: 'x' };
    const { plan: made, skipped } = plan([line(1, { model: 'nobody', cells }), line(2)], {
      skipBadRows: true,
    });
    expect(made).toMatchObject({ rows: 1, skipped: 1 });
    expect(skipped).toEqual([
      { number: 1, line: 2, cells, reason: 'model: No such model is known (found "nobody")' },
    ]);
  });
});

describe('duplicates', () => {
  const twice = [line(1, { prompt: 'a cat' }), line(2), line(3, { prompt: 'a cat' })];

  test('are counted and kept under keys of their own', () => {
    const { plan: made, rows } = plan(twice);
    expect(made).toMatchObject({ rows: 3, duplicates: 1, collapsed: 0 });
    expect(new Set(rows.map((row) => row.key)).size).toBe(3);
  });

  test('are collapsed into the first when asked', () => {
    const { plan: made, skipped } = plan(twice, { duplicates: 'collapse' });
    expect(made).toMatchObject({ rows: 2, duplicates: 1, collapsed: 1, skipped: 0, items: 2 });
    expect(skipped).toMatchObject([{ number: 3, reason: 'same as row 1' }]);
  });
});

describe('totals', () => {
  test('expected is every image at its price, low has one refusal in twenty, worst is the holds', () => {
    const { plan: made } = plan(lines(10, { count: 2 }), { models: ['flux'] });
    expect(made).toMatchObject({
      items: 20,
      low: { creditMicros: 36_100_000, usdMicros: 760_000 },
      expected: { creditMicros: 38_000_000, usdMicros: 800_000 },
      worst: { creditMicros: 38_000_000, usdMicros: 800_000 },
    });
  });

  test('unknown outcomes that are sent again may be billed twice', () => {
    const { plan: made } = plan(lines(1), { models: ['flux'], onUnknown: 'retry' });
    expect(made.worst).toEqual({ creditMicros: 1_900_000, usdMicros: 80_000 });
  });

  test('an unknown price stays unknown and is warned of', () => {
    const unpriced = createCatalog(MODELS, { flux: { usd: 'unknown' } });
    const { plan: made } = plan(lines(2), { models: ['flux'] }, { catalog: unpriced });
    expect(made.expected).toEqual({ creditMicros: 3_800_000, usdMicros: undefined });
    expect(made.worst.usdMicros).toBeUndefined();
    expect(made.warnings).toEqual([
      'The price of FLUX Kontext Pro in dollars is not known: no total in dollars',
    ]);
  });

  test('other models are priced for the same sheet, or excluded with a reason', () => {
    const big = { width: 2048, height: 2048 };
    const { plan: made } = plan(lines(3, { size: big }), { models: ['gpt-image-2'] });
    expect(made.alternatives).toMatchObject([
      { model: 'flux-kontext-pro', excluded: expect.stringContaining('(and 2 more rows)') },
      { model: 'flux-kontext-max', excluded: expect.stringContaining('cannot make 2048x2048') },
      { model: 'gemini-nano-banana-2.1', requests: 3, amount: { usdMicros: 171_462 } },
      { model: 'gemini-3.1-flash-image' },
      { model: 'kling-v3', requests: 3, amount: { usdMicros: 84_000 } },
      { model: 'kling-v3-omni' },
      { model: 'wan2.7-image' },
      { model: 'wan2.7-image-pro' },
    ]);
    expect(made.alternatives[2]).not.toHaveProperty('excluded');
  });
});

describe('the first batch as proof', () => {
  test('marks its rows', () => {
    const { rows } = plan(lines(30), { models: ['gpt-image-2'], proof: 'batch' });
    expect(rows.filter((row) => row.proof)).toHaveLength(25);
  });
});
