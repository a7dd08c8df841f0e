import { describe, expect, test } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { Row } from '../core/row.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { CANARY_PROMPT, CANARY_SEED } from './canaries.ts';
import { createPlanner, type PlannerOptions } from './plan-run.ts';

const catalog = createCatalog(MODELS);
const available = MODELS.map((model) => model.id);
const GPT = 'gpt-image-2';
const FLUX = 'flux-kontext-pro';
const KLING = 'kling-v3';

describe('turns', () => {
  test('half gives each model one part of the rows, in order', () => {
    const { models } = plan(rows(7), { models: [GPT, FLUX], rotateEvery: 'half' }, 7);
    expect(models).toEqual([...Array<string>(4).fill(GPT), ...Array<string>(3).fill(FLUX)]);
    const three = plan(rows(7), { models: [GPT, FLUX, KLING], rotateEvery: 'half' }, 7);
    expect(three.models).toEqual([GPT, GPT, GPT, FLUX, FLUX, KLING, KLING]);
    expect(three.plan.choice[0]).toContain('one part of the rows each, in this order');
  });

  test('half counts only rows that take turns', () => {
    const sheet = rows(6).map((row, at) => (at === 1 ? { ...row, model: KLING } : row));
    const settings = { models: [GPT, FLUX], rotateEvery: 'half' } as const;
    const counting = plan(sheet, settings);
    expect(counting.rowsInTurn).toBe(5);
    const { models } = plan(sheet, settings, counting.rowsInTurn);
    expect(models).toEqual([GPT, KLING, GPT, GPT, FLUX, FLUX]);
  });

  test('auto begins with the first model and says who comes next', () => {
    const { models, plan: made } = plan(rows(60), { models: [GPT, FLUX], rotateEvery: 'auto' });
    expect(new Set(models)).toEqual(new Set([GPT]));
    expect(made.choice[0]).toMatch(/first; when its detail falls clearly below its own start/);
  });

  test('auto holds money for the dearest model that may come to a row, and expects the first', () => {
    const cheap = plan(rows(10), { models: [FLUX] }).plan;
    const dear = plan(rows(10), { models: [GPT] }).plan;
    const auto = plan(rows(10), { models: [FLUX, GPT], rotateEvery: 'auto' }).plan;
    expect(auto.expected).toEqual(cheap.expected);
    expect(auto.worst.creditMicros).toBe(
      Math.max(cheap.worst.creditMicros, dear.worst.creditMicros),
    );
    expect(auto.worst.usdMicros).toBe(
      Math.max(cheap.worst.usdMicros ?? 0, dear.worst.usdMicros ?? 0),
    );
    const other = plan(rows(10), { models: [GPT, FLUX], rotateEvery: 'auto' }).plan;
    expect(other.worst).toEqual(auto.worst);
  });

  test('half and auto warn when there is nobody to change to', () => {
    const { plan: made } = plan(rows(3), { models: [GPT], rotateEvery: 'auto' });
    expect(made.warnings).toEqual([
      '--rotate-every auto changes nothing: name several models (--model A,B)',
    ]);
  });

  test('a row knows its place in its model’s streak, which a new turn begins anew', () => {
    const sheet = rows(7).map((row, at) => (at === 0 ? { ...row, count: 3 } : row));
    const { planned } = plan(sheet, { models: [GPT, FLUX], rotateEvery: 2 });
    expect(planned.map(({ model, streak }) => [model, streak])).toEqual([
      [GPT, 1],
      [GPT, 4],
      [FLUX, 1],
      [FLUX, 2],
      [GPT, 1],
      [GPT, 2],
      [FLUX, 1],
    ]);
  });
});

describe('--keep-style', () => {
  const settings = { models: [GPT, FLUX], rotateEvery: 1, keepStyle: true } as const;

  test('keeps rows of one style with the model that the first of them got', () => {
    const sheet = rows(6).map((row, at) => ({ ...row, style: at % 3 === 0 ? 'ink' : ' Oil ' }));
    const { models, plan: made } = plan(sheet, settings);
    expect(models).toEqual([GPT, FLUX, FLUX, GPT, FLUX, FLUX]);
    expect(made.choice).toContain(
      'rows that share a style or a reference stay with one model: 3 rows left their turn for it',
    );
  });

  test('keeps rows that share a reference together, and leaves those of another model alone', () => {
    const sheet: Row[] = rows(5).map((row) => ({ ...row, references: ['/hero.png'] }));
    sheet[3] = { ...sheet[3]!, model: FLUX };
    expect(plan(sheet, settings).models).toEqual([GPT, GPT, GPT, FLUX, GPT]);
    expect(plan(sheet, { ...settings, keepStyle: false }).models).toEqual([
      GPT,
      FLUX,
      GPT,
      FLUX,
      FLUX,
    ]);
  });

  test('takes the row’s turn where the model of its style cannot make it', () => {
    const sheet = rows(2).map((row) => ({ ...row, style: 'ink' }));
    sheet[1] = { ...sheet[1]!, size: { width: 2048, height: 2048 } };
    const { models } = plan(sheet, { ...settings, models: [FLUX, GPT] });
    expect(models).toEqual([FLUX, GPT]);
  });

  test('does not change the key of a row, so that moving rows buys nothing again', () => {
    const sheet = rows(4).map((row) => ({ ...row, style: 'ink' }));
    const there = plan(sheet, settings).planned;
    const back = plan(sheet.toReversed(), settings).planned;
    expect(back.map(({ key }) => key).toSorted()).toEqual(there.map(({ key }) => key).toSorted());
  });
});

