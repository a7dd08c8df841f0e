import { describe, expect, test } from 'vitest';
import { paintFlat, paintPicture } from '../../../../test/support/pictures.ts';
import { makeIdentity, signedOriginal } from '../../../../test/support/signing.ts';
import type { FinishOrder } from '../../core/finisher.ts';
import { FILE_FORMATS } from '../../core/quality.ts';
import { parseRecipe } from '../../core/recipe.ts';
import { finishPicture } from '../finish-image.ts';
import { isSameSigned } from './same-signed.ts';
import type { SigningIdentity } from './signing-identity.ts';

describe('isSameSigned()', () => {
  test.each(FILE_FORMATS)(
    'knows a %s that was signed again, though its bytes differ',
    async (format) => {
      const { signing } = await makeIdentity();
      const master = await paintPicture();
      const [existing, fresh] = [
        await finished(master, `resize 32x; ${format}`, signing),
        await finished(master, `resize 32x; ${format}`, signing),
      ];
      expect(Buffer.from(existing).equals(fresh)).toBe(false);
      expect(existing.length).toBe(fresh.length);
      expect(await isSameSigned(existing, fresh, signing)).toBe(true);
    },
  );

  test('knows what was made of a signed original again', async () => {
    const { signing } = await makeIdentity({ algorithm: 'ps256' });
    const { bytes: master } = await signedOriginal(await paintPicture(), 'image/png');
    const [existing, fresh] = [
      await finished(master, 'webp', signing),
      await finished(master, 'webp', signing),
    ];
    expect(Buffer.from(existing).equals(fresh)).toBe(false);
    expect(await isSameSigned(existing, fresh, signing)).toBe(true);
  });

  test('does not take one that somebody changed, or another picture, or another signer', async () => {
    const { signing } = await makeIdentity();
    const other = await makeIdentity();
    const master = await paintFlat('#102030');
    const fresh = await finished(master, 'png', signing);
    const again = await finished(master, 'png', signing);
    const changed = new Uint8Array(again);
    changed[changed.length - 30]! ^= 1;
    const otherPixels = await finished(await paintFlat('#302010'), 'png', signing);
    const otherMarks = await finished(master, 'png', signing, 'rux');
    const otherSigner = await finished(master, 'png', other.signing);
    expect(otherPixels.length).toBe(fresh.length);
    expect(otherMarks.length).toBe(fresh.length);
    for (const existing of [changed, otherPixels, otherMarks, otherSigner, master]) {
      expect(await isSameSigned(existing, fresh, signing)).toBe(false);
    }
    expect(await isSameSigned(again, fresh, signing)).toBe(true);
  });
});

async function finished(
  master: Uint8Array,
  recipe: string,
  signing: SigningIdentity,
  runId = 'run',
): Promise<Uint8Array> {
  const read = parseRecipe(recipe);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const marks = { generator: 'Imagemill 0.1.0', source: 'algorithmicMedia', runId } as const;
  const order: FinishOrder = { recipe: read.recipe, marks: { kind: 'write', marks } };
  const result = await finishPicture(master, order, signing);
  const [file] = result.kind === 'finished' ? result.files : [];
  if (file === undefined) throw new Error(JSON.stringify(result));
  return file.bytes;
}
