import { describe, expect, test } from 'vitest';
import { makeSigner, type TestAlgorithm } from '../../../../test/support/certificates.ts';
import { readTags } from '../../../../test/support/exiftool.ts';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { makeIdentity, signedOriginal } from '../../../../test/support/signing.ts';
import type { CredentialsReport } from '../../core/credentials.ts';
import type { FinishedFile, FinishOrder, ImageMarks, MarkOrder } from '../../core/finisher.ts';
import { FILE_FORMATS } from '../../core/quality.ts';
import { parseRecipe } from '../../core/recipe.ts';
import { finishPicture } from '../finish-image.ts';
import { createPicturePool } from '../workers/picture-pool.ts';
import { readCredentials } from './read-credentials.ts';
import type { SigningIdentity } from './signing-identity.ts';
import { verifyCredentials } from './verify-credentials.ts';

const MARKS: ImageMarks = {
  generator: 'Imagemill 0.1.0',
  source: 'trainedAlgorithmicMedia',
  model: 'gpt-image-2',
  vendor: 'openai',
  prompt: 'a lake that nobody knows',
  runId: 'run',
  itemId: 'item',
};
const OURS: MarkOrder = { kind: 'write', marks: MARKS };

describe('a finished file', () => {
  test.each(FILE_FORMATS)('as %s carries marks and a signature that holds', async (format) => {
    const { signer, signing } = await makeIdentity();
    const { bytes } = await finishOne(await paintPicture(), order(format), signing);
    expect(await verifyCredentials(bytes, signer)).toMatchObject({
      kind: 'valid',
      signer: 'Test Signer',
      issuer: 'Test Authority',
      generator: 'Imagemill 0.1.0',
      digitalSourceType: 'trainedAlgorithmicMedia',
      problems: [],
    });
    // A reader of its own finds both, and nothing to complain of.
    expect(await readTags(bytes, format)).toMatchObject({
      'JUMBF:JUMDLabel': 'c2pa',
      'CBOR:Claim_generator_info': { name: 'Imagemill', version: '0.1.0' },
      'XMP-iptcExt:DigitalSourceType': expect.stringContaining('trainedAlgorithmicMedia'),
      'XMP-imagemill:Run': 'run',
      'ExifTool:Validate': '0 0 0',
    });
  });

  test.each<TestAlgorithm>(['es256', 'es384', 'es512', 'ps256', 'ed25519'])(
    'is signed by a key of %s',
    async (algorithm) => {
      const { signer, signing } = await makeIdentity({ algorithm });
      const { bytes } = await finishOne(await paintPicture(), order(), signing);
      expect(signing.algorithm).toBe(algorithm);
      expect(await verifyCredentials(bytes, signer)).toMatchObject({ kind: 'valid' });
    },
  );

  test('says that a model made it, and each step since', async () => {
    const { signer, signing } = await makeIdentity();
    const recipe = 'upscale 2x lanczos; crop 2:1; resize 32x32; webp 82';
    const { bytes } = await finishOne(await paintPicture(), order(recipe), signing);
    const report = await verifyCredentials(bytes, signer);
    expect(actionsOf(report)).toEqual([
      ['c2pa.created', undefined],
      ['c2pa.resized.proportional', 'enlarged 2 times'],
      ['c2pa.cropped', 'to 128x64'],
      ['c2pa.resized.proportional', 'to cover 32x32'],
      ['c2pa.cropped', 'to 32x32'],
      ['c2pa.converted', 'image/png to image/webp'],
    ]);
    expect(report).toMatchObject({
      actions: [{ by: 'gpt-image-2' }, { by: 'Imagemill 0.1.0' }, {}, {}, {}, {}],
      ingredients: [],
    });
  });

  test('holds no prompt in its credentials', async () => {
    const { signing } = await makeIdentity();
    const hidden: MarkOrder = { ...OURS, withoutPrompts: true };
    const { bytes } = await finishOne(await paintPicture(), { marks: hidden }, signing);
    expect(Buffer.from(bytes).includes('lake')).toBe(false);
  });

  test('stays within the bytes that it may have, its signature counted', async () => {
    const { signer, signing } = await makeIdentity();
    const master = await paintPicture(256, 256);
    const { bytes } = await finishOne(master, order('webp 9KB'), signing);
    expect(bytes.length).toBeLessThanOrEqual(9000);
    expect(await verifyCredentials(bytes, signer)).toMatchObject({ kind: 'valid' });
  });

  test('is not signed when it is to say nothing of itself', async () => {
    const { signing } = await makeIdentity();
    const quiet: FinishOrder = { ...order('webp'), marks: { kind: 'none' } };
    const { bytes } = await finishOne(await paintPicture(), quiet, signing);
    expect(await verifyCredentials(bytes)).toEqual({ kind: 'none' });
  });
});

test('what cannot be signed is told as a failure of that picture, without any key', async () => {
  const { signing } = await makeIdentity();
  const expired = readCredentials(await makeSigner({ valid: [-10, -1] }), []);
  const late = { ...signing, chain: [new Uint8Array(expired.chain[0]!.raw)], key: expired.key! };
  const result = await finishPicture(await paintPicture(), order('webp'), late);
  expect(result).toEqual({
    kind: 'unusable',
    reason: expect.stringMatching(
      /^it could not be signed \(The certificate has expired[^)]*\): see to the credentials/,
    ),
  });
});

