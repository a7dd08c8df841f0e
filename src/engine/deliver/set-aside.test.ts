import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { setAside } from './set-aside.ts';

test('an image that was replaced is moved, never overwritten, and its name is free', async () => {
  const folder = await temporaryFolder();
  const put = (text: string) => writeFileSync(join(folder, '0001-a-1.png'), text);
  put('first');
  expect(await setAside(folder, '0001-a-1.png')).toBe('replaced/0001-a-1.png');
  put('second');
  expect(await setAside(folder, '0001-a-1.png')).toBe('replaced/2-0001-a-1.png');
  expect(readdirSync(folder)).toEqual(['replaced']);
  expect(readFileSync(join(folder, 'replaced/0001-a-1.png'), 'utf8')).toBe('first');
});

test('what was moved before, or is gone, stays as it is', async () => {
  const folder = await temporaryFolder();
  expect(await setAside(folder, 'gone.png')).toBe('gone.png');
  expect(await setAside(folder, 'replaced/0001-a-1.png')).toBe('replaced/0001-a-1.png');
});
