/** A claim's signature: COSE_Sign1 with a detached payload (RFC 9052, as in C2PA 2.2, 13.2). */
import { constants, sign } from 'node:crypto';
import type { SigningAlgorithm } from '../../core/credentials.ts';
import { type CborValue, writeCbor } from './cbor.ts';
import type { SigningIdentity } from './signing-identity.ts';

interface Scheme {
  /** Of IANA's list of COSE algorithms. */
  readonly code: number;
  readonly hash?: string;
  /** RSA-PSS: as long as the hash (RFC 8230). */
  readonly saltLength?: number;
}

const SCHEMES: Readonly<Record<SigningAlgorithm, Scheme>> = {
  es256: { code: -7, hash: 'sha256' },
  es384: { code: -35, hash: 'sha384' },
  es512: { code: -36, hash: 'sha512' },
  ps256: { code: -37, hash: 'sha256', saltLength: 32 },
  ps384: { code: -38, hash: 'sha384', saltLength: 48 },
  ps512: { code: -39, hash: 'sha512', saltLength: 64 },
  ed25519: { code: -8 },
};

const ALGORITHM = 1;
/** RFC 9360: the certificates, in the protected header since claims of version 2. */
const CERTIFICATES = 33;
const SIGN1_TAG = 0xd2;

/** Always of the same length for an identity. */
export function coseSignature(claim: Uint8Array, identity: SigningIdentity): Uint8Array {
  const { chain, algorithm } = identity;
  const [own] = chain;
  const certificates = chain.length === 1 && own !== undefined ? own : chain;
  const header = writeCbor(
    new Map<number, CborValue>([
      [ALGORITHM, SCHEMES[algorithm].code],
      [CERTIFICATES, certificates],
    ]),
  );
  const signed = writeCbor(['Signature1', header, new Uint8Array(), claim]);
  const signature = signBytes(signed, identity);
  return Buffer.concat([Uint8Array.of(SIGN1_TAG), writeCbor([header, new Map(), null, signature])]);
}

function signBytes(bytes: Uint8Array, { algorithm, key }: SigningIdentity): Uint8Array {
  const { hash, saltLength } = SCHEMES[algorithm];
  if (hash === undefined) return sign(null, bytes, key);
  if (saltLength === undefined) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  return sign(hash, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}
