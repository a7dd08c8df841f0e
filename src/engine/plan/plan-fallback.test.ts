import { describe, expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import { InputError, type Problem } from '../core/errors.ts';
import type { Row } from '../core/row.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { createPlanner, type PlannerOptions } from './plan-run.ts';

const catalog = createCatalog(MODELS);
const available = MODELS.map((model) => model.id);
const GPT = 'gpt-image-2';
const FLUX = 'flux-kontext-pro';

function row(number: number, given: Partial<Row> = {}): Row {
  const prompt = `picture ${number}`;
  return { number, line: number + 1, prompt, references: [], cells: { prompt }, ...given };
}

function plan(
  rows: readonly Row[],
  settings: Partial<RunSettings> = {},
  options: Partial<PlannerOptions> = {},
) {
  const planner = createPlanner({
    catalog,
    available,
    settings: { ...DEFAULT_SETTINGS, models: [GPT], ...settings },
    ...options,
  });
  for (const each of rows) planner.add({ kind: 'row', row: each });
  return planner.finish();
}

function problemsOf(make: () => unknown): readonly Problem[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const ROWS = [row(1), row(2), row(3)];

describe('a plan with a fallback', () => {
  test('costs at worst what both vendors can bill, and the dearer credits of the two', () => {
    const own = plan(ROWS);
    const other = plan(ROWS, { models: [FLUX] });
    const both = plan(ROWS, { fallback: FLUX });
    expect(both.expected).toEqual(own.expected);
    expect(both.low).toEqual(own.low);
    expect(both.worst.usdMicros).toBe(own.worst.usdMicros! + other.worst.usdMicros!);
    expect(both.worst.creditMicros).toBe(
      Math.max(own.worst.creditMicros, other.worst.creditMicros),
    );
    expect(both.hash).not.toBe(own.hash);
  });

  test('says so', () => {
    const { choice } = plan(ROWS, { fallback: FLUX });
    expect(choice.join('\n')).toContain(`${FLUX} makes what is refused`);
    expect(choice.join('\n')).toContain('3 rows');
    expect(plan(ROWS).choice.join('\n')).not.toContain('refused');
  });

  test('reserves nothing for rows of the fallback’s own', () => {
    const own = plan([row(1, { model: FLUX })]);
    const both = plan([row(1, { model: FLUX })], { fallback: FLUX });
    expect(both.worst).toEqual(own.worst);
  });

  test('is refused with the rows that the fallback could not make', () => {
    const long = { prompt: 'x'.repeat(3000) };
    const problems = problemsOf(() =>
      plan([row(1), row(2, long), row(3, long)], { fallback: 'kling-v3' }),
    );
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 'prompt'],
      [4, 'prompt'],
    ]);
    expect(problems[0]?.message).toMatch(/^The fallback .* cannot make this row: /);
    expect(problems[0]?.remedy).toContain('--fallback');
  });

  test('keeps rows that only the fallback could not make when bad rows are left out', () => {
    const long = row(2, { prompt: 'x'.repeat(3000) });
    const made = plan([row(1), long], { fallback: 'kling-v3', skipBadRows: true });
    expect(made).toMatchObject({ rows: 2, skipped: 0 });
    expect(made.warnings.join('\n')).toMatch(/^1 row: The fallback .* cannot make this row/m);
  });

  test.each([
    ['a model that nobody knows', 'gpt-image-9', available, 'No such model'],
    ['a model without a key', FLUX, [GPT], 'cannot be used yet'],
  ])('cannot be %s', (_what, fallback, reachable, words) => {
    const [problem] = problemsOf(() => plan(ROWS, { fallback }, { available: reachable }));
    expect(problem?.message).toMatch(/^--fallback: /);
    expect(problem?.message).toContain(words);
    expect(problem).not.toHaveProperty('column');
  });
});
