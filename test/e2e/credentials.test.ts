/** Content credentials as a user meets them: configured, signed, told about, and never leaked. */
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyCredentials } from '../../src/engine/finish/credentials/verify-credentials.ts';
import { encryptKey, makeSigner, type TestSigner } from '../support/certificates.ts';
import { type Imagemill, imagemill } from '../support/imagemill.ts';

const PASSPHRASE = 'a passphrase that nobody must see';

interface DoctorAnswer {
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly text: string;
  }[];
}

interface ProblemsAnswer {
  readonly problems: readonly { readonly file: string; readonly column: string }[];
}

const SECTION = `
credentials:
  certificate: keys/chain.pem
  private_key: keys/key.pem
  passphrase_variable: SIGNING_PASSPHRASE
  trust: keys/anchors.pem
`;

describe('content credentials', () => {
  test('are in every file of a run, in every format, and hold', async () => {
    const { mill, signer } = await configured();
    await mill.writeSheet('boats.csv', 2);
    const recipe = 'png | web: resize 64x; webp 82 | small: resize 32x; avif 40 | print: jpeg 90';
    const words = ['run', 'boats.csv', '--size', '128x128', '--name', '{row}', '--finish', recipe];
    const { code, answer } = await mill.json(...words);
    expect(code).toBe(0);
    const pictures = (await readdir(answer.out)).filter((name) => /^\d{4}/.test(name));
    expect(pictures).toHaveLength(8);
    for (const name of pictures) {
      const report = await verifyCredentials(await readFile(join(answer.out, name)), signer);
      expect(report, name).toMatchObject({
        kind: 'valid',
        signer: 'Test Signer',
        // The demo renderer is no trained model.
        digitalSourceType: 'algorithmicMedia',
      });
    }
    const inspected = await mill.run('tools', 'inspect', join(answer.out, '0001-web.webp'));
    expect(inspected.stdout).toContain('Test Signer');
    expect(inspected.code).toBe(0);
    await expectNoSecrets(mill, signer, inspected.stdout + inspected.stderr);
  });

  test('configured later, go into what is there already, and the unsigned files are kept aside', async () => {
    const { mill, signer } = await configured();
    await mill.writeSheet('boats.csv', 1);
    await mill.write('imagemill.yaml', '{}');
    const words = ['run', 'boats.csv', '--size', '256x256', '--name', '{row}'];
    const { answer } = await mill.json(...words);
    const signed = async () =>
      (await verifyCredentials(await readFile(join(answer.out, '0001.png')), signer)).kind;
    expect(await signed()).toBe('none');
    await mill.write('imagemill.yaml', SECTION);
    for (let again = 0; again < 2; again += 1) {
      expect((await mill.json(...words)).code).toBe(0);
      expect(await signed()).toBe('valid');
      expect(await readdir(join(answer.out, 'replaced'))).toEqual(['0001.png']);
    }
  });

  test('are told by the doctor, with the day on which they end', async () => {
    const { mill, signer } = await configured();
    const { answer, ended } = await mill.json<DoctorAnswer>('doctor');
    const text = (checks: DoctorAnswer) =>
      checks.checks.find(({ name }) => name === 'Credentials')?.text;
    expect(text(answer)).toMatch(
      /^signs as Test Signer \(es256, by Test Authority\) until \d{4}-\d\d-\d\d$/,
    );
    await chmod(join(mill.folder, 'keys/key.pem'), 0o644);
    expect(text((await mill.json<DoctorAnswer>('doctor')).answer)).toMatch(/chmod 600/);
    await mill.write('imagemill.yaml', '{}');
    expect(text((await mill.json<DoctorAnswer>('doctor')).answer)).toBe('files are not signed');
    await expectNoSecrets(mill, signer, ended.stdout + ended.stderr);
  });

  test('that cannot be used stop everything at once, before anything is spent', async () => {
    const { mill, signer } = await configured(await makeSigner({ valid: [-10, -1] }));
    await mill.writeSheet('boats.csv', 1);
    await mill.write('imagemill.yaml', SECTION.replace('anchors.pem', 'nowhere.pem'));
    const { code, answer, ended } = await mill.json<ProblemsAnswer>('run', 'boats.csv');
    expect(code).toBe(2);
    expect(answer.problems).toEqual([
      expect.objectContaining({ column: 'credentials.trust' }),
      expect.objectContaining({
        file: join(mill.folder, 'imagemill.yaml'),
        column: 'credentials.certificate',
        message: expect.stringMatching(/expired/),
      }),
    ]);
    await expectNoSecrets(mill, signer, ended.stdout + ended.stderr);
  });
});

/** A folder with a config file, a certificate and an encrypted key. */
async function configured(
  made?: TestSigner,
): Promise<{ readonly mill: Imagemill; readonly signer: TestSigner }> {
  const signer = made ?? (await makeSigner());
  const mill = await imagemill({ SIGNING_PASSPHRASE: PASSPHRASE });
  await mkdir(join(mill.folder, 'keys'));
  await mill.write('keys/chain.pem', signer.certificates);
  await mill.write('keys/key.pem', encryptKey(signer.privateKey, PASSPHRASE));
  await chmod(join(mill.folder, 'keys/key.pem'), 0o600);
  await mill.write('keys/anchors.pem', signer.trustAnchors);
  await mill.write('imagemill.yaml', SECTION);
  return { mill, signer };
}

/** Neither in what was printed nor in any file that the program has written. */
async function expectNoSecrets(
  { folder }: Imagemill,
  { privateKey }: TestSigner,
  printed: string,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const written = entries.filter((each) => each.isFile() && !each.parentPath.endsWith('keys'));
  const texts = await Promise.all(
    written.map(async ({ parentPath, name }) => await readFile(join(parentPath, name), 'latin1')),
  );
  // The middle of the key: its beginning is the same for every key of its kind.
  const secret = privateKey.split('\n')[2] ?? '';
  expect(secret.length).toBeGreaterThan(20);
  for (const text of [printed, ...texts]) {
    expect(text.includes(PASSPHRASE) || text.includes(secret)).toBe(false);
  }
}
