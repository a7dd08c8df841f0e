import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkReference, checkReferences, shownReference, splitReferences } from './references.ts';
import { scratchFolder } from './scratch-sheet.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

test.each([
  ['a.png', ['a.png']],
  [' a.png | b.png ', ['a.png', 'b.png']],
  ['a.png;b.png', ['a.png', 'b.png']],
  ['a.png\nb.png\r\n', ['a.png', 'b.png']],
  ['https://x.org/a;v=1?b=2', ['https://x.org/a;v=1?b=2']],
  ['https://x.org/a; https://x.org/b', ['https://x.org/a', 'https://x.org/b']],
  ['https://x.org/a;https://x.org/b', ['https://x.org/a', 'https://x.org/b']],
  [' ', []],
])('splitReferences(%j)', (cell, references) => {
  expect(splitReferences(cell)).toEqual(references);
});

describe('checkReference()', () => {
  test.each([
    ['none.png', 'There is no file'],
    ['www.x.org/a.png', 'There is no file'],
    ['.', 'This is a folder'],
    ['notes.png', 'not an image'],
    ['https://', 'malformed'],
    ['https://x.org/a b.png', 'malformed'],
    ['ftp://x.org/a.png', 'This kind of address'],
    ['data:image/png;base64,AAAA', 'data: address'],
    ['https://me:secret@x.org/a.png', 'user name or password'],
    ['@', 'not a name'],
    ['@a/b', 'not a name'],
  ])('refuses %j', async (reference, words) => {
    await using folder = await scratchFolder();
    await folder.write('notes.png', 'only text');
    const reading = await checkReference(reference, folder.path);
    expect(reading).toMatchObject({
      ok: false,
      trouble: { message: expect.stringContaining(words) as string },
    });
  });

  test.each([
    ['PNG', '89504e470d0a1a0a0000000d49484452'],
    ['JPEG', 'ffd8ffe000104a46'],
    ['WebP', '52494646000000005745425056503820'],
    ['GIF', '474946383961'],
    ['AVIF', '0000001c667479706176696600000000'],
    ['HEIC', '0000001c667479706865696300000000'],
    ['TIFF', '49492a0008000000'],
    ['BMP', '424d36000000000000003600000028'],
  ])('takes %s by its first bytes, whatever its name', async (_, bytes) => {
    await using folder = await scratchFolder();
    await folder.write('picture', Buffer.from(bytes, 'hex'));
    const reading = await checkReference('picture', folder.path);
    expect(reading).toEqual({ ok: true, value: join(folder.path, 'picture') });
  });

  test.each([
    ['@hero', '@hero'],
    ['@Hero-2', '@hero-2'],
  ])('takes the name %j, which is looked up later', async (reference, value) => {
    expect(await checkReference(reference, '/nowhere')).toEqual({ ok: true, value });
  });

  test('takes a file whose name begins with @ by its path', async () => {
    await using folder = await scratchFolder();
    await folder.write('@home.png', PNG);
    const reading = await checkReference('./@home.png', folder.path);
    expect(reading).toEqual({ ok: true, value: join(folder.path, '@home.png') });
  });
});

describe('checkReferences() at ", "', () => {
  const FILES = ['a.png', 'b.png', 'cats, dogs.png', 'one, two, three.png', 'one'];

  test.each([
    ['a.png, b.png', ['a.png', 'b.png']],
    ['a.png,  b.png,', ['a.png', 'b.png']],
    ['cats, dogs.png', ['cats, dogs.png']],
    ['a.png, cats, dogs.png, b.png', ['a.png', 'cats, dogs.png', 'b.png']],
    ['one, two, three.png', ['one, two, three.png']],
    ['one, a.png', ['one', 'a.png']],
    ['a.png, none.png', ['a.png', 'none.png!']],
    ['none, nothing.png', ['none, nothing.png!']],
    ['@hero, a.png', ['@hero', 'a.png']],
    [
      'https://x.org/a.png, https://x.org/b,c.png',
      ['https://x.org/a.png', 'https://x.org/b,c.png'],
    ],
  ])('%j', async (cell, references) => {
    await using folder = await scratchFolder();
    for (const file of FILES) await folder.write(file, PNG);
    const found = await checkReferences(cell, folder.path);
    // What is not there is marked.
    expect(found.map(({ text, reading }) => (reading.ok ? text : `${text}!`))).toEqual(references);
  });
});

test('a password in an address is shown nowhere', () => {
  expect(shownReference('https://me:secret@x.org/a.png')).toBe('https://x.org/a.png');
  expect(shownReference('pictures/me@home.png')).toBe('pictures/me@home.png');
});

test('checkReference() does not tell what lies outside of the folder that may be looked at', async () => {
  await using folder = await scratchFolder();
  const outside = ['../other.png', '/etc/hostname', '/no/such/file', 'file:///etc/hostname'];
  const readings = await Promise.all(
    outside.map((each) => checkReference(each, folder.path, folder.path)),
  );
  for (const reading of readings) {
    expect(reading).toMatchObject({ ok: false });
    expect(JSON.stringify(reading)).toContain('beside the sheet');
  }
});
