import { describe, expect, test } from 'vitest';
import { readTags } from '../../../../test/support/exiftool.ts';
import {
  finished,
  finishedOne,
  recipeOf,
  whyUnusable,
} from '../../../../test/support/finishing.ts';
import { grainy } from '../../../../test/support/reference-pictures.ts';
import { makeIdentity } from '../../../../test/support/signing.ts';
import type { MarkOrder } from '../../core/finisher.ts';
import { verifyCredentials } from '../credentials/verify-credentials.ts';
import { finishPicture } from '../finish-image.ts';

const master = await grainy(160, 120).png().toBuffer();
const LONG_PROMPT = 'a lake with mountains behind it, '.repeat(60);
const MARKS: Extract<MarkOrder, { kind: 'write' }> = {
  kind: 'write',
  marks: { generator: 'Imagemill 0.1.0', source: 'algorithmicMedia', prompt: LONG_PROMPT },
};

describe('a byte target', () => {
  test.each(['jpeg', 'webp', 'avif'])(
    'of %s is reached from below, as near as it goes',
    async (format) => {
      const all = await finished(
        master,
        [
          `${format} 10`,
          ...[20, 40, 60, 80].map((quality) => `q${quality}: ${format} ${quality}`),
        ].join(' | '),
      );
      for (const { bytes } of all) {
        // One byte less than a quality has must give a lower quality, its own size this quality.
        expect((await finishedOne(master, `${format} ${bytes.length}B`)).bytes.length).toBe(
          bytes.length,
        );
      }
      const less = all[3]!.bytes.length - 1;
      const { bytes } = await finishedOne(master, `${format} ${less}B`);
      expect(bytes.length).toBeLessThanOrEqual(less);
      expect(bytes.length).toBeGreaterThan(all[2]!.bytes.length);
      expect(await finishedOne(master, `${format} ${less}B`)).toMatchObject({ bytes });
    },
  );

  test.each(['jpeg', 'webp', 'avif'])(
    'of %s holds with the marks that come after',
    async (format) => {
      for (const mostBytes of [9_000, 9_001, 9_500, 12_345]) {
        const recipe = `resize 80x60; ${format} ${mostBytes}B`;
        const [marked] = await finished(master, recipe, { marks: MARKS });
        expect(marked!.marked).toBe(true);
        expect(marked!.bytes.length).toBeLessThanOrEqual(mostBytes);
        const tags = await readTags(marked!.bytes, format);
        expect(JSON.stringify(tags)).toContain(LONG_PROMPT.trim().slice(0, 80));
      }
    },
  );

  test('holds with a signature that comes last, and the signature with it', async () => {
    const { signer, signing } = await makeIdentity();
    const marks = { ...MARKS, marks: { ...MARKS.marks, runId: 'run', itemId: 'item' } };
    for (const format of ['jpeg', 'webp', 'avif']) {
      const order = { recipe: recipeOf(`resize 80x60; ${format} 20KB`), marks };
      const result = await finishPicture(master, order, signing);
      const file =
        result.kind === 'finished' ? result.files[0]! : expect.unreachable(result.reason);
      expect(file.bytes.length).toBeLessThanOrEqual(20_000);
      expect(await verifyCredentials(file.bytes, signer)).toMatchObject({ kind: 'valid' });
    }
  });

  test('that no quality reaches says how near it comes', async () => {
    const large = await grainy(640, 480).png().toBuffer();
    const { bytes } = await finishedOne(large, 'jpeg 10');
    expect(await whyUnusable(large, 'jpeg 1000B')).toBe(
      `at the lowest quality (10) it has ${bytes.length} bytes, more than 1000: resize it, or allow more`,
    );
    const marked = await finished(master, 'jpeg 1200B', { marks: MARKS }).catch(String);
    expect(marked).toMatch(/bytes \(\d{4} of them what is written into it\), more than 1200: /);
  });

  test('leaves a master of the format alone that is small enough', async () => {
    const jpeg = await grainy(200, 150).jpeg({ quality: 95 }).toBuffer();
    expect((await finishedOne(jpeg, 'jpeg 200KB')).bytes).toBe(jpeg);
    const smaller = await finishedOne(jpeg, `jpeg ${jpeg.length - 1}B`);
    expect(smaller.bytes.length).toBeLessThan(jpeg.length);
    // With marks it would be too large, and is encoded anew.
    const [marked] = await finished(jpeg, `jpeg ${jpeg.length + 100}B`, {
      marks: { kind: 'write', marks: { generator: 'x', source: 'algorithmicMedia' } },
    });
    expect(marked!.bytes.length).toBeLessThanOrEqual(jpeg.length + 100);
    expect(marked!.marked).toBe(true);
  });
});
