import { describe, expect, test } from 'vitest';
import { readAspectRatio } from './read-aspect-ratio.ts';
import { damageOfRatio } from './spreadsheet-damage.ts';

describe('damageOfRatio()', () => {
  test.each([
    ['16:09', 'time', ['16:9']],
    ['4:03', 'time', ['4:3']],
    ['09:16', 'time', ['9:16']],
    ['16:09:00', 'time', ['16:9']],
    ['4:03:00', 'time', ['4:3']],
    ['16:10:00', 'time', ['16:10']],
    ['0:16:09', 'time', ['16:9']],
    ['4:09 PM', 'time', ['16:9']],
    ['3:02:00 AM', 'time', ['3:2']],
    ['11:00', 'time', []],
    ['0.672916666666667', 'time', ['16:9']],
    ['0,672916667', 'time', ['16:9']],
    ['0.88125', 'time', ['21:9']],
    ['Sep-16', 'date', ['9:16']],
    ['16-Sep', 'date', ['9:16', '16:9']],
    ['16. Sep', 'date', ['9:16', '16:9']],
    ['9/16/2026', 'date', ['9:16']],
    ['16.09.2026', 'date', ['16:9']],
    ['2026-09-16', 'date', ['9:16', '16:9']],
    ['2026-01-01 00:00:00', 'date', ['1:1']],
    ['46281', 'date', []],
  ])('sees that %j was a ratio', (text, kind, probably) => {
    expect(damageOfRatio(text)).toEqual({ kind, probably });
  });

  test.each([
    '16:9',
    '9:16',
    '16:10',
    '1:1',
    '21:9',
    '0.5625',
    '0.666667',
    '1.777778',
    '1.78',
    '3:2',
  ])('leaves %j alone', (text) => expect(damageOfRatio(text)).toBeUndefined());
});

describe('readAspectRatio()', () => {
  test.each([
    ['16:9', [16, 9]],
    [' 16 x 9 ', [16, 9]],
    ['16X9', [16, 9]],
    ['16/9', [16, 9]],
    ['2.39:1', [2.39, 1]],
    ['1.78', [16, 9]],
    ['1,5', [3, 2]],
    ['0.5625', [9, 16]],
    ['1', [1, 1]],
    ['1.9', [1.9, 1]],
    ['Landscape', [3, 2]],
    ['portrait', [2, 3]],
    ['square', [1, 1]],
  ])('reads %j', (text, ratio) => {
    expect(readAspectRatio(text)).toEqual({ ok: true, value: ratio });
  });

  test.each(['source prompt', '0:0', '16:0', '0', '100:1', '16:9:4:1', 'auto', '-1:2'])(
    'refuses %j',
    (text) => expect(readAspectRatio(text).ok).toBe(false),
  );

  test('explains damage and shows how to avoid it', () => {
    expect(readAspectRatio('16:09')).toEqual({
      ok: false,
      trouble: {
        message: 'A spreadsheet turned this aspect ratio into a time; it probably was "16:9"',
        remedy:
          'Format the column as text and type 16:9 again, or write 16x9, which spreadsheets leave alone.',
      },
    });
  });
});
