import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { pngChunk } from '../../../../test/support/png-text.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { FILE_FORMATS } from '../../core/quality.ts';
import { iccName } from './icc-name.ts';

describe('iccName()', () => {
  test.each(FILE_FORMATS)('tells the profile of a %s by its first name', async (format) => {
    const profile = join(await temporaryFolder(), 'two-names.icc');
    await writeFile(profile, await named(['enUS', 'Display 猫'], ['deDE', 'Anzeige']));
    const bytes = await sharp(await paintPicture(16, 16))
      .withIccProfile(profile)
      .toFormat(format, format === 'avif' ? { effort: 0 } : {})
      .toBuffer();
    expect(await iccName(bytes)).toBe('Display 猫');
  });

  test('has none for a picture without a profile, and for what is none', async () => {
    expect(await iccName(await paintPicture(16, 16))).toBeUndefined();
    expect(await iccName(Buffer.from('no picture'))).toBeUndefined();
  });

  test('unpacks a profile of a PNG up to 16 MiB', async () => {
    const profile = await named(['enUS', 'Large']);
    const most = 16 * 1024 * 1024;
    expect(await iccName(await pngWith(filled(profile, most)))).toBe('Large');
    expect(await iccName(await pngWith(filled(profile, most + 4)))).toBeUndefined();
  });
});

/** A usual profile under other names, by language and country (ICC.1:2022, 10.15). */
async function named(...names: readonly (readonly [string, string])[]): Promise<Buffer> {
  const usual = await sharp(await paintPicture(16, 16))
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const profile = Buffer.from((await sharp(usual).metadata()).icc!);
  const texts = names.map(([, name]) => Buffer.from(name, 'utf16le').swap16());
  const head = Buffer.alloc(16 + 12 * names.length);
  head.write('mluc', 'latin1');
  head.writeUInt32BE(names.length, 8);
  head.writeUInt32BE(12, 12);
  let at = head.length;
  for (const [index, [language]] of names.entries()) {
    const length = texts[index]!.length;
    head.write(language, 16 + 12 * index, 'latin1');
    head.writeUInt32BE(length, 20 + 12 * index);
    head.writeUInt32BE(at, 24 + 12 * index);
    at += length;
  }
  const entry = profile.indexOf('desc', 132, 'latin1');
  profile.writeUInt32BE(profile.length, entry + 4);
  profile.writeUInt32BE(at, entry + 8);
  const whole = Buffer.concat([profile, head, ...texts]);
  return filled(whole, Math.ceil(whole.length / 4) * 4);
}

/** Made as long as that, as it then says of itself. */
function filled(profile: Buffer, length: number): Buffer {
  const whole = Buffer.concat([profile, Buffer.alloc(length - profile.length)]);
  whole.writeUInt32BE(length, 0);
  return whole;
}

async function pngWith(profile: Buffer): Promise<Buffer> {
  const data = Buffer.concat([Buffer.from('name\0\0', 'latin1'), deflateSync(profile)]);
  return pngChunk(await paintPicture(16, 16), 'iCCP', data);
}
