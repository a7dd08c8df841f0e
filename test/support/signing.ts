/** Finishing with credentials, and originals that a vendor has signed. */
import { openIdentity } from '../../src/engine/finish/credentials/open-identity.ts';
import { signPicture } from '../../src/engine/finish/credentials/sign-picture.ts';
import type { SigningIdentity } from '../../src/engine/finish/credentials/signing-identity.ts';
import { makeSigner, type SignerWish, type TestSigner } from './certificates.ts';

export const GENERATOR = { name: 'Imagemill', version: '0.1.0' };

const CREATED = {
  action: 'c2pa.created',
  digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
};

export async function makeIdentity(
  wish: SignerWish = {},
): Promise<{ readonly signer: TestSigner; readonly signing: SigningIdentity }> {
  const signer = await makeSigner(wish);
  const signing = await openIdentity(signer, GENERATOR, Date.now());
  if (signing === undefined) throw new Error('nobody signs');
  return { signer, signing };
}

export interface SignedOriginal {
  readonly bytes: Uint8Array;
  readonly trustAnchors: string;
}

/** A picture as a vendor hands it out: made and signed by itself. */
export async function signedOriginal(bytes: Uint8Array, type: string): Promise<SignedOriginal> {
  const { signer, signing } = await makeIdentity({ name: 'CN=Vendor, O=Vendor' });
  const vendor = { ...signing, generator: { name: 'Vendor', version: '7' } };
  const signed = await signPicture(bytes, { type, actions: [CREATED] }, vendor);
  if (signed.kind === 'failed') throw new Error(signed.reason);
  return { bytes: signed.bytes, trustAnchors: signer.trustAnchors };
}
