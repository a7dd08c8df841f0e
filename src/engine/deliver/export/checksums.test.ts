import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../../test/support/export-source.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { checksumLine, parseChecksum, sha256OfFile } from './checksums.ts';

const NAMES = [
  'plain.png',
  'with space.png',
  'sub folder/画像.png',
  'back\\slash.png',
  'line\nfeed.png',
  'carriage\rreturn.png',
  '\\n at the beginning.png',
  ' leading and trailing ',
  '*star.png',
];

describe('SHA256SUMS', () => {
  test('is checked by the real sha256sum, odd names included', async () => {
    const folder = await temporaryFolder();
    let text = '';
    for (const file of NAMES) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `content of ${file}`);
      text += checksumLine({ sha256: await sha256OfFile(path), file });
    }
    await writeFile(join(folder, 'SHA256SUMS'), text);
    const sound = runProgram('sha256sum', ['--strict', '-c', 'SHA256SUMS'], folder);
    if (sound === undefined) return;
    expect(sound).toMatchObject({ code: 0 });
    await writeFile(join(folder, NAMES[4]!), 'changed');
    expect(runProgram('sha256sum', ['-c', 'SHA256SUMS'], folder)).toMatchObject({ code: 1 });
  });

  test.each(NAMES)('says %j and understands it again', (file) => {
    const sum = { sha256: 'ab'.repeat(32), file };
    expect(parseChecksum(checksumLine(sum).slice(0, -1))).toEqual(sum);
  });

  test('is read as the real sha256sum writes it', async () => {
    const folder = await temporaryFolder();
    for (const name of NAMES.filter((each) => !each.includes('/'))) {
      await writeFile(join(folder, name), name);
    }
    const written = runProgram('sh', ['-c', 'sha256sum --binary -- *'], folder);
    if (written?.code !== 0) return;
    const lines = written.output.trimEnd().split('\n');
    const read = lines.map((line) => parseChecksum(line)?.file ?? '');
    expect(read.toSorted()).toEqual(NAMES.filter((each) => !each.includes('/')).toSorted());
    expect(await readFile(join(folder, read[0]!), 'utf8')).toBe(read[0]);
  });

  test.each(['', 'no checksum', `${'a'.repeat(63)}  short`, `${'g'.repeat(64)}  no hex`])(
    'knows that %j is none',
    (line) => {
      expect(parseChecksum(line)).toBeUndefined();
    },
  );
});
