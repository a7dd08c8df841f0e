import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { LONGEST_NAME } from './compose-name.ts';
import { fileName, shortId } from './file-name.ts';
import { checkNameTemplate } from './name-template.ts';
import { sheetNames } from './own-names.ts';
import { nameKey, NameRegistry, possibleNames } from './unique-name.ts';

const DEFAULT = DEFAULT_SETTINGS.nameTemplate;
const name = (template: string, record: ItemRecord, rows = 10) =>
  fileName(template, { record, run: RUN_FACTS, extension: 'png', rows });

describe('fileName()', () => {
  test('follows the default template: row, name or prompt, index', () => {
    expect(name(DEFAULT, itemRecord({ row: { number: 7 } }))).toBe(
      '0007-A-mountain-lake-at-dawn-1.png',
    );
    expect(name(DEFAULT, itemRecord({ index: 2, row: { name: 'Lake (blue)' } }))).toBe(
      '0001-Lake-blue-2.png',
    );
  });

  test('puts canaries into a folder of their own, in their order', () => {
    const canary = itemRecord({ model: 'flux-kontext-pro', canary: 12, row: { number: 300 } });
    expect(name(DEFAULT, canary)).toBe('canary/flux-kontext-pro-0012.png');
    expect(name('{model}/{row}', canary)).toBe('canary/flux-kontext-pro-0012.png');
  });

  test('pads the row to the width of the sheet, at least 4 digits', () => {
    expect(name('{row}', itemRecord({ row: { number: 12 } }), 1_000_000)).toBe('0000012.png');
  });

  test('knows every field, and the headings of the sheet in any case', () => {
    const record = itemRecord({
      seed: 42,
      row: { cells: { SKU: 'A/17', prompt: 'x' } },
    });
    expect(name('{sku}_{model}_{size}_{seed}_{run}_{id}.{ext}', record)).toBe(
      `A-17_demo_64x64_42_run-abc_${shortId(record.itemId)}.png`,
    );
  });

  test.each([
    [['/photos/My photo.7.JPG', '@hero'], 'My-photo-7'],
    [['https://example.org/a/cat.png?token=secret'], 'cat'],
    [['@hero'], 'hero'],
    [undefined, 'from-its-cell'],
  ])('has the first reference as {image}: %j', (references, shown) => {
    const row = { cells: { Image: 'from its cell' } };
    const record = itemRecord({ row, ...(references && { references }) });
    expect(name('{image|name}', record)).toBe(`${shown}.png`);
  });

  test.each([
    ['originals', '_originals/0001.png'],
    ['Replaced', '_Replaced/0001.png'],
    ['contact-sheet', '_contact-sheet/0001.png'],
    ['contact-sheet-run-abc', '_contact-sheet-run-abc/0001.png'],
    ['SHA256SUMS', '_SHA256SUMS/0001.png'],
    // Not ours: what only begins so, and what is no folder.
    ['replaced tiles', 'replaced-tiles/0001.png'],
    ['results', 'results/0001.png'],
  ])('puts no image into a folder of ours: %s', (folder, file) => {
    const record = itemRecord({ row: { name: folder } });
    expect(name('{name}/{row}', record)).toBe(file);
    expect(name('sub/{name}/{row}', record)).toMatch(/^sub\/[^_]/);
    expect(name('{name}', record)).toMatch(/^[^_]/);
    expect(name('results.csv/{row}', record)).toBe('_results.csv/0001.png');
  });

  test('makes folders from the template, never from data', () => {
    const record = itemRecord({ row: { name: '../../etc/passwd', prompt: 'C:\\x' } });
    expect(name('{model}/{name}/{prompt}-{index}', record)).toBe('demo/etc-passwd/C-x-1.png');
    expect(name('../{row}', record)).toBe('0001.png');
  });

  test('keeps the letters of any script', () => {
    expect(name('{prompt}', itemRecord({ row: { prompt: 'Ein Müller — 猫と犬 हिन्दी!' } }))).toBe(
      'Ein-Müller-猫と犬-हिन्दी.png',
    );
  });

  test.each(['CON', 'nul', 'Com1', 'LPT¹'])('does not use the reserved name %s', (reserved) => {
    expect(name('{name}', itemRecord({ row: { name: reserved } }))).toBe(`_${reserved}.png`);
  });

  test('falls back to the id when nothing is left of the data', () => {
    expect(name('{name}', itemRecord({ row: { name: '🐱!' } }))).toMatch(/^[0-9a-f]{6}\.png$/);
    expect(name(DEFAULT, itemRecord({ row: { prompt: '🐱' } }))).toBe('0001-1.png');
  });

  test('is safe on every system, whatever the data', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const template = fc.constantFrom(
      DEFAULT,
      '{name}',
      '{sku}/{row}-{prompt}-{index}.{ext}',
      '{name}{sku}.{index}',
      '{model} {prompt}. /{row} {name} {index}',
    );
    fc.assert(
      fc.property(template, text, text, text, fc.nat(), (chosen, rowName, prompt, sku, index) => {
        const record = itemRecord({ index, row: { name: rowName, prompt, cells: { sku } } });
        const path = name(chosen, record);
        expect(Buffer.byteLength(path)).toBeLessThanOrEqual(LONGEST_NAME - 10);
        expect(path).toBe(path.normalize('NFC'));
        expect(path).not.toMatch(/[<>:"\\|?*\p{C}]/u);
        for (const part of path.split('/')) {
          expect(part).not.toMatch(/^[-. ]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
          expect(part).not.toBe('');
        }
        expect(path.endsWith('.png')).toBe(true);
        if (chosen === DEFAULT) {
          expect(path.startsWith('0001-')).toBe(true);
          expect(path.endsWith(`-${index}.png`)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('possibleNames()', () => {
  test('stay within the longest name and differ', () => {
    const long = name(DEFAULT, itemRecord({ row: { name: '猫'.repeat(300) } }));
    const names = [...possibleNames(long, 'item')];
    expect(new Set(names).size).toBe(names.length);
    for (const possible of names)
      expect(Buffer.byteLength(possible)).toBeLessThanOrEqual(LONGEST_NAME);
  });
});

describe('NameRegistry', () => {
  test('gives no two items names that differ in case or composition only', () => {
    const names = new NameRegistry();
    names.enter('Café.png', 'one');
    expect(names.isFree('Café.png', 'one')).toBe(true);
    expect(names.isFree('CAFÉ.PNG', 'two')).toBe(false);
    expect(names.isFree('cafe\u0301.png', 'two')).toBe(false);
    expect(names.isFree('cafe.png', 'two')).toBe(true);
    expect(nameKey('STRASSE')).toBe(nameKey('straße'));
  });

  test('gives nobody a name that is taken from the beginning', () => {
    const names = new NameRegistry(sheetNames('r7k2'));
    expect(names.isFree('Contact-Sheet.webp', 'one')).toBe(false);
    expect(names.isFree('contact-sheet-r7k2.webp', 'one')).toBe(false);
    expect(names.isFree('contact-sheet-3f9a2c.webp', 'one')).toBe(true);
  });
});

describe('checkNameTemplate()', () => {
  test('takes the default and the headings of the sheet', () => {
    expect(checkNameTemplate(DEFAULT, [])).toEqual([]);
    expect(checkNameTemplate('{sku}/{row}.{ext}', ['SKU'])).toEqual([]);
  });

  test('names the fields there are when one is unknown', () => {
    const [problem] = checkNameTemplate('{row}-{nmae}', ['sku']);
    expect(problem?.message).toContain('{nmae}');
    expect(problem?.remedy).toContain('name, prompt');
    expect(problem?.remedy).toContain('sku');
  });

  test.each([
    '/abs/{row}',
    'C:{row}',
    '../{row}',
    'a/../../{row}',
    '{row',
    'row',
    'x'.repeat(101) + '{row}',
  ])('refuses %s', (template) => {
    expect(checkNameTemplate(template, [])).not.toEqual([]);
  });
});
