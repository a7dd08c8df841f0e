import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { removeLeftUploads } from './left-uploads.ts';

const DAY_MS = 24 * 3_600_000;

test.each(['incoming', 'arriving', 'plans'])(
  'what a dead process has left in %s goes after a day',
  async (folder) => {
    const home = await temporaryFolder();
    const now = Date.now();
    await mkdir(join(home, folder, 'old', 'sheet'), { recursive: true });
    await mkdir(join(home, folder, 'new'), { recursive: true });
    const before = new Date(now - DAY_MS - 60_000);
    await utimes(join(home, folder, 'old'), before, before);
    await removeLeftUploads(home, now);
    expect(await readdir(join(home, folder))).toEqual(['new']);
  },
);
