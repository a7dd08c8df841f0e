import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemRecord } from '../../../test/support/item-record.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { unprotectCell } from '../core/formula-safe.ts';
import type { ReferenceChange } from '../core/reference.ts';
import { RESULT_COLUMNS, resultHeadings } from './result-columns.ts';
import { writeResults } from './results-sheet.ts';
import type { RunEntry } from './results-sheet.ts';

async function* stream(entries: readonly RunEntry[]) {
  yield* entries;
}

const CHANGES: readonly ReferenceChange[] = [
  {
    reference: 'hero.jpg',
    steps: ['turned', 'converted', 'scaled', 'recompressed'],
    from: { width: 40, height: 30, bytes: 3 * 2 ** 20, mediaType: 'image/heic' },
    to: { width: 20, height: 15, bytes: 12 * 1024, mediaType: 'image/jpeg' },
  },
  {
    reference: '@logo',
    steps: ['recompressed'],
    from: { width: 20, height: 15, bytes: 12 * 1024, mediaType: 'image/jpeg' },
    to: { width: 20, height: 15, bytes: 2 * 1024, mediaType: 'image/jpeg' },
  },
];

/** Writes a results sheet and reads it back as lines of cells. */
async function roundTrip(columns: readonly string[], entries: readonly RunEntry[]) {
  const outFolder = await temporaryFolder();
  const file = await writeResults({ outFolder, columns, entries: stream(entries) });
  expect(await readdir(outFolder)).toEqual([file]);
  const text = await readFile(join(outFolder, file), 'utf8');
  const lines = parse(text, { bom: true }) as string[][];
  return { text, lines: lines.map((line) => line.map(unprotectCell)) };
}

describe('writeResults()', () => {
  test('gives the columns of the input, then ours, a line for each item', async () => {
    const cells = { Prompt: 'a lake', sku: 'A17' };
    const { text, lines } = await roundTrip(
      ['Prompt', 'sku'],
      [
        itemRecord({
          seed: 5,
          file: '0001-a-lake-1.png',
          row: { cells },
          referenceChanges: CHANGES,
          moreFiles: [
            { output: 'thumb', file: '0001-a-lake-1-thumb.webp' },
            { output: 'original', file: 'originals/0001-a-lake-1.png' },
          ],
          finishFailure: 'too large',
          review: { verdict: 'keep', stars: 4, note: 'crisp', reviewer: 'Ada', at: 0 },
          clientMark: { mark: 'approve', note: 'ours', at: 0 },
        }),
        itemRecord({
          index: 2,
          state: 'refused',
          reason: 'policy',
          refusal: { stage: 'output', category: 'violence' },
          creditMicros: 0,
          row: { cells },
        }),
        { number: 2, line: 3, reason: 'empty prompt', cells: { Prompt: '', sku: 'B2' } },
      ],
    );
    expect(text.startsWith('\u{FEFF}Prompt,sku,row,')).toBe(true);
    expect(lines).toEqual([
      ['Prompt', 'sku', ...RESULT_COLUMNS],
      [
        'a lake',
        'A17',
        '1',
        '1',
        'delivered',
        '0001-a-lake-1.png',
        'demo',
        '64x64',
        '5',
        '2.4',
        '0.053',
        '1',
        '',
        '',
        '',
        'hero.jpg: turned upright, 40x30 → 20x15, HEIC → JPEG, 3.0 MB → 12 kB | @logo: 12 kB → 2 kB',
        '',
        '0001-a-lake-1-thumb.webp | originals/0001-a-lake-1.png',
        'too large',
        'keep',
        '4',
        'crisp',
        'approve',
        'ours',
      ],
      [
        'a lake',
        'A17',
        '1',
        '2',
        'refused',
        '',
        'demo',
        '64x64',
        '',
        '0',
        '0.053',
        '1',
        'policy',
        'output',
        'violence',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
      ],
      [
        '',
        'B2',
        '2',
        '',
        'skipped',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        'empty prompt',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
        '',
      ],
    ]);
  });

  test('says what was found about a picture, and leaves canaries out', async () => {
    const flags = [
      { kind: 'near-duplicate', row: 3, index: 2 },
      { kind: 'drifted', from: 'reference' },
    ] as const;
    const { lines } = await roundTrip(
      ['prompt'],
      [itemRecord({ flags }), itemRecord({ canary: 1 }), itemRecord({ row: { number: 2 } })],
    );
    const at = lines[0]!.indexOf('flags');
    expect(lines.map((line) => [line[1], line[at]])).toEqual([
      ['row', 'flags'],
      ['1', 'near-duplicate of row 3 image 2 | drifted from its reference'],
      ['2', ''],
    ]);
  });

  test('leaves an unknown price empty instead of calling it 0', async () => {
    const { usdMicros: _unknown, ...record } = itemRecord();
    const { lines } = await roundTrip(['prompt'], [record]);
    expect(lines[1]?.[1 + RESULT_COLUMNS.indexOf('usd')]).toBe('');
  });

  test('keeps spreadsheets from running cells, headings and reasons as formulas', async () => {
    const { text } = await roundTrip(
      ['=cmd', 'prompt'],
      [
        itemRecord({
          state: 'refused',
          reason: '@SUM(1)',
          row: { cells: { '=cmd': '+1', prompt: '-5' } },
        }),
      ],
    );
    const cells = (parse(text, { bom: true }) as string[][]).flat();
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });

  test('gives every cell back as it was', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom("'", '=', '-', '"', ',', '\n', '\r\n', '\t', ';', 'x'))
        .map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        async (rows) => {
          const { lines } = await roundTrip(
            ['prompt', 'note'],
            rows.map(([prompt, note]) => itemRecord({ row: { cells: { prompt, note } } })),
          );
          expect(lines.slice(1).map((line) => line.slice(0, 2))).toEqual(rows);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('resultHeadings()', () => {
  test('gives ours other names where the input has columns of these names', () => {
    const { input, ours } = resultHeadings(['prompt', 'Model', 'size', 'seed']);
    expect(input).toEqual(['prompt', 'Model', 'size', 'seed']);
    expect(ours).toContain('imagemill_model');
    expect(ours).toContain('imagemill_size');
    expect(ours).toContain('row');
  });

  test('writes its own columns anew when the input is a results sheet', () => {
    for (const columns of [['prompt'], ['prompt', 'model', 'row'], ['imagemill_seed', 'seed']]) {
      const first = resultHeadings(columns);
      const sheet = [...first.input, ...first.ours];
      expect(resultHeadings(sheet)).toEqual(first);
    }
  });

  test('knows the columns of an older release, which had fewer', () => {
    const older = ['prompt', ...RESULT_COLUMNS.slice(0, RESULT_COLUMNS.indexOf('reason') + 1)];
    expect(resultHeadings(older)).toEqual(resultHeadings(['prompt']));
  });
});