describe('--canary', () => {
  const settings = { models: [FLUX], canary: 3 } as const;

  test('repeats one prompt and seed after the first row and after every N images', () => {
    const { lines, plan: made } = plan(rows(7), settings);
    const shown = lines.map(({ canary, row }) =>
      canary === undefined ? row.number : `c${canary}`,
    );
    expect(shown).toEqual([1, 'c1', 2, 3, 'c2', 4, 5, 6, 'c3', 7]);
    const canaries = lines.filter(({ canary }) => canary !== undefined);
    for (const each of canaries) {
      expect(each).toMatchObject({ prompt: CANARY_PROMPT, seed: CANARY_SEED, count: 1 });
    }
    expect(new Set(canaries.map(({ key }) => key)).size).toBe(3);
    expect(made).toMatchObject({ rows: 7, items: 10, canaries: 3 });
  });

  test('is priced and told', () => {
    const without = plan(rows(7), { ...settings, canary: 0 }).plan;
    const { plan: made } = plan(rows(7), settings);
    const each = without.expected.creditMicros / 7;
    expect(made.expected.creditMicros).toBe(each * 10);
    expect(made.worst.creditMicros).toBe(each * 10);
    expect(made.models[0]).toMatchObject({ items: 10, requests: 10 });
    expect(made.choice.at(-1)).toBe(
      `canary: one prompt and seed is made again after every 3 images of ${FLUX}, 3 extra images at its price`,
    );
    expect(made.hash).not.toBe(without.hash);
  });

  test('has the size of its model’s first row, so that all can be compared', () => {
    const sheet = rows(4);
    sheet[0] = { ...sheet[0]!, size: { width: 1248, height: 832 } };
    const canaries = plan(sheet, settings).lines.filter(({ canary }) => canary !== undefined);
    expect(canaries.map(({ size }) => size)).toEqual([
      { width: 1248, height: 832 },
      { width: 1248, height: 832 },
    ]);
  });

  test('stands for each model by itself, and is not made where no seed is taken', () => {
    const { lines, plan: made } = plan(rows(12), {
      models: [GPT, FLUX],
      rotateEvery: 3,
      canary: 4,
    });
    const canaries = lines.filter(({ canary }) => canary !== undefined);
    expect(canaries.map(({ model, row }) => [model, row.number])).toEqual([
      [FLUX, 4],
      [FLUX, 10],
    ]);
    expect(made.warnings).toContain(
      '6 rows: GPT-Image 2.0 takes no seed, so that no canary can watch over it',
    );
  });

  test('one canary tells of a row whose images pass several marks', () => {
    const sheet = rows(2).map((row) => ({ ...row, count: 8 }));
    const { lines } = plan(sheet, settings);
    const shown = lines.map(({ canary, row }) =>
      canary === undefined ? row.number : `c${canary}`,
    );
    expect(shown).toEqual([1, 'c1', 2, 'c2']);
  });
});

function rows(count: number): Row[] {
  return Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    line: at + 2,
    prompt: `prompt ${at + 1}`,
    references: [],
    cells: {},
  }));
}

/** Plans good rows: those of the sheet, and all lines with the canaries among them. */
function plan(sheet: readonly Row[], settings: Partial<RunSettings>, rowsInTurn?: number) {
  const options: PlannerOptions = {
    catalog,
    available,
    applyStyle: (row) => row,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    ...(rowsInTurn !== undefined && { rowsInTurn }),
  };
  const planner = createPlanner(options);
  const lines: PlannedRow[] = [];
  for (const row of sheet) {
    const answer = planner.add({ kind: 'row', row });
    if (answer.kind !== 'planned') throw new Error(JSON.stringify(answer.problems));
    for (const line of [answer.line, answer.canary]) {
      if (line?.kind === 'row') lines.push(line.row);
    }
  }
  const planned = lines.filter(({ canary }) => canary === undefined);
  return {
    lines,
    planned,
    models: planned.map(({ model }) => model),
    plan: planner.finish(),
    rowsInTurn: planner.rowsInTurn(),
  };
}
