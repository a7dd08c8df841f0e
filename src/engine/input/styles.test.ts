import { describe, expect, test } from 'vitest';
import type { Row } from '../core/row.ts';
import { scratchFolder } from './scratch-sheet.ts';
import { applyStyle, readStyles } from './styles.ts';

const ROW: Row = { number: 1, line: 2, prompt: 'a $& fox', references: [], cells: {} };
const FILE =
  '\ufeffname,prompt,negative_prompt\r\nNoir,"film still of {prompt}, rain",colour\r\nWarm,"warm haze",\r\nEmpty,,"people"\r\n';

describe('styles', () => {
  test('fill the slot, are appended without one, and add their negative prompt', async () => {
    await using folder = await scratchFolder();
    const styles = await readStyles(await folder.write('styles.csv', FILE));
    expect([...styles.keys()]).toEqual(['Noir', 'Warm', 'Empty']);
    const styled = (style: string, row = ROW) => applyStyle({ ...row, style }, styles);
    expect(styled('Noir').prompt).toBe('film still of a $& fox, rain');
    expect(styled('Noir', { ...ROW, negativePrompt: 'text' }).negativePrompt).toBe('text, colour');
    expect(styled('Warm').prompt).toBe('a $& fox, warm haze');
    expect(styled('Warm')).not.toHaveProperty('negativePrompt');
    expect(styled('Empty')).toMatchObject({ prompt: 'a $& fox', negativePrompt: 'people' });
  });

  test('leave rows without a style alone', () => {
    expect(applyStyle(ROW, new Map())).toBe(ROW);
  });

  test('report a file that is none, and styles without a name', async () => {
    await using folder = await scratchFolder();
    const none = await folder.write('a.csv', 'prompt,seed\na,1\n');
    await expect(readStyles(none)).rejects.toThrow('this one has prompt, seed');
    const nameless = await folder.write('b.csv', 'name,prompt\n,x\n');
    await expect(readStyles(nameless)).rejects.toThrow('b.csv:2, column name');
  });
});
