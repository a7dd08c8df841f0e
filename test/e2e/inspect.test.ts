import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signedOriginal } from '../support/signing.ts';
import { type Imagemill, imagemill } from '../support/imagemill.ts';
import { paintPicture } from '../support/pictures.ts';
import { pngText } from '../support/png-text.ts';

interface Answer {
  readonly exit_code: number;
  readonly files: readonly {
    readonly file: string;
    readonly error?: string;
    readonly marks?: { readonly row: number } | null;
    readonly credentials?: { readonly kind: string };
    readonly known?: readonly {
      readonly kind: string;
      readonly row: number;
      readonly runId: string;
    }[];
  }[];
}

describe('imagemill tools inspect', () => {
  test('tells of a delivered file and of a stored original where they come from', async () => {
    const mill = await imagemill();
    await mill.writeSheet('sheet.csv', 2);
    const made = await mill.json('run', 'sheet.csv', '--model', 'demo', '--size', '64x64', '--yes');
    expect(made.code).toBe(0);
    const [file = ''] = (await readdir(made.answer.out)).filter((name) => name.endsWith('.png'));
    const delivered = await mill.json<Answer>('tools', 'inspect', join(made.answer.out, file));
    expect(delivered.code).toBe(0);
    expect(delivered.answer.files[0]).toMatchObject({
      marks: { runId: made.answer.run, prompt: expect.stringContaining('a red boat') },
      source_type: 'algorithmicMedia',
      decodes: 'whole',
      known: [
        { kind: 'delivered', runId: made.answer.run, file },
        { kind: 'item', runId: made.answer.run, file },
      ],
    });
    const manifest = await readFile(join(made.answer.out, 'manifest.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: { file: string; master: string }[] };
    const { master } = files.find((each) => each.file === file)!;
    const stored = await storedPath(mill, master);
    const original = await mill.json<Answer>('tools', 'inspect', stored);
    expect(original.answer.files[0]?.known).toEqual([
      expect.objectContaining({ kind: 'master', runId: made.answer.run }),
    ]);
    const words = await mill.run('tools', 'inspect', join(made.answer.out, file));
    expect(words.stdout).toMatch(/Known +delivered by run/);
    expect(words.stdout).toMatch(/Made for +run/);
  });

  test('goes on behind a file that cannot be read, and says so by its exit code', async () => {
    const mill = await imagemill();
    await writeFile(join(mill.folder, 'good.webp'), await paintPicture(16, 16, 'webp'));
    await mill.write('text.png', 'no picture');
    const { code, answer, ended } = await mill.json<Answer>(
      'tools',
      'inspect',
      'missing.png',
      'text.png',
      'good.webp',
    );
    expect(code).toBe(5);
    expect(answer.exit_code).toBe(5);
    expect(answer.files.map(({ error }) => error === undefined)).toEqual([false, false, true]);
    expect(ended.stderr).toContain('missing.png: There is no such file.');
    expect((await mill.run('tools', 'inspect', 'good.webp')).code).toBe(0);
    // Looking makes nothing.
    expect((await readdir(mill.folder)).toSorted()).toEqual(['good.webp', 'text.png']);
  });

  test('tells credentials that hold from those that do not, by whom one trusts', async () => {
    const mill = await imagemill();
    const signed = await signedOriginal(await paintPicture(48, 48, 'jpeg'), 'image/jpeg');
    await writeFile(join(mill.folder, 'signed.jpg'), signed.bytes);
    await mill.write('authority.pem', signed.trustAnchors);
    const broken = Buffer.from(signed.bytes);
    broken[broken.length - 40]! ^= 0x10;
    await writeFile(join(mill.folder, 'broken.jpg'), broken);
    const plain = await mill.run('tools', 'inspect', 'signed.jpg');
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(/Credentials +intact, but nobody that is trusted/);
    const trusted = await mill.run('tools', 'inspect', 'signed.jpg', '--trust', 'authority.pem');
    expect(trusted.stdout).toMatch(/Credentials +valid, and the signer is trusted/);
    expect(trusted.stdout).toMatch(/Signed by +Vendor/);
    await mill.write('imagemill.yaml', 'credentials:\n  trust: authority.pem\n');
    const configured = await mill.json<Answer>('tools', 'inspect', 'signed.jpg');
    expect(configured.answer.files[0]?.credentials?.kind).toBe('valid');
    const { code, stdout } = await mill.run('tools', 'inspect', 'broken.jpg');
    expect(code).toBe(9);
    expect(stdout).toContain('the file was changed after it was signed');
    const wrong = await mill.run('tools', 'inspect', 'signed.jpg', '--trust', 'imagemill.yaml');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('There is no certificate in the file of --trust');
  });

  test('lets no metadata steer the terminal', async () => {
    const mill = await imagemill();
    const evil = 'nice\u001b[2J\u001b]0;owned\u0007\u009b31m\u202etxt';
    await writeFile(
      join(mill.folder, 'evil\u001b[31m.png'),
      pngText(await paintPicture(16, 16), 'parameters', evil),
    );
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await mill.run('tools', 'inspect', 'evil\u001b[31m.png', ...more);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(stdout).toContain('nice');
    }
  });
});

async function storedPath(mill: Imagemill, hash: string): Promise<string> {
  const images = join(mill.folder, 'home', 'images');
  const names = await readdir(images, { recursive: true });
  return join(
    images,
    names.find((name) => name.replaceAll('/', '').includes(hash))!,
  );
}
