import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeSigner } from '../../../../test/support/certificates.ts';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { GENERATOR, makeIdentity, signedOriginal } from '../../../../test/support/signing.ts';
import { FILE_FORMATS, type FileFormat } from '../../core/quality.ts';
import { blobOf, openC2pa } from './c2pa-library.ts';
import { coseSignature } from './cose-signature.ts';
import { readCredentials } from './read-credentials.ts';
import { verifyCredentials } from './verify-credentials.ts';

const CHANGED = 'The picture was changed after it was signed';
const UNKNOWN = 'No authority that is trusted here vouches for the signer';

describe('verifyCredentials()', () => {
  test.each(FILE_FORMATS)('finds that pixels of a %s were changed', async (format) => {
    const { bytes, trustAnchors } = await signed(format);
    expect(await verifyCredentials(bytes, { trustAnchors })).toMatchObject({ kind: 'valid' });
    const at = await pixelByte(bytes, format);
    const report = await verifyCredentials(flipped(bytes, at), { trustAnchors });
    expect(report).toMatchObject({ kind: 'broken', problems: [CHANGED], signer: 'Vendor' });
  });

  test.each(FILE_FORMATS)('finds that claims of a %s were changed', async (format) => {
    const { bytes, trustAnchors } = await signed(format);
    const at = Buffer.from(bytes).indexOf('trainedAlgorithmicMedia');
    const report = await verifyCredentials(flipped(bytes, at), { trustAnchors });
    expect(report).toMatchObject({
      kind: 'broken',
      problems: ['What the credentials say was changed after it was signed'],
    });
  });

  test.each(FILE_FORMATS)('finds the signature of a %s changed', async (format) => {
    const { bytes, trustAnchors } = await signed(format);
    const { signature } = await signatureOf(bytes);
    const report = await verifyCredentials(flipped(bytes, signature), { trustAnchors });
    expect(report).toMatchObject({
      kind: 'broken',
      problems: expect.arrayContaining([
        'The signature does not fit what it signs: one of them was changed',
      ]),
    });
  });

  test('says of a file without credentials that it has none', async () => {
    const { bytes } = await signed('png');
    const stripped = await sharp(bytes).png().toBuffer();
    expect(await verifyCredentials(stripped)).toEqual({ kind: 'none' });
    expect(await verifyCredentials(Buffer.from('no picture at all'))).toEqual({ kind: 'none' });
    expect(await verifyCredentials(stripped.subarray(0, 90))).toEqual({ kind: 'none' });
  });

  test('says of credentials that are cut off that they cannot be read', async () => {
    const { bytes } = await signed('png');
    expect(await verifyCredentials(bytes.subarray(0, 900))).toMatchObject({
      kind: 'broken',
      problems: ['The credentials are damaged and cannot be read'],
    });
  });

  test('trusts nobody but those it is told to', async () => {
    const { bytes, trustAnchors } = await signed('webp');
    const others = await makeSigner();
    for (const trust of [{}, { trustAnchors: others.trustAnchors }]) {
      expect(await verifyCredentials(bytes, trust)).toMatchObject({
        kind: 'untrusted',
        signer: 'Vendor',
        problems: [UNKNOWN],
      });
    }
    const both = `${others.trustAnchors}\n${trustAnchors}`;
    expect(await verifyCredentials(bytes, { trustAnchors: both })).toMatchObject({ kind: 'valid' });
  });

  test('tells of a certificate that has expired, and of changes beside it', async () => {
    const bytes = await signedWithExpired();
    const report = await verifyCredentials(bytes);
    const expired = expect.stringMatching(/has expired, and no timestamp/);
    expect(report).toMatchObject({ kind: 'untrusted' });
    expect(report).toHaveProperty('problems', expect.arrayContaining([expired]));
    const changed = flipped(bytes, bytes.length - 20);
    expect(await verifyCredentials(changed)).toMatchObject({
      kind: 'broken',
      problems: expect.arrayContaining([expired, CHANGED]),
    });
  });

  test('does not ask an address that a file names, and says which it is', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest.c2pa`;
    const picture = await sharp(await paintPicture())
      .withXmp(provenance(elsewhere))
      .jpeg()
      .toBuffer();
    expect(await verifyCredentials(picture)).toEqual({ kind: 'none', elsewhere });
    expect(asked).toBe(0);
  });
});

async function signed(format: FileFormat) {
  return await signedOriginal(await paintPicture(64, 64, format), `image/${format}`);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at]! ^= 1;
  return changed;
}

/** Somewhere in the compressed pixels, where every format has a byte that may be any. */
async function pixelByte(bytes: Uint8Array, format: FileFormat): Promise<number> {
  const plain = await paintPicture(64, 64, format);
  const tail = plain.subarray(-60, -30);
  return Buffer.from(bytes).indexOf(tail);
}

/** Where the signature's own bytes start: after the header, the empty map and null of COSE. */
async function signatureOf(bytes: Uint8Array): Promise<{ readonly signature: number }> {
  const at = Buffer.from(bytes).indexOf(Buffer.from([0xa0, 0xf6, 0x58, 64]));
  if (at < 0) throw new Error('no signature');
  return { signature: at + 10 };
}

/** Signed without looking at what comes of it, as careless software does. */
async function signedWithExpired(): Promise<Uint8Array> {
  const { chain, key } = readCredentials(await makeSigner({ valid: [-10, -1] }), []);
  const { signing } = await makeIdentity();
  const careless = { ...signing, chain: [new Uint8Array(chain[0]!.raw)], key: key! };
  const { WasmBuilder } = await openC2pa();
  const manifest = { claim_version: 2, claim_generator_info: [GENERATOR], assertions: [CREATED] };
  const settings = { verify: { verify_after_sign: false } };
  const builder = WasmBuilder.fromJson(JSON.stringify(manifest), JSON.stringify(settings));
  const signer = {
    alg: 'es256',
    reserveSize: coseSignature(new Uint8Array(), careless).length,
    sign: async (claim: Uint8Array) => new Uint8Array(coseSignature(claim, careless)),
  };
  return await builder.sign(signer, [], 'image/png', blobOf(await paintPicture()));
}

const CREATED = {
  label: 'c2pa.actions.v2',
  data: {
    actions: [
      {
        action: 'c2pa.created',
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
      },
    ],
  },
};

function provenance(address: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${address}"/></rdf:RDF></x:xmpmeta>`;
}
