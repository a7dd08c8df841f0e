import fc from 'fast-check';
import { describe, test, expect } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { MODELS } from '../catalog/models.ts';
import type { PlannedRow } from '../core/plan.ts';
import type { Row } from '../core/row.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../core/settings.ts';
import { createPlanner } from './plan-run.ts';

const catalog = createCatalog(MODELS);
const available = MODELS.map((model) => model.id);

const rowPart = fc.record(
  {
    prompt: fc.constantFrom('a cat', 'a dog', 'ein Bär', '一只猫'),
    negativePrompt: fc.constantFrom('rain', 'people'),
    model: fc.constantFrom('flux', 'kling', 'gpt-image-2', 'demo'),
    size: fc.constantFrom({ width: 512, height: 512 }, { width: 1024, height: 768 }),
    seed: fc.integer({ min: 0, max: 3 }),
    count: fc.integer({ min: 1, max: 23 }),
  },
  { requiredKeys: ['prompt'] },
);
const sheets = fc.array(rowPart, { maxLength: 120 });

const someSettings: fc.Arbitrary<RunSettings> = fc
  .record({
    models: fc.constantFrom(['auto'], ['flux-kontext-pro'], ['gpt-image-2', 'kling-v3', 'demo']),
    batchSize: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant('max' as const)),
    rotateEvery: fc.integer({ min: 1, max: 40 }),
    count: fc.integer({ min: 1, max: 12 }),
    duplicates: fc.constantFrom('keep' as const, 'collapse' as const),
    onUnknown: fc.constantFrom('hold' as const, 'retry' as const),
  })
  .map((some) => ({ ...DEFAULT_SETTINGS, ...some }));

type RowPart = Partial<Row> & Pick<Row, 'prompt'>;

function plan(parts: readonly RowPart[], settings: RunSettings) {
  const planner = createPlanner({ settings, catalog, available });
  const rows: PlannedRow[] = [];
  for (const [index, part] of parts.entries()) {
    const row = { number: index + 1, line: index + 2, references: [], cells: {}, ...part };
    const answer = planner.add({ kind: 'row', row });
    if (answer.kind === 'planned' && answer.line.kind === 'row') rows.push(answer.line.row);
  }
  return { rows, plan: planner.finish() };
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, each) => total + (each ?? Number.NaN), 0);
}

describe('any sheet with any settings', () => {
  test('gives the same plan and hash every time', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        expect(plan(parts, settings).plan).toEqual(plan(parts, settings).plan);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps every batch to one model and at most its maximum', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        const batches = Map.groupBy(plan(parts, settings).rows, (row) => row.batch);
        for (const rows of batches.values()) {
          const [model, ...others] = new Set(rows.map((row) => row.model));
          expect(others).toEqual([]);
          expect(rows.length).toBeLessThanOrEqual(catalog.find(model ?? '')?.batchMaximum ?? 0);
          if (settings.batchSize !== 'max') {
            expect(rows.length).toBeLessThanOrEqual(settings.batchSize);
          }
        }
        expect([...batches.keys()].toSorted((one, other) => one - other)).toEqual(
          Array.from(batches, (_, index) => index + 1),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('asks for every image of every row once, in requests the model takes', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        const { rows, plan: made } = plan(parts, settings);
        for (const row of rows) {
          const images = row.requests.flatMap(({ firstIndex, count }) =>
            Array.from({ length: count }, (_, index) => firstIndex + index),
          );
          expect(images).toEqual(Array.from({ length: row.count }, (_, index) => index + 1));
          const most = catalog.find(row.model)?.imagesPerRequest ?? 0;
          expect(row.requests).toHaveLength(Math.ceil(row.count / most));
          expect(Math.max(...row.requests.map((each) => each.count))).toBeLessThanOrEqual(most);
        }
        expect(made.items).toBe(sum(rows.map((row) => row.count)));
        expect(made.rows + made.skipped + made.collapsed).toBe(parts.length);
      }),
      { numRuns: 50 },
    );
  });

  test('adds up exactly, in integers', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        const { rows, plan: made } = plan(parts, settings);
        const requests = rows.flatMap((row) => row.requests);
        const credits = sum(requests.map((each) => each.count * each.creditMicrosPerImage));
        const worst = sum(requests.map((each) => each.worstUsdMicros));
        expect(made.expected).toEqual({
          creditMicros: credits,
          usdMicros: sum(requests.map((each) => each.expectedUsdMicros)),
        });
        expect(made.worst).toEqual({
          creditMicros: credits,
          usdMicros: settings.onUnknown === 'retry' ? 2 * worst : worst,
        });
        const amounts = [made.low, made.expected, made.worst];
        expect(amounts.flatMap(Object.values).every(Number.isSafeInteger)).toBe(true);
        expect(made.low.creditMicros).toBeLessThanOrEqual(made.expected.creditMicros);
        expect(made.expected.usdMicros).toBeLessThanOrEqual(made.worst.usdMicros ?? 0);
      }),
      { numRuns: 50 },
    );
  });

  test('rotates between rows that name no model, every so many of them', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        if (settings.models.length < 2) return;
        const inTurn = plan(parts, settings).rows.filter((row) => row.row.model === undefined);
        expect(inTurn.map((row) => row.model)).toEqual(
          inTurn.map((_, index) => {
            const turn = Math.floor(index / (settings.rotateEvery as number));
            return settings.models[turn % settings.models.length];
          }),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('gives every row a key of its own, which moving rows about does not change', () => {
    fc.assert(
      fc.property(sheets, someSettings, (parts, settings) => {
        const keys = plan(parts, settings).rows.map((row) => row.key);
        const moved = plan(parts.toReversed(), settings).rows.map((row) => row.key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(moved.toSorted()).toEqual(keys.toSorted());
      }),
      { numRuns: 50 },
    );
  });

  test('keeps a row’s key when only its count changes', () => {
    fc.assert(
      fc.property(
        rowPart,
        someSettings,
        fc.integer({ min: 1, max: 9 }),
        (part, settings, count) => {
          const [one] = plan([part], settings).rows;
          const [other] = plan([{ ...part, count }], settings).rows;
          expect(other?.key).toBe(one?.key);
        },
      ),
    );
  });
});
