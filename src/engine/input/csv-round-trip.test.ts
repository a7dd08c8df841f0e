import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { protectCell } from '../core/formula-safe.ts';
import { scratchFolder } from './scratch-sheet.ts';

/** Any text, with what is awkward in CSV far more often than chance would have it. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        '""',
        ',',
        ';',
        '\t',
        '\n',
        '\r\n',
        '\r',
        "'",
        '=',
        '-',
        ' ',
        'a',
        'é',
        '狐',
        '🦊',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const rows = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 });
/** The prompt column is never empty, so that no row is blank. */
const headings = ['note', 'prompt', 'other'];

describe('a sheet that csv-stringify wrote', () => {
  test.each([',', ';', '\t'])('reads back the same cells, separated by %j', async (delimiter) => {
    await using folder = await scratchFolder();
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.boolean(), async (cells, bom, quoted) => {
        const table = cells.map(([note, other]) => [note, 'p', other]);
        const csv = stringify(
          [headings, ...table].map((row) => row.map(protectCell)),
          {
            delimiter,
            bom,
            quoted,
            // A lone CR ends a record for us, so it has to be quoted like a line feed.
            quoted_match: /[\r\n]|^$/,
          },
        );
        const read = await folder.read('sheet.csv', csv);
        const got = read.rows.map((row) => headings.map((heading) => row.cells[heading]));
        expect(read.problems).toEqual([]);
        expect(got).toEqual(table);
      }),
      { numRuns: 150 },
    );
  });
});

describe('encodings', () => {
  const HEAD = 'prompt,note\n';

  test.each([
    ['utf8', false],
    ['utf8', true],
    ['utf16-le', true],
    ['utf16-be', true],
  ])('%s, byte order mark: %s, gives the same prompts', async (encoding, addBOM) => {
    await using folder = await scratchFolder();
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map(clean);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 20 }), async (words) => {
        const sheet =
          HEAD +
          stringify(
            words.map((prompt) => [`x${prompt}x`, 'n']),
            { quoted: true },
          );
        const read = await folder.read('s.csv', iconv.encode(sheet, encoding, { addBOM }));
        expect(read.rows.map((row) => row.prompt)).toEqual(words.map((prompt) => `x${prompt}x`));
      }),
      { numRuns: 60 },
    );
  });

  test.each(['utf16-le', 'utf16-be'])(
    '%s without a mark is recognised in Latin text',
    async (name) => {
      await using folder = await scratchFolder();
      const read = await folder.read('s.csv', iconv.encode(`${HEAD}a blue fjörd,x\n`, name));
      expect(read.rows).toMatchObject([{ prompt: 'a blue fjörd' }]);
    },
  );

  test('Windows-1252 is read as such, with a warning that names the line', async () => {
    await using folder = await scratchFolder();
    const sheet = `${HEAD}a fox,n\n“café” – naïve €,n\n`;
    const read = await folder.read('s.csv', iconv.encode(sheet, 'windows-1252'));
    expect(read.rows[1]?.prompt).toBe('“café” – naïve €');
    expect(read.sheet.warnings[0]).toMatch(/not UTF-8 \(line 3\).*Windows-1252/);
  });

  test('a letter beyond ASCII far into the file decides too, wherever chunks are cut', async () => {
    await using folder = await scratchFolder();
    const filler = 'a plain prompt,n\n'.repeat(40_000);
    const utf8 = await folder.read('a.csv', `${HEAD}${filler}${'狐狸é'.repeat(30_000)},n\n`);
    expect(utf8.problems.map(({ message }) => message)).toMatchObject([/90000 characters/]);
    const latin = Buffer.concat([Buffer.from(HEAD + filler), iconv.encode('café,n\n', 'latin1')]);
    const read = await folder.read('b.csv', latin);
    expect(read.rows.at(-1)?.prompt).toBe('café');
  });

  test('damaged UTF-8 is refused with its line, and so are other code pages', async () => {
    await using folder = await scratchFolder();
    const damaged = Buffer.concat([
      Buffer.from(`${HEAD}狐狸,n\n狐`),
      Buffer.from([0xe7, 0x8b]),
      Buffer.from('x,n\n'),
    ]);
    await expect(folder.read('a.csv', damaged)).rejects.toThrow('a.csv:3: The text is UTF-8, but');
    const shiftJis = iconv.encode(`${HEAD}赤い狐、夜明けの霧の中。ソファの上の猫,n\n`, 'shift_jis');
    await expect(folder.read('b.csv', shiftJis)).rejects.toThrow('neither UTF-8, UTF-16 nor');
  });
});

/** Without control characters, which are a problem of their own. */
function clean(word: string): string {
  return word.replaceAll(/\p{Cc}/gu, '');
}
