import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import ZipStream from 'zip-stream';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readWorkbook } from './system-workbook.ts';

const NAMES = 'http://schemas.openxmlformats.org';
const RELATIONS = `${NAMES}/officeDocument/2006/relationships`;
const PARTS = {
  'xl/workbook.xml': `<workbook xmlns="${NAMES}/spreadsheetml/2006/main" xmlns:r="${RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${NAMES}/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** A workbook with one worksheet of these rows, as XML. */
async function workbook(rows: string): Promise<string> {
  const zip = new ZipStream();
  const bytes = buffer(zip);
  const sheet = `<worksheet xmlns="${NAMES}/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
  for (const [name, text] of Object.entries({ ...PARTS, 'xl/worksheets/sheet1.xml': sheet })) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    zip.entry(text, { name }, (error) => (error ? reject(error) : resolve()));
    await promise;
  }
  zip.finalize();
  const path = join(await temporaryFolder(), 'a.xlsx');
  await writeFile(path, await bytes);
  return path;
}

function cell(place: string, text: string): string {
  const row = place.replaceAll(/\D/g, '');
  return `<row r="${row}"><c r="${place}" t="inlineStr"><is><t>${text}</t></is></c></row>`;
}

describe('readWorkbook()', () => {
  test('gives the cells of the first worksheet as texts', async () => {
    const path = await workbook(cell('A1', 'prompt') + cell('B2', 'a boat'));
    expect(await readWorkbook(path)).toEqual({
      rows: [
        ['prompt', ''],
        ['', 'a boat'],
      ],
    });
  });

  test('survives a cell in the last corner of a worksheet', { timeout: 90_000 }, async () => {
    const path = await workbook(cell('A1', 'prompt') + cell('XFD1048576', 'a boat'));
    expect(await readWorkbook(path)).toEqual({ isTooLarge: true });
  });

  test('goes on after one that was no workbook', async () => {
    const path = join(await temporaryFolder(), 'a.xlsx');
    await writeFile(path, 'PK\u0003\u0004 and no more');
    expect(await readWorkbook(path)).toHaveProperty('problem');
    expect(await readWorkbook(await workbook(cell('A1', 'prompt')))).toEqual({
      rows: [['prompt']],
    });
  });
});
