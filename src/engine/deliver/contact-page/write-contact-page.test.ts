import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { itemRecord, RUN_FACTS } from '../../../../test/support/item-record.ts';
import { memoryBlobs } from '../../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../../test/support/pictures.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { ContactEntry } from '../contact-item.ts';
import type { Masters } from '../masters.ts';
import { addressOf } from './page-item.ts';
import type { PageItem } from './page-item.ts';
import { writeContactPage } from './write-contact-page.ts';
import type { ContactPageOrder } from './write-contact-page.ts';

const blobs = memoryBlobs();

async function pictured(number: number, changes: Parameters<typeof itemRecord>[0] = {}) {
  const bytes = await paintPicture(600, 400, 'png', number);
  const stored = await blobs.put(bytes);
  const image = { ...stored, width: 600, height: 400, format: 'png' as const };
  return itemRecord({ image, ...changes, row: { number, ...changes.row } });
}

async function* streamed(entries: readonly ContactEntry[]): AsyncGenerator<ContactEntry> {
  yield* entries;
}

async function write(
  outFolder: string,
  entries: readonly ContactEntry[],
  masters: Masters = blobs,
  changes: Partial<ContactPageOrder> = {},
) {
  const source = { run: RUN_FACTS, entries: () => streamed(entries), masters };
  return await writeContactPage({ outFolder, sources: [source], ...changes });
}

/** The items as a browser gets them: from the scripts that the page names, run one by one. */
async function itemsOf(outFolder: string, file = 'contact-sheet.html'): Promise<PageItem[]> {
  const html = await readFile(join(outFolder, file), 'utf8');
  const items: PageItem[] = [];
  for (const [, piece] of html.matchAll(/<script src="([^"]+)" defer>/g)) {
    const script = await readFile(join(outFolder, decodeURIComponent(piece!)), 'utf8');
    runInNewContext(script, { addItems: (more: PageItem[]) => items.push(...more) });
  }
  return items;
}

