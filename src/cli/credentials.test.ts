import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSigner } from '../../test/support/certificates.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { checkCredentials } from '../engine/index.ts';
import { checkConfig } from './config.ts';
import { readCredentials } from './credentials.ts';
import type { CredentialsConfig } from './credentials-schema.ts';
import { trustAnchors } from './trust-anchors.ts';

describe('the credentials of a config file', () => {
  test('are a certificate, a key and whom to trust', () => {
    const section = `{ certificate: c.pem, private_key: k.pem, algorithm: ps384, trust: t.pem }`;
    expect(checkConfig(`credentials: ${section}`, 'f').credentials).toEqual({
      certificate: 'c.pem',
      private_key: 'k.pem',
      algorithm: 'ps384',
      trust: 't.pem',
    });
    expect(checkConfig('credentials: { trust: t.pem }', 'f').credentials).toEqual({
      trust: 't.pem',
    });
    expect(checkConfig('{}', 'f').credentials).toBeUndefined();
  });

  test.each<[string, string, RegExp]>([
    ['{ certificate: c.pem }', 'private_key', /no private key/],
    ['{ private_key: k.pem }', 'certificate', /no certificate/],
    ['{}', 'certificate', /names no certificate/],
    [
      '{ certificate: c.pem, private_key: k.pem, private_key_variable: KEY }',
      'private_key_variable',
      /named twice/,
    ],
    ['{ trust: t.pem, speed: 3 }', 'speed', /no setting of this name/],
    ['{ trust: t.pem, algorithm: md5 }', 'algorithm', /es256/],
    ['{ trust: 5 }', 'trust', /string/],
  ])('%s is refused', (section, setting, message) => {
    expect(problemsOf(`credentials: ${section}`)).toEqual([
      expect.objectContaining({
        file: 'imagemill.yaml',
        column: `credentials.${setting}`,
        message: expect.stringMatching(message),
      }),
    ]);
  });

  test('an empty section is refused, not passed over', () => {
    expect(problemsOf('credentials:')).toHaveLength(1);
  });

  test('hold no key and no passphrase, and repeat none', () => {
    const problems = problemsOf(`
credentials:
  certificate: c.pem
  private_key: |
    -----BEGIN PRIVATE KEY-----
    c2VjcmV0c2VjcmV0
    -----END PRIVATE KEY-----
  passphrase: correct horse
`);
    expect(problems.map(({ column }) => column)).toEqual([
      'credentials.private_key',
      'credentials.passphrase',
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/c2VjcmV0|correct horse/);
  });
});

describe('readCredentials()', () => {
  test("reads files from the config file's folder, and a key from a variable of one line", async () => {
    const { folder, signer, read } = await placed();
    await writeFile(join(folder, 'chain.pem'), signer.certificates);
    const oneLine = signer.privateKey.replaceAll('\n', String.raw`\n`);
    const config = { certificate: 'chain.pem', private_key_variable: 'SIGNING' };
    expect(await read(config, { SIGNING: oneLine })).toEqual({
      certificates: signer.certificates,
      privateKey: signer.privateKey,
    });
  });

  test('tells all that is missing, and what is wrong with the rest', async () => {
    const { folder, read } = await placed();
    const expired = await makeSigner({ valid: [-10, -1] });
    await writeFile(join(folder, 'chain.pem'), expired.certificates);
    const config = {
      certificate: 'chain.pem',
      private_key: 'nowhere.pem',
      passphrase_variable: 'NOT_SET',
      trust: '.',
    };
    const reading = read(config, {}).catch((error: unknown) => error);
    const { problems } = (await reading) as InputError;
    expect(problems.map(({ column, message }) => [column, message])).toEqual([
      ['credentials.private_key', 'The file is not there'],
      ['credentials.passphrase_variable', 'The environment variable is not set'],
      ['credentials.trust', expect.stringMatching(/^The file cannot be read/)],
      ['credentials.certificate', expect.stringMatching(/expired/)],
    ]);
    expect(problems.every(({ file }) => file === join(folder, 'imagemill.yaml'))).toBe(true);
  });
});

test('whom to trust is the option, or what the config file names', async () => {
  const { folder, signer } = await placed();
  const other = await makeSigner();
  const config = join(folder, 'imagemill.yaml');
  // Neither the certificate nor the key needs to be here for looking at pictures.
  await writeFile(config, 'credentials: { trust: t.pem, certificate: c.pem, private_key: k.pem }');
  await writeFile(join(folder, 't.pem'), signer.trustAnchors);
  await writeFile(join(folder, 'other.pem'), other.trustAnchors);
  expect(await trustAnchors(undefined, { config })).toBe(signer.trustAnchors);
  expect(await trustAnchors(join(folder, 'other.pem'), { config })).toBe(other.trustAnchors);
  await expect(trustAnchors(config, { config })).rejects.toThrow(/no certificate/);
  await expect(trustAnchors(join(folder, 'none'), { config })).rejects.toThrow(/cannot be read/);
});

async function placed() {
  const folder = await temporaryFolder();
  const signer = await makeSigner();
  const file = join(folder, 'imagemill.yaml');
  const check = (settings: Parameters<typeof checkCredentials>[0]) =>
    checkCredentials(settings, Date.now());
  return {
    folder,
    signer,
    read: (config: CredentialsConfig, environment: Readonly<Record<string, string>>) =>
      readCredentials(config, { file, environment, check }),
  };
}

function problemsOf(text: string): readonly Problem[] {
  try {
    checkConfig(text, 'imagemill.yaml');
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
