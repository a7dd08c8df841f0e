import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RUN_FACTS } from '../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { imageFinisher } from '../finish/finish-image.ts';
import { fileDelivery } from './delivery.ts';

test('an image is there only as a file: a folder of its name is something else', async () => {
  const outFolder = await temporaryFolder();
  await writeFile(join(outFolder, 'one.png'), 'one');
  await mkdir(join(outFolder, 'two.png'));
  const delivery = fileDelivery(memoryBlobs(), imageFinisher);
  const target = {
    outFolder,
    facts: RUN_FACTS,
    title: 'boats.csv',
    settings: DEFAULT_SETTINGS,
    columns: ['prompt'],
    rows: 3,
  };
  const names = ['one.png', 'two.png', 'three.png'];
  const there = await Promise.all(names.map((name) => delivery.isThere(target, name)));
  expect(there).toEqual([true, false, false]);
});