describe('a signed original', () => {
  test.each(FILE_FORMATS)('as %s stays as it is, byte for byte', async (format) => {
    const { signing } = await makeIdentity();
    const original = await signedOriginal(await paintPicture(64, 64, format), `image/${format}`);
    const result = await finishPicture(original.bytes, order(), signing);
    if (result.kind !== 'finished') throw new Error(result.reason);
    expect(result.files[0]?.bytes).toBe(original.bytes);
    expect(result.keepsOriginal).toBe(false);
  });

  test('is kept inside what is made of it, with its own credentials', async () => {
    const { signer, signing } = await makeIdentity();
    const original = await signedOriginal(await paintPicture(), 'image/png');
    const result = await finishPicture(original.bytes, order('resize 32x; webp'), signing);
    if (result.kind !== 'finished') throw new Error(result.reason);
    expect(result.keepsOriginal).toBe(true);
    const [file] = result.files as readonly [FinishedFile];
    const trustAnchors = `${signer.trustAnchors}\n${original.trustAnchors}`;
    const report = await verifyCredentials(file.bytes, { trustAnchors });
    expect(report).toMatchObject({
      kind: 'valid',
      signer: 'Test Signer',
      // Told by the original, which alone knows.
      digitalSourceType: 'trainedAlgorithmicMedia',
      ingredients: [
        {
          relationship: 'parentOf',
          format: 'image/png',
          credentials: {
            signer: 'Vendor',
            generator: 'Vendor 7',
            actions: [{ action: 'c2pa.created' }],
          },
        },
      ],
    });
    expect(actionsOf(report)).toEqual([
      ['c2pa.opened', undefined],
      ['c2pa.resized.proportional', 'to 32x32'],
      ['c2pa.converted', 'image/png to image/webp'],
      ['c2pa.edited.metadata', 'marks of origin written'],
    ]);
  });

  test('that somebody changed is taken in with a record of that', async () => {
    const { signer, signing } = await makeIdentity();
    const { bytes } = await signedOriginal(await paintPicture(64, 64, 'jpeg'), 'image/jpeg');
    const changed = new Uint8Array(bytes);
    changed[changed.length - 20]! ^= 1;
    const file = await finishOne(changed, order('resize 32x; png'), signing);
    expect(await verifyCredentials(file.bytes, signer)).toMatchObject({
      kind: 'valid',
      ingredients: [
        { problems: expect.arrayContaining(['The picture was changed after it was signed']) },
      ],
    });
  });
});

describe('a picture from elsewhere', () => {
  const keep: MarkOrder = { kind: 'keep' };

  test('is opened and edited, and nothing is claimed of how it came to be', async () => {
    const { signer, signing } = await makeIdentity();
    const master = await paintPicture(64, 64, 'jpeg');
    const { bytes } = await finishOne(
      master,
      { ...order('resize 32x; webp'), marks: keep },
      signing,
    );
    const report = await verifyCredentials(bytes, signer);
    expect(actionsOf(report)).toEqual([
      ['c2pa.opened', undefined],
      ['c2pa.resized.proportional', 'to 32x32'],
      ['c2pa.converted', 'image/jpeg to image/webp'],
    ]);
    expect(report).toMatchObject({ ingredients: [{ relationship: 'parentOf', problems: [] }] });
    expect(report).not.toHaveProperty('digitalSourceType');
    expect(report).not.toHaveProperty('ingredients.0.credentials');
  });

  test('that nothing is done to stays as it is', async () => {
    const { signing } = await makeIdentity();
    const master = await paintPicture(64, 64, 'jpeg');
    const { bytes } = await finishOne(master, { ...order('jpeg'), marks: keep }, signing);
    expect(bytes).toBe(master);
  });

  test('that a person marks is not claimed as made here', async () => {
    const { signer, signing } = await makeIdentity();
    const byHand: MarkOrder = { ...OURS, overrides: true };
    const { bytes } = await finishOne(await paintPicture(), { marks: byHand }, signing);
    expect(actionsOf(await verifyCredentials(bytes, signer))).toEqual([
      ['c2pa.opened', undefined],
      ['c2pa.edited.metadata', 'marks of origin written'],
    ]);
  });
});

test('worker threads sign and compare with what they were given at their start', async () => {
  const { signer, signing } = await makeIdentity();
  await using pool = createPicturePool(1, { signing });
  const master = await paintPicture();
  const files = await Promise.all([0, 1].map(() => pool.finish(master, order('avif'))));
  const [one, other] = files.map((result) => (result.kind === 'finished' ? result.files : []));
  const [first, second] = [one?.[0]?.bytes, other?.[0]?.bytes] as [Uint8Array, Uint8Array];
  expect(await verifyCredentials(first, signer)).toMatchObject({ kind: 'valid' });
  expect(Buffer.from(first).equals(second)).toBe(false);
  expect(await pool.isSameSigned(first, second)).toBe(true);
});

function order(recipe?: string): FinishOrder {
  if (recipe === undefined) return { marks: OURS };
  const read = parseRecipe(recipe);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return { marks: OURS, recipe: read.recipe };
}

async function finishOne(
  master: Uint8Array,
  what: FinishOrder,
  signing: SigningIdentity,
): Promise<FinishedFile> {
  const result = await finishPicture(master, what, signing);
  const [file] = result.kind === 'finished' ? result.files : [];
  if (file === undefined) throw new Error(JSON.stringify(result));
  return file;
}

function actionsOf(report: CredentialsReport): (readonly [string, string | undefined])[] {
  return report.kind === 'none'
    ? []
    : report.actions.map(({ action, description }) => [action, description] as const);
}
