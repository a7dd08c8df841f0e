/** Certificates for tests: an authority, and signers that it vouches for. */
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CredentialSettings } from '../../src/engine/core/credentials.ts';

const RSA = { name: 'RSA-PSS', publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
const ALGORITHMS = {
  es256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  es384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  es512: { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
  ed25519: { name: 'Ed25519' },
  ps256: { ...RSA, modulusLength: 2048 },
  rsa1024: { ...RSA, modulusLength: 1024 },
};

export type TestAlgorithm = keyof typeof ALGORITHMS;

export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
export const C2PA_CLAIM_SIGNING = '1.3.6.1.4.1.62558.2.1';
export const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

const DAY_MS = 24 * 3600 * 1000;

export interface SignerWish {
  readonly algorithm?: TestAlgorithm;
  readonly name?: string;
  /** Extended key usage. */
  readonly purposes?: readonly string[];
  /** Its key usage is digitalSignature, or else keyEncipherment. */
  readonly maySign?: boolean;
  /** Days from now. */
  readonly valid?: readonly [from: number, to: number];
  readonly isAuthority?: boolean;
}

export type TestSigner = Required<
  Pick<CredentialSettings, 'certificates' | 'privateKey' | 'trustAnchors'>
>;

/** A signer's certificate and key as PEM, with the authority as trust anchor. */
export async function makeSigner({
  algorithm = 'es256',
  name = 'CN=Test Signer, O=Imagemill Tests',
  purposes = [EMAIL_PROTECTION],
  maySign = true,
  valid = [-1, 100],
  isAuthority = false,
}: SignerWish = {}): Promise<TestSigner> {
  const authority = await makeAuthority();
  const keys = await makeKeys(algorithm);
  const [from, to] = valid;
  const usage = isAuthority
    ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign
    : maySign
      ? KeyUsageFlags.digitalSignature
      : KeyUsageFlags.keyEncipherment;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '02',
    subject: name,
    issuer: authority.certificate.subject,
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + to * DAY_MS),
    signingAlgorithm: ALGORITHMS.es256,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      new KeyUsagesExtension(usage, true),
      ...(purposes.length > 0 ? [new ExtendedKeyUsageExtension([...purposes], true)] : []),
      await AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const anchor = authority.certificate.toString('pem');
  return {
    certificates: `${certificate.toString('pem')}\n${anchor}\n`,
    privateKey: await pemOf(keys.privateKey),
    trustAnchors: anchor,
  };
}

/** The same key, readable only with a passphrase. */
export function encryptKey(privateKey: string, passphrase: string): string {
  return createPrivateKey(privateKey)
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
    .toString();
}

interface Authority {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys('es256');
  const extensions: Extension[] = [
    new BasicConstraintsExtension(true, 2, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test Authority, O=Imagemill Tests',
    notBefore: new Date(Date.now() - 1000 * DAY_MS),
    notAfter: new Date(Date.now() + 1000 * DAY_MS),
    signingAlgorithm: ALGORITHMS.es256,
    keys,
    extensions,
  });
  return { certificate, keys };
}

async function makeKeys(algorithm: TestAlgorithm): Promise<webcrypto.CryptoKeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHMS[algorithm], true, ['sign', 'verify']);
  return keys as webcrypto.CryptoKeyPair;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
