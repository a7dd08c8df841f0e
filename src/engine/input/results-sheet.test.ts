import { describe, expect, test } from 'vitest';
import { scratchFolder } from './scratch-sheet.ts';

const OURS = 'row,index,state,file,model,size,seed,credits,usd,attempt,reason';

describe('a results sheet', () => {
  test('read again is the sheet that it came from, a row per prompt', async () => {
    await using folder = await scratchFolder();
    const text = [
      `name,prompt,aspect_ratio,${OURS}`,
      `fox,"'=a fox",16:9,1,1,delivered,1-fox-1.png,demo,1360x768,5,1,0,1,`,
      `owl,an owl,,2,1,delivered,2-owl-1.png,demo,1024x1024,8,1,0,1,`,
      `fox,"'=a fox",16:9,1,2,refused,,demo,1360x768,6,1,0,1,no`,
    ].join('\n');
    const { rows, problems, sheet } = await folder.read('results.csv', text);
    expect(problems).toEqual([]);
    expect(sheet.mapping).toEqual({ name: 'name', prompt: 'prompt', aspect_ratio: 'aspect_ratio' });
    expect(rows.map((row) => ({ ...row, cells: {} }))).toEqual([
      {
        number: 1,
        line: 2,
        prompt: '=a fox',
        name: 'fox',
        aspectRatio: [16, 9],
        count: 2,
        references: [],
        cells: {},
      },
      { number: 2, line: 3, prompt: 'an owl', name: 'owl', references: [], cells: {} },
    ]);
  });

  test("keeps the input's own columns of the same names apart", async () => {
    await using folder = await scratchFolder();
    const ours = OURS.replace('model', 'imagemill_model').replace('seed', 'imagemill_seed');
    const text = `prompt,model,seed,${ours}\na fox,flux,7,1,1,delivered,f.png,demo,64x64,99,1,0,1,\n`;
    const { rows, sheet } = await folder.read('results.csv', text);
    expect(sheet.mapping).toEqual({ prompt: 'prompt', model: 'model', seed: 'seed' });
    expect(rows).toMatchObject([{ model: 'flux', seed: 7 }]);
    expect(rows[0]).not.toHaveProperty('size');
  });

  test('takes what was said of an image for no input either', async () => {
    await using folder = await scratchFolder();
    const said = 'review,stars,review_note,client_mark,client_note';
    const text = `prompt,${OURS},${said}\na fox,1,1,delivered,f.png,demo,64x64,5,1,0,1,,keep,4,crisp,approve,ours\n`;
    const { sheet, problems } = await folder.read('results.csv', text);
    expect(problems).toEqual([]);
    expect(sheet.mapping).toEqual({ prompt: 'prompt' });
    expect(sheet.warnings).toEqual([]);
  });

  test('takes what delivery tells of a refusal for no input either', async () => {
    await using folder = await scratchFolder();
    const text = `prompt,${OURS},refusal_stage,refusal_category,reference_changes,flags\na fox,1,1,refused,,demo,64x64,5,0,0,1,no,input,violence,,blank\n`;
    const { sheet, problems } = await folder.read('results.csv', text);
    expect(problems).toEqual([]);
    expect(sheet.mapping).toEqual({ prompt: 'prompt' });
    expect(sheet.warnings).toEqual([]);
  });

  test('a sheet that only has some of these columns is an ordinary one', async () => {
    await using folder = await scratchFolder();
    const { rows } = await folder.read('a.csv', 'row,prompt,state,seed\n1,a,x,3\n1,b,y,4\n');
    expect(rows.map((row) => row.seed)).toEqual([3, 4]);
  });
});
