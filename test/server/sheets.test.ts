import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { problemOf } from '../support/service-run.ts';

interface SeenSheet {
  readonly columns: readonly { heading: string; meaning: string | null }[];
  readonly rows: readonly { row: number; line: number; cells: readonly string[] }[];
  readonly row_count: number;
  readonly is_whole: boolean;
  readonly problems: readonly { row?: number; column?: string; message: string; remedy: string }[];
  readonly problem_count: number;
}

function formOf(text: string, name = 'prompts.csv', columnMap?: unknown): FormData {
  const form = new FormData();
  form.append('sheet', new Blob([text]), name);
  if (columnMap !== undefined) form.append('column_map', JSON.stringify(columnMap));
  return form;
}

test('a sheet is told with its columns, rows and problems, and nothing of it is kept', async () => {
  const { call, home } = await liveServer();
  const text = 'prompt,size,owner\na red boat,1024x1024,Ann\na blue boat,huge,Bob\n\n,,Cleo\n';
  const answer = await call('POST', '/v1/sheets', { body: formOf(text) });
  expect(answer.status).toBe(200);
  const sheet = (await answer.json()) as SeenSheet;
  expect(sheet).toMatchObject({
    sheet: 'prompts.csv',
    columns: [
      { heading: 'prompt', meaning: 'prompt' },
      { heading: 'size', meaning: 'size' },
      { heading: 'owner', meaning: null },
    ],
    row_count: 3,
    is_whole: true,
    problem_count: 2,
  });
  expect(sheet.rows[1]).toEqual({ row: 2, line: 3, cells: ['a blue boat', 'huge', 'Bob'] });
  expect(sheet.problems).toMatchObject([
    { row: 2, line: 3, column: 'size', value: 'huge', file: 'prompts.csv' },
    { row: 3, line: 5, column: 'prompt', message: 'The prompt is empty' },
  ]);
  expect(await readdir(join(home, 'plans'))).toEqual([]);
});

test('a sheet whose columns mean nothing is told with its cells, so that they can be named', async () => {
  const { call } = await liveServer();
  const text = 'what,who\na red boat,Ann\n';
  const unnamed = await call('POST', '/v1/sheets', { body: formOf(text) });
  expect(await unnamed.json()).toMatchObject({
    columns: [
      { heading: 'what', meaning: null },
      { heading: 'who', meaning: null },
    ],
    rows: [{ row: 1, cells: ['a red boat', 'Ann'] }],
    problems: [{ message: expect.stringContaining('No column holds the prompt') as string }],
  });
  const named = await call('POST', '/v1/sheets', {
    body: formOf(text, 'prompts.csv', { what: 'prompt' }),
  });
  expect(await named.json()).toMatchObject({
    columns: [{ heading: 'what', meaning: 'prompt' }, { meaning: null }],
    problem_count: 0,
  });
});

test('of a long sheet the beginning is told, and all of it is counted and checked', async () => {
  const { call } = await liveServer();
  const lines = Array.from({ length: 6_000 }, (_, at) => `boat ${at},${at === 5_999 ? 'x' : 1}`);
  const body = formOf(`prompt,count\n${lines.join('\n')}\n`);
  const sheet = (await (await call('POST', '/v1/sheets', { body })).json()) as SeenSheet;
  expect(sheet.rows).toHaveLength(5_000);
  expect(sheet).toMatchObject({ row_count: 6_000, is_whole: false });
  expect(sheet.problems).toMatchObject([{ row: 6_000, column: 'count' }]);
});

test('a row of a results sheet says how many images it had', async () => {
  const { call } = await liveServer();
  const text =
    'prompt,row,index,state,file,attempt,reason,credits\n' +
    'a red boat,1,1,delivered,a.png,1,,1\na red boat,1,2,delivered,b.png,1,,1\n' +
    'a lake,2,1,refused,,1,,0\n';
  const answer = await call('POST', '/v1/sheets', { body: formOf(text, 'results.csv') });
  expect(await answer.json()).toMatchObject({
    columns: [
      { heading: 'prompt', meaning: 'prompt' },
      { heading: 'count', meaning: 'count' },
    ],
    rows: [{ cells: ['a red boat', '2'] }, { cells: ['a lake', '1'] }],
    problem_count: 0,
  });
});

test('what is no sheet is refused with what to do', async () => {
  const { call, home } = await liveServer();
  const body = formOf('%PDF-1.7 and more', 'offer.csv');
  const { problems } = await problemOf(await call('POST', '/v1/sheets', { body }), 422);
  expect(problems).toMatchObject([{ message: 'This is a PDF, not a sheet.' }]);
  const empty = await call('POST', '/v1/sheets', { body: formOf('', 'empty.csv') });
  expect(JSON.stringify(await problemOf(empty, 422))).not.toContain(home);
  const map = await call('POST', '/v1/sheets', { body: formOf('prompt\na\n', 'a.csv', [1]) });
  expect((await problemOf(map, 422)).problems[0]).toMatchObject({ field: 'body.column_map' });
  const rows = await call('POST', '/v1/sheets', { body: { rows: [] } });
  expect((await problemOf(rows, 422)).problems).toMatchObject([
    { field: 'body.upload', message: 'It is missing.' },
    { field: 'body.rows' },
  ]);
  expect(await readdir(join(home, 'plans'))).toEqual([]);
});

test('empty cells of a wide sheet count as well: what is told stays within some megabytes', async () => {
  const { call } = await liveServer();
  const headings = Array.from({ length: 998 }, (_, number) => `c${number}`).join(',');
  const wide = `prompt,${headings}\n${'x\n'.repeat(5_000)}`;
  const answer = await call('POST', '/v1/sheets', { body: formOf(wide) });
  const text = await answer.text();
  const sheet = JSON.parse(text) as SeenSheet;
  expect(sheet).toMatchObject({ row_count: 5_000, is_whole: false });
  expect(sheet.rows.length).toBeGreaterThan(1_000);
  expect(text.length).toBeLessThan(12_000_000);
});

test('a sheet of very many columns is refused before its rows are read', async () => {
  const { call } = await liveServer();
  const headings = Array.from({ length: 20_000 }, (_, number) => `c${number}`).join(',');
  for (const first of ['prompt', 'what']) {
    const body = formOf(`${first},${headings}\n${'x\n'.repeat(5_000)}`);
    const answer = await call('POST', '/v1/sheets', { body });
    expect((await problemOf(answer, 422)).problems).toMatchObject([
      { message: 'The sheet has more than 1000 columns.' },
    ]);
  }
});

test('JSON that is nested without end is a row that is wrong', async () => {
  const { call } = await liveServer();
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const text = `{"prompt":"a red boat"}\n{"prompt":${deep}}\n`;
  const answer = await call('POST', '/v1/sheets', { body: formOf(text, 'prompts.jsonl') });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    row_count: 2,
    problems: [{ message: expect.stringContaining('within each other') as string }],
  });
});
