import { describe, expect, test } from 'vitest';
import {
  C2PA_CLAIM_SIGNING,
  encryptKey,
  makeSigner,
  SERVER_AUTHENTICATION,
  type SignerWish,
} from '../../../../test/support/certificates.ts';
import { GENERATOR } from '../../../../test/support/signing.ts';
import type { CredentialSettings } from '../../core/credentials.ts';
import { InputError, type Problem } from '../../core/errors.ts';
import { checkCredentials, openIdentity, signerStanding } from './open-identity.ts';

const NOW = Date.now();

describe('openIdentity()', () => {
  test('takes a certificate for signing content, and leaves its root at home', async () => {
    const signer = await makeSigner();
    const identity = await openIdentity(signer, GENERATOR, NOW);
    expect(identity).toMatchObject({ algorithm: 'es256', generator: GENERATOR });
    expect(identity?.chain).toHaveLength(1);
    expect(signerStanding(signer)).toEqual({
      signer: 'Test Signer',
      issuer: 'Test Authority',
      algorithm: 'es256',
      endsAt: expect.any(Number),
    });
  });

  test('takes one that is made out for C2PA', async () => {
    const signer = await makeSigner({ purposes: [C2PA_CLAIM_SIGNING] });
    expect(await openIdentity(signer, GENERATOR, NOW)).toBeDefined();
  });

  test('opens an encrypted key with its passphrase', async () => {
    const signer = await makeSigner();
    const privateKey = encryptKey(signer.privateKey, 'correct horse');
    const opened = { ...signer, privateKey, passphrase: 'correct horse' };
    expect(await openIdentity(opened, GENERATOR, NOW)).toBeDefined();
  });

  test('signs with the algorithm that is asked for, where the key allows it', async () => {
    const signer = await makeSigner({ algorithm: 'ps256' });
    const wanted = { ...signer, algorithm: 'ps384' } as const;
    expect(await openIdentity(wanted, GENERATOR, NOW)).toMatchObject({ algorithm: 'ps384' });
  });

  test('signs nothing where there is only somebody to trust', async () => {
    const { trustAnchors } = await makeSigner();
    expect(await openIdentity({ trustAnchors }, GENERATOR, NOW)).toBeUndefined();
    expect(signerStanding({ trustAnchors })).toBeUndefined();
  });

  test.each<[string, SignerWish, RegExp]>([
    ['has expired', { valid: [-10, -1] }, /expired on \d{4}-\d\d-\d\d/],
    ['is not valid yet', { valid: [2, 10] }, /not valid before \d{4}-\d\d-\d\d/],
    ['is for servers', { purposes: [SERVER_AUTHENTICATION] }, /not made out for signing content/],
    ['is for any purpose', { purposes: ['2.5.29.37.0'] }, /not made out for signing content/],
    ['has no purpose', { purposes: [] }, /not made out for signing content/],
    ['is an authority', { isAuthority: true }, /is an authority's/],
    // What only the library sees.
    ['may not sign', { maySign: false }, /does not hold.*not fit/],
  ])('refuses a certificate that %s', async (_, wish, message) => {
    const [problem, ...others] = await problemsOf(await makeSigner(wish));
    expect(problem).toMatchObject({
      column: 'credentials.certificate',
      message: expect.stringMatching(message),
    });
    expect(others).toEqual([]);
  });

  test('refuses a key that belongs to another certificate', async () => {
    const [signer, other] = [await makeSigner(), await makeSigner()];
    expect(await problemsOf({ ...signer, privateKey: other.privateKey })).toEqual([
      expect.objectContaining({
        column: 'credentials.private_key',
        message: 'The private key does not belong to the certificate of Test Signer',
      }),
    ]);
  });

  test('refuses a key that is too short, or made for another algorithm', async () => {
    expect(await problemsOf(await makeSigner({ algorithm: 'rsa1024' }))).toEqual([
      expect.objectContaining({ column: 'credentials.private_key' }),
    ]);
    expect(await problemsOf({ ...(await makeSigner()), algorithm: 'ps256' })).toEqual([
      expect.objectContaining({
        column: 'credentials.algorithm',
        remedy: expect.stringMatching(/es256/),
      }),
    ]);
  });

  test('refuses a chain in the wrong order, or of strangers', async () => {
    const [signer, other] = [await makeSigner(), await makeSigner()];
    const [own = '', root = ''] = signer.certificates.split(/(?<=END CERTIFICATE-----)/);
    expect(await problemsOf({ ...signer, certificates: `${root}\n${own}` })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          message: 'The certificate of the private key is not the first of the file',
        }),
      ]),
    );
    expect(await problemsOf({ ...signer, certificates: own + other.trustAnchors })).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/was not made out by/) }),
    ]);
  });

  test('tells everything at once, and no text of a key', async () => {
    const signer = await makeSigner({ valid: [-10, -1], purposes: [SERVER_AUTHENTICATION] });
    const secret = encryptKey(signer.privateKey, 'correct horse');
    const settings = {
      ...signer,
      privateKey: secret,
      passphrase: 'wrong horse',
      trustAnchors: 'nothing of the kind',
    };
    const problems = await problemsOf(settings);
    expect(problems.map(({ column }) => column)).toEqual([
      'credentials.trust',
      'credentials.private_key',
      'credentials.certificate',
      'credentials.certificate',
    ]);
    const said = JSON.stringify(problems);
    expect(said).toMatch(/passphrase does not open/);
    for (const hidden of ['wrong horse', secret.split('\n')[1]!])
      expect(said).not.toContain(hidden);
  });

  test('asks for a passphrase that is needed, and for text where it gets something else', async () => {
    const signer = await makeSigner();
    const encrypted = encryptKey(signer.privateKey, 'correct horse');
    expect(checkCredentials({ ...signer, privateKey: encrypted }, NOW)).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/passphrase is not given/) }),
    ]);
    const binary = {
      privateKey: '\0\x01',
      certificates: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    };
    expect(checkCredentials(binary, NOW).map(({ message }) => message)).toEqual([
      'Certificate 1 of the file cannot be read',
      'This is no private key',
    ]);
  });
});

async function problemsOf(settings: CredentialSettings): Promise<readonly Problem[]> {
  try {
    await openIdentity(settings, GENERATOR, NOW);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
