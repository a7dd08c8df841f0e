import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../core/errors.ts';
import { openSheet } from './open-sheet.ts';
import { readAll, scratchFolder } from './scratch-sheet.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const EXAMPLES = join(import.meta.dirname, '../../../examples');

function prompts(rows: readonly { prompt: string }[]): string[] {
  return rows.map((row) => row.prompt);
}

describe('openSheet() by format', () => {
  test('reads CSV with quoted commas, marks and line breaks, and knows where rows start', async () => {
    await using folder = await scratchFolder();
    const text = 'name,prompt\r\nfox,"a ""red"" fox,\r\nat dawn"\r\n\r\nowl,an owl\r\n';
    const { rows, problems } = await folder.read('a.csv', text);
    expect(problems).toEqual([]);
    expect(prompts(rows)).toEqual(['a "red" fox,\r\nat dawn', 'an owl']);
    expect(rows.map(({ number, line }) => ({ number, line }))).toEqual([
      { number: 1, line: 2 },
      { number: 2, line: 5 },
    ]);
  });

  test.each([
    ['semicolons', 'a.csv', 'name;prompt\nfox;a fox, red\nowl;an owl, white\n'],
    ['tabs under a .csv name', 'a.csv', 'name\tprompt\nfox\ta fox, red\nowl\tan owl, white\n'],
    ['tabs', 'a.tsv', 'Name\tPrompt\nfox\ta fox, red\nowl\tan owl, white\n'],
    [
      "Excel's sep line",
      'a.csv',
      'sep=;\r\nname;prompt\r\nfox;a fox, red\r\nowl;an owl, white\r\n',
    ],
    ['old Mac line ends', 'a.csv', 'name;prompt\rfox;a fox, red\rowl;an owl, white\r'],
    ['mixed line ends', 'a.csv', 'name,prompt\nfox,"a fox, red"\r\nowl,"an owl, white"'],
    [
      'spaces before quotation marks',
      'a.csv',
      'name, prompt\nfox, "a fox, red"\nowl, "an owl, white"\n',
    ],
    ['a table in a .txt', 'a.txt', 'name\tprompt\nfox\ta fox, red\nowl\tan owl, white\n'],
    [
      'JSON lines',
      'a.jsonl',
      '{"prompt":"a fox, red"}\n\n{"name":"owl","prompt":"an owl, white"}\n',
    ],
    [
      'JSON lines under a .txt name',
      'a.txt',
      '{"prompt":"a fox, red"}\n{"prompt":"an owl, white"}',
    ],
    ['a JSON array', 'a.json', '[\n {"prompt":"a fox, red"},\n {"prompt":"an owl, white"}\n]\n'],
    ['a prompt a line', 'a.txt', 'a fox, red\n\nan owl, white'],
    ['one column with a heading', 'a.csv', 'prompt\na fox, red\n"an owl, white"\n'],
  ])('reads %s', async (_, name, text) => {
    await using folder = await scratchFolder();
    const { rows, problems } = await folder.read(name, text);
    expect(problems).toEqual([]);
    expect(prompts(rows)).toEqual(['a fox, red', 'an owl, white']);
  });

  test('reads Excel, and finds ratios that Excel holds as times and dates', async () => {
    const { rows, problems } = await readAll(join(FIXTURES, 'ratios.xlsx'));
    expect(rows).toMatchObject([{ number: 1, line: 2, seed: 42, aspectRatio: [16, 9] }]);
    expect(problems).toMatchObject([
      { line: 3, column: 'aspect_ratio', value: '16:09:00' },
      { line: 5, column: 'aspect_ratio', value: '2026-09-16' },
      { line: 6, column: 'Prompt', message: 'The prompt is empty' },
    ]);
    expect(problems[0]?.message).toContain('"16:9"');
  });

  test('a JSON line that is broken is a bad row, and the others are read', async () => {
    await using folder = await scratchFolder();
    const text = '{"prompt":"one"}\n{"prompt":\n["x"]\n{"prompt":"four","new":1}\n';
    const { sheet, rows, problems } = await folder.read('a.jsonl', text);
    expect(sheet.columns).toEqual(['prompt', 'new']);
    expect(rows.map(({ number, line }) => [number, line])).toEqual([
      [1, 1],
      [4, 4],
    ]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('a single column without a known heading is all prompts, with a warning', async () => {
    await using folder = await scratchFolder();
    const { sheet, rows } = await folder.read('a.csv', 'a fox\nan owl\n');
    expect(prompts(rows)).toEqual(['a fox', 'an owl']);
    expect(sheet.warnings[0]).toContain('"a fox" is a prompt too');
    const mapped = await folder.read('a.csv', 'Idea\nan owl\n', { columnMap: { idea: 'prompt' } });
    expect(prompts(mapped.rows)).toEqual(['an owl']);
  });

  test('TSV keeps unquoted and stray quotation marks as text', async () => {
    await using folder = await scratchFolder();
    const text =
      'Prompt\tNote\na "red" fox\t5" tall\n"G I G" painted\tx\n"never closed\ty\nlast\tz\n';
    const { sheet, rows } = await folder.read('a.tsv', text);
    expect(prompts(rows)).toEqual(['a "red" fox', '"G I G" painted', '"never closed', 'last']);
    expect(sheet.warnings[0]).toContain('a.tsv:4');
  });

  test('TSV as Excel writes it is unquoted', async () => {
    await using folder = await scratchFolder();
    const text = 'Prompt\tNote\n"a ""red"" fox\nwith\ttabs"\t"G" painted\nlast\tz\n';
    const { rows } = await folder.read('a.tsv', text);
    expect(prompts(rows)).toEqual(['a "red" fox\nwith\ttabs', 'last']);
    expect(rows[0]?.cells['Note']).toBe('"G" painted');
  });

  test('a CSV whose quotation mark is never closed is refused with its line', async () => {
    await using folder = await scratchFolder();
    const path = await folder.write('a.csv', 'name,prompt\na,one\nb,"two\nc,three\n');
    await expect(openSheet(path)).rejects.toThrow('a.csv:3: A quotation mark opens a cell here');
  });

  test('missing cells are empty, extra cells are a problem unless they are empty', async () => {
    await using folder = await scratchFolder();
    const text = 'name,prompt,seed,mood\na,one,1\nb,two,2,calm,,\nc,three,3,calm,red\n';
    const { rows, problems } = await folder.read('a.csv', text);
    expect(rows.map((row) => row.cells['mood'])).toEqual(['', 'calm']);
    expect(problems).toMatchObject([{ line: 4, value: 'red' }]);
  });

  test('keeps all cells by heading, in order, and rows() starts anew each time', async () => {
    await using folder = await scratchFolder();
    const path = await folder.write('a.csv', 'mood,prompt,,__proto__\n calm ,one,x,y\n');
    const sheet = await openSheet(path);
    for (let time = 0; time < 2; time++) {
      for await (const entry of sheet.rows()) {
        expect(entry.kind).toBe('row');
        const cells = entry.kind === 'row' ? entry.row.cells : {};
        expect(Object.entries(cells)).toEqual([
          ['mood', ' calm '],
          ['prompt', 'one'],
          ['column 3', 'x'],
          ['__proto__', 'y'],
        ]);
      }
    }
  });

  test('stopping early closes the file', async () => {
    await using folder = await scratchFolder();
    const lines = Array.from({ length: 20_000 }, (_, at) => `prompt number ${at}`).join('\n');
    const sheet = await openSheet(await folder.write('a.csv', `prompt\n${lines}\n`));
    const open = async () => (await readdir('/proc/self/fd')).length;
    const before = process.platform === 'linux' ? await open() : 0;
    for await (const entry of sheet.rows()) if (entry.kind === 'row') break;
    await new Promise((resolve) => setImmediate(resolve));
    if (process.platform === 'linux') expect(await open()).toBeLessThanOrEqual(before);
  });
});

describe('openSheet() refuses', () => {
  test.each([
    ['an empty file', 'a.csv', '', 'The file is empty'],
    ['a file of line breaks', 'a.csv', '\n\n', 'The file has no rows'],
    ['headings without rows', 'a.csv', 'prompt,seed\n', 'no rows'],
    ['a picture', 'a.csv', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'a picture'],
    ['an old Excel file', 'a.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old Excel file'],
    ['other binary data', 'a.csv', Buffer.from([1, 2, 3, 0, 0, 0, 0, 9, 200]), 'binary file'],
    ['a ZIP that is no workbook', 'a.xlsx', Buffer.from('504b0304ffff', 'hex'), 'Excel workbook'],
    ['an unclosed JSON array', 'a.json', '[{"prompt":"a"},\n{"prompt"', 'a.json:2'],
    [
      'headings that are there twice',
      'a.csv',
      'prompt,seed,seed\na,1,2\n',
      '"seed" is there more than once',
    ],
    [
      'a sheet without prompts',
      'a.csv',
      'sku,about\n1,a long text of a fox\n',
      '--map "about=prompt"',
    ],
    ['two columns for one meaning', 'a.csv', 'text,caption\na,b\n', '--map "text=prompt"'],
  ])('%s', async (_, name, content, words) => {
    await using folder = await scratchFolder();
    const opening = openSheet(await folder.write(name, content));
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(words);
  });

  test('missing files and folders', async () => {
    await using folder = await scratchFolder();
    await expect(openSheet(join(folder.path, 'none.csv'))).rejects.toThrow('There is no such file');
    await expect(openSheet(folder.path)).rejects.toThrow('This is a folder');
  });
});

describe('openSheet() with a column map', () => {
  const TEXT = 'Idea,Reference,prompt,Ratio\na fox,https://x.org/a.png,unused,11:00\n';

  test('takes headings or meanings in any case, and an empty meaning ignores a column', async () => {
    await using folder = await scratchFolder();
    const columnMap = { IDEA: 'Prompt', image: '', aspect_ratio: '' };
    const { sheet, rows } = await folder.read('a.csv', TEXT, { columnMap });
    expect(sheet.mapping).toEqual({ Idea: 'prompt' });
    expect(rows).toMatchObject([{ prompt: 'a fox', references: [] }]);
    expect(rows[0]?.cells['Reference']).toBe('https://x.org/a.png');
  });

  test('reports unknown columns and meanings at once, with the choices', async () => {
    await using folder = await scratchFolder();
    const path = await folder.write('a.csv', TEXT);
    const opening = openSheet(path, { columnMap: { mood: 'prompt', idea: 'poem' } });
    await expect(opening).rejects.toMatchObject({ problems: { length: 2 } });
    await expect(opening).rejects.toThrow('"Idea", "Reference", "prompt", "Ratio"');
    await expect(opening).rejects.toThrow('prompt, negative_prompt, name');
  });
});

describe('openSheet() checks', () => {
  test.each([
    ['aspect_ratio', '11:00', 'a time'],
    ['aspect_ratio', 'source prompt', 'not an aspect ratio'],
    ['size', '1,024x1024', 'grouped the digits'],
    ['size', '16:9', 'an aspect ratio, not a size'],
    ['size', 'large', 'not a size'],
    ['seed', '1.23E+09', 'rounded this seed'],
    ['seed', '-1', 'from 0 to 4294967295'],
    ['seed', '4294967296', 'from 0 to 4294967295'],
    ['count', '0', 'from 1 to 1000'],
    ['count', '2.5', 'from 1 to 1000'],
    ['quality', 'ultra', 'quality is not known'],
    ['negative_prompt', 'a\u0000b', 'U+0000'],
    ['style', 'Cubism', 'not in the style file'],
    ['width', '100', 'no height'],
  ])('%s %j', async (column, value, words) => {
    await using folder = await scratchFolder();
    const text = `prompt,${column}\na fox,"${value}"\n`;
    const { problems } = await folder.read('a.csv', text, { styleNames: ['Film noir'] });
    expect(problems).toMatchObject([
      { line: 2, message: expect.stringContaining(words) as string },
    ]);
  });

  test('-1 means a random seed in other tools, but nothing as a count', async () => {
    await using folder = await scratchFolder();
    const { problems } = await folder.read('a.csv', 'prompt,seed,count\na fox,-1,-1\n', {});
    expect(problems.map(({ column, remedy }) => [column, remedy.includes('random')])).toEqual([
      ['seed', true],
      ['count', false],
    ]);
  });

  test('reports all problems of a row', async () => {
    await using folder = await scratchFolder();
    const text = 'prompt,seed,image,ar\n,x,missing.png,2:9:00\n';
    const { problems } = await folder.read('a.csv', text);
    const columns = new Set(problems.map(({ column }) => column));
    expect(columns).toEqual(new Set(['prompt', 'seed', 'image', 'ar']));
  });

  test('control characters and overlong prompts are problems, tabs and line breaks are not', async () => {
    await using folder = await scratchFolder();
    const rows = ['a\u0007b', 'x'.repeat(32_001), 'a\tb\nc'].map((prompt) =>
      JSON.stringify({ prompt }),
    );
    const read = await folder.read('a.jsonl', rows.join('\n'));
    expect(read.problems.map(({ line }) => line)).toEqual([1, 2]);
    expect(prompts(read.rows)).toEqual(['a\tb\nc']);
  });

  test('size wins over an aspect ratio that agrees within 2 %, otherwise it is a problem', async () => {
    await using folder = await scratchFolder();
    const text =
      'prompt,size,ratio,w,h\na,1920x1088,16:9,,\nb,1024x1024,16:9,,\nc,,,64,48\nd,64x64,,64,48\n';
    const { rows, problems } = await folder.read('a.csv', text);
    expect(rows.map(({ size, aspectRatio }) => ({ size, aspectRatio }))).toEqual([
      { size: { width: 1920, height: 1088 }, aspectRatio: undefined },
      { size: { width: 64, height: 48 }, aspectRatio: undefined },
    ]);
    expect(problems.map(({ line }) => line)).toEqual([3, 5]);
  });

  test('reads numbers as table tools write them and names whatever their case', async () => {
    await using folder = await scratchFolder();
    const text = 'prompt,seed,n,quality,size,style\na,42.0,2,HIGH,1024X768,film NOIR\n';
    const { rows } = await folder.read('a.csv', text, { styleNames: ['Film noir'] });
    expect(rows).toMatchObject([
      {
        seed: 42,
        count: 2,
        quality: 'high',
        size: { width: 1024, height: 768 },
        style: 'Film noir',
      },
    ]);
  });

  test('collects references from numbered columns and lists, made absolute', async () => {
    await using folder = await scratchFolder();
    await folder.write('a.png', Buffer.from('89504e470d0a1a0a', 'hex'));
    await folder.write('b.jpg', Buffer.from('ffd8ffe0', 'hex'));
    const text = 'prompt,image_1,image_2\na,a.png|b.jpg,https://x.org/c.png;d=1\n';
    const { rows } = await folder.read('s.csv', text);
    expect(rows[0]?.references).toEqual([
      join(folder.path, 'a.png'),
      join(folder.path, 'b.jpg'),
      'https://x.org/c.png;d=1',
    ]);
  });

  test('leaves it to the plan to say that styles are named and no style file is given', async () => {
    await using folder = await scratchFolder();
    const { sheet, rows } = await folder.read('a.csv', 'prompt,style\na,noir\n');
    expect(sheet.warnings).toEqual([]);
    expect(rows[0]?.style).toBe('noir');
  });
});

describe('the examples', () => {
  test('read without a problem or a warning', async () => {
    const demo = await readAll(join(EXAMPLES, 'demo.csv'));
    expect(demo.rows).toHaveLength(12);
    expect([demo.problems, demo.sheet.warnings]).toEqual([[], []]);
    const { readStyles } = await import('./styles.ts');
    const styleNames = (await readStyles(join(EXAMPLES, 'styles.csv'))).keys();
    const products = await readAll(join(EXAMPLES, 'products.jsonl'), { styleNames });
    expect([products.problems, products.sheet.warnings]).toEqual([[], []]);
    expect(products.rows).toHaveLength(6);
  });
});
