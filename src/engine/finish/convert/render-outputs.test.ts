import { describe, expect, test } from 'vitest';
import { finished, recipeOf } from '../../../../test/support/finishing.ts';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { openMaster } from './open-master.ts';
import { planOutputs } from './plan-outputs.ts';
import { renderOutputs } from './render-outputs.ts';
import type { PictureSource } from './work-moves.ts';

/** What each output gets to start from, and how many moves are left to it. */
async function shares(recipe: string) {
  const master = await openMaster(await paintPicture(60, 40));
  const got: { name: string; source: PictureSource; left: number }[] = [];
  const outputs = planOutputs(master, undefined, recipeOf(recipe));
  await renderOutputs(
    { kind: 'master', master },
    outputs,
    async ({ name = '-' }, source, moves) => {
      got.push({ name, source, left: moves.length });
    },
  );
  return got;
}

describe('renderOutputs()', () => {
  test('one output is decoded, worked and encoded in one go', async () => {
    const [only] = await shares('crop 1:1; resize 20x20; webp');
    expect(only).toMatchObject({ source: { kind: 'master' }, left: 2 });
  });

  test('what two begin with is done once, and its pixels are handed to both', async () => {
    const [own, thumb, other] = await shares(
      'upscale 2x lanczos; webp | thumb: upscale 2x lanczos; resize 20x20; webp | other: resize 30x; png',
    );
    expect([own?.name, thumb?.name, other?.name]).toEqual(['-', 'thumb', 'other']);
    expect(own).toMatchObject({ source: { picture: { width: 120, height: 80 } }, left: 0 });
    expect(thumb?.source).toBe(own?.source);
    expect(thumb?.left).toBe(1);
    // The third starts from the decoded master.
    expect(other).toMatchObject({ source: { picture: { width: 60, height: 40 } }, left: 1 });
  });

  test('the same pixels are handed to all that only encode them', async () => {
    const all = await shares('resize 30x; webp | j: resize 30x; jpeg | a: resize 30x; avif');
    expect(all.map(({ left }) => left)).toEqual([0, 0, 0]);
    expect(new Set(all.map(({ source }) => source)).size).toBe(1);
  });

  test('files made together are the same as made alone', async () => {
    const master = await paintPicture(90, 60, 'png');
    const recipes = [
      'upscale 2x lanczos; webp 80',
      'upscale 2x lanczos; resize 50x50; png',
      'crop 1:1; jpeg',
    ];
    const together = await finished(master, `${recipes[0]} | b: ${recipes[1]} | c: ${recipes[2]}`);
    for (const [place, recipe] of recipes.entries()) {
      const [alone] = await finished(master, recipe);
      expect(Buffer.compare(together[place]!.bytes, alone!.bytes)).toBe(0);
    }
  });
});
