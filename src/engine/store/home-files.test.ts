import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeFilesContract } from '../../../test/contracts/home-files.contract.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { homeFolderFiles, placeInHome } from './home-files.ts';

homeFilesContract('homeFolderFiles()', async () => ({
  home: await temporaryFolder(),
  files: homeFolderFiles(),
}));

describe('placeInHome()', () => {
  test('names what is kept, and nothing else', () => {
    const home = join('/srv', 'home');
    expect(placeInHome(home, join(home, 'runs', 'r1', 'out', 'a.png'))).toBe('runs/r1/out/a.png');
    for (const other of ['runs', 'thumbnails/ab/c.webp', '../runs/r1', 'imagemill.db', '']) {
      expect(placeInHome(home, join(home, other)), other).toBeUndefined();
    }
    expect(placeInHome(home, '/srv/home2/runs/r1')).toBeUndefined();
  });
});
