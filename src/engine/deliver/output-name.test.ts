import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../test/support/item-record.ts';
import { byteLength } from './safe-text.ts';
import {
  checkOutputTemplate,
  DEFAULT_OUTPUT_NAME,
  type OutputFacts,
  outputName,
} from './output-name.ts';

const FACTS = { number: 7, width: 512, height: 256, extension: 'webp' };
const name = (source: string, template = DEFAULT_OUTPUT_NAME, more: Partial<OutputFacts> = {}) =>
  outputName(template, { ...FACTS, source, ...more });

describe('outputName()', () => {
  test.each([
    ['shot.png', 'shot.webp'],
    ['My Photo (1).JPG', 'My Photo (1).webp'],
    ['a/b c/photo.v2.png', 'a/b c/photo.v2.webp'],
    ['été/日本 🎉.png', 'été/日本 🎉.webp'],
    ['-rf.png', 'rf.webp'],
    ['CON.png', '_CON.webp'],
    ['nul/aux.tar.png', '_nul/_aux.tar.webp'],
    ['what?.png', 'what.webp'],
    ['a:b|c.png', 'a-b-c.webp'],
    ['no-ending', 'no-ending.webp'],
  ])('%s becomes %s', (source, expected) => {
    expect(name(source)).toBe(expected);
  });

  test('a name in decomposed letters is composed, as other systems write it', () => {
    expect(name('e\u0301te\u0301.png')).toBe('\u00e9t\u00e9.webp');
  });

  test('each output has its name in the file, where the template says so', () => {
    expect(name('a/shot.png', DEFAULT_OUTPUT_NAME, { output: 'thumb' })).toBe('a/shot-thumb.webp');
    expect(name('a/shot.png', '{output}/{number}-{stem}.{ext}', { output: 'thumb' })).toBe(
      'thumb/0007-shot.webp',
    );
    expect(name('a/shot.png', '{output}/{stem}_{size}')).toBe('shot_512x256.webp');
    expect(name('a/b/shot.png', '{folder}-{stem}.{ext}')).toBe('a-b-shot.webp');
  });

  test("a run's own fields may be named", () => {
    const record = itemRecord({ model: 'gpt-image-2' });
    const image = { record, run: RUN_FACTS, rows: 10 };
    expect(name('0001-boat.png', '{model}/{row}-{size}.{ext}', { image })).toBe(
      'gpt-image-2/0001-512x256.webp',
    );
  });

  test('whatever a source is called, its name leads nowhere else and fits every system', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 1 }),
        (parts) => {
          const made = name(parts.join('/'));
          const segments = made.split('/');
          for (const segment of segments) {
            expect(segment).not.toMatch(/^\.{0,2}$/);
            expect(segment).not.toMatch(/[<>:"\\|?*\p{Cc}]/u);
            expect(segment).not.toMatch(/[. ]$/);
            expect(byteLength(segment)).toBeLessThanOrEqual(181);
          }
          expect(made.endsWith('.webp')).toBe(true);
        },
      ),
    );
  });
});

describe('checkOutputTemplate()', () => {
  const messages = (template: string, outputs = 1, headings?: readonly string[]) =>
    checkOutputTemplate(template, { outputs, headings }).map(({ message }) => message);

  test('the default suits any number of outputs', () => {
    expect(messages(DEFAULT_OUTPUT_NAME, 3)).toEqual([]);
    expect(messages('{size}/{stem}.{ext}', 3)).toEqual([]);
  });

  test('what cannot be a name is told, all at once', () => {
    expect(messages('/tmp/{stem}{nope}')).toEqual([
      'The name template has the unknown field {nope}',
      'The name template must be relative to the out folder',
    ]);
    expect(messages('../{stem}')).toEqual(['The name template may not leave the out folder']);
    expect(messages('{stem}.{ext}', 2)).toEqual([
      'The name template tells the 2 files of a picture not apart',
    ]);
  });

  test("a run's fields and columns are known for a run only", () => {
    expect(messages('{row}-{Colour}', 1, ['Colour'])).toEqual([]);
    expect(messages('{row}')).toEqual(['The name template has the unknown field {row}']);
  });
});