describe('writeContactPage()', () => {
  test('puts a thumbnail of each picture beside a page that names them all', async () => {
    const out = await temporaryFolder();
    const written = await write(out, [await pictured(1), await pictured(2)]);
    expect(written).toEqual({ file: 'contact-sheet.html', items: 2, pictures: 2, thumbnails: 2 });
    const items = await itemsOf(out);
    expect(items.map(({ row }) => row)).toEqual([1, 2]);
    for (const { thumbnail } of items) {
      const { width, height, format } = await sharp(join(out, thumbnail!)).metadata();
      expect({ width, height, format }).toEqual({ width: 360, height: 240, format: 'webp' });
    }
  });

  test('says of what has no picture what became of it, and leaves canaries out', async () => {
    const out = await temporaryFolder();
    const skipped = { number: 4, line: 5, reason: 'no prompt', cells: {} };
    await write(out, [
      itemRecord({ state: 'refused', reason: 'policy', row: { number: 1 } }),
      await pictured(2, { state: 'failed', reason: 'blank' }),
      await pictured(3, { canary: 1 }),
      skipped,
    ]);
    expect(await itemsOf(out)).toMatchObject([
      { row: 1, state: 'refused', reason: 'policy' },
      { row: 2, state: 'failed', reason: 'blank' },
      { row: 4, state: 'skipped', reason: 'no prompt' },
    ]);
    expect(
      (await readdir(join(out, 'contact-sheet'))).filter((name) => name.endsWith('.webp')),
    ).toEqual([]);
  });

  test('shows pictures that are gone or cannot be decoded as such, with the reason', async () => {
    const out = await temporaryFolder();
    const { hash, bytes } = await blobs.put(Buffer.from('no picture at all'));
    const facts = { bytes, width: 1, height: 1, format: 'png' as const };
    await write(out, [
      itemRecord({ image: { ...facts, hash }, row: { number: 1 } }),
      itemRecord({ image: { ...facts, hash: 'f'.repeat(64) }, row: { number: 2 } }),
    ]);
    const [broken, gone] = await itemsOf(out);
    expect(broken?.reason).toMatch(/^the picture cannot be shown: .*unsupported image format/);
    expect(gone?.reason).toBe('the picture is not in the store');
  });

  test('keeps every character that was written, and lets none of them be code', async () => {
    const out = await temporaryFolder();
    const prompt =
      '</script><img src=x onerror=alert(1)> <!-- "\'`\\ \u2028\u2029 \u202Eevil 🧨 ${x}';
    const title = 'a"><script>alert(2)</script>';
    const source = {
      run: RUN_FACTS,
      title,
      masters: blobs,
      entries: () => streamed([itemRecord({ row: { prompt, name: prompt }, reason: prompt })]),
    };
    await writeContactPage({ outFolder: out, sources: [source] });
    const html = await readFile(join(out, 'contact-sheet.html'), 'utf8');
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('<title>a&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;</title>');
    const [item] = await itemsOf(out);
    expect(item).toMatchObject({ prompt, reason: prompt, name: prompt.trim() });
  });

  test('allows the scripts and the style that stand in it, and nothing of a network', async () => {
    const out = await temporaryFolder();
    await write(out, [await pictured(1)]);
    const html = await readFile(join(out, 'contact-sheet.html'), 'utf8');
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1] ?? '';
    const inline = [...html.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)].map(
      ([, , text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
    );
    expect(inline.length).toBeGreaterThan(8);
    expect(inline.filter((hash) => !policy.includes(hash))).toEqual([]);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test('makes nothing again that is there, and drops only its own older scripts', async () => {
    const out = await temporaryFolder();
    const entries = [await pictured(1), await pictured(2)];
    await write(out, entries);
    const [before] = (await readdir(join(out, 'contact-sheet'))).filter((name) =>
      name.endsWith('.js'),
    );
    const foreign = join(out, 'contact-sheet', 'items-0123456789abcdef.js');
    await writeFile(foreign, 'mine');
    const again = await write(out, [...entries, await pictured(3)]);
    expect(again).toMatchObject({ items: 3, thumbnails: 1 });
    const names = await readdir(join(out, 'contact-sheet'));
    expect(names).not.toContain(before);
    expect(await readFile(foreign, 'utf8')).toBe('mine');
    expect(await itemsOf(out)).toHaveLength(3);
  });

  test('never replaces a page that is not ours', async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, 'contact-sheet.html'), '<h1>mine</h1>');
    const written = await write(out, [await pictured(1)]);
    expect(written?.file).toBe(`contact-sheet-${RUN_FACTS.runId}.html`);
    expect(await readFile(join(out, 'contact-sheet.html'), 'utf8')).toBe('<h1>mine</h1>');
    expect(await itemsOf(out, written?.file)).toHaveLength(1);
    await writeFile(join(out, written!.file), 'mine as well');
    await expect(write(out, [await pictured(1)])).rejects.toThrow(/is not ours/);
  });

  test('writes no page when there is nothing to show', async () => {
    const out = await temporaryFolder();
    expect(await write(out, [])).toBeUndefined();
    expect(await readdir(out)).not.toContain('contact-sheet.html');
  });

  test('holds no more pictures at a time than are worked on', async () => {
    const out = await temporaryFolder();
    const entries = await Promise.all(Array.from({ length: 16 }, (_, at) => pictured(at + 1)));
    let [held, most] = [0, 0];
    const masters: Masters = {
      get: async (hash) => {
        held += 1;
        most = Math.max(most, held);
        // All that may begin have begun when the loop comes round again.
        await setImmediate();
        const bytes = await blobs.get(hash);
        held -= 1;
        return bytes;
      },
    };
    await write(out, entries, masters);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(availableParallelism() * 2);
  });

  test('puts several runs on one page, each with its own folder and sums', async () => {
    const out = await temporaryFolder();
    const folder = join(out, '..', 'elsewhere #2');
    const source = (runId: string, item: ContactEntry, own?: string) => ({
      run: { ...RUN_FACTS, runId },
      masters: blobs,
      entries: () => streamed([item]),
      ...(own !== undefined && { folder: own }),
    });
    await writeContactPage({
      outFolder: out,
      sources: [
        source('one', await pictured(1, { file: 'a/b 100%.png' })),
        source('two', await pictured(1, { file: 'b?.png' }), folder),
      ],
    });
    expect((await itemsOf(out)).map(({ source: from, file }) => [from, file])).toEqual([
      [0, 'a/b%20100%25.png'],
      [1, '../elsewhere%20%232/b%3F.png'],
    ]);
    const html = await readFile(join(out, 'contact-sheet.html'), 'utf8');
    const facts = /id="facts">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(JSON.parse(facts)).toMatchObject({
      items: 2,
      sources: [
        { id: 'one', credits: 2.4, usd: 0.053, counts: { delivered: 1 } },
        { id: 'two', credits: 2.4, usd: 0.053, counts: { delivered: 1 } },
      ],
    });
  });

  test('begins with its mark, by which it is known for ours', async () => {
    const out = await temporaryFolder();
    await mkdir(join(out, 'deep'), { recursive: true });
    await write(join(out, 'deep', 'er'), [await pictured(1)]);
    const html = await readFile(join(out, 'deep', 'er', 'contact-sheet.html'), 'utf8');
    expect(html.slice(0, 128)).toContain('imagemill-contact-sheet-1');
  });
});

describe('addressOf()', () => {
  test('encodes what an address reads otherwise, but not the folders', () => {
    expect(addressOf('/out', '/out', 'day 1/ä#%?:"\\.png')).toBe(
      'day%201/%C3%A4%23%25%3F%3A%22%5C.png',
    );
  });
});
