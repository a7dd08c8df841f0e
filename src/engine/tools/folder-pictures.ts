/** The pictures of a folder as a contact sheet shows them: by their names, and by what they say of themselves. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { StorageError } from '../core/errors.ts';
import type { ImageMarks } from '../core/finisher.ts';
import type { JobSources } from '../core/job.ts';
import type { ContactItem } from '../deliver/contact-item.ts';
import type { PageSource } from '../deliver/contact-page/write-contact-page.ts';
import { readMarks } from '../finish/mark/mark-image.ts';
import type { ListedSource, Store } from '../store/store.ts';
import { listSources, noneLeftOut } from './list-sources.ts';

type Files = Extract<JobSources, { kind: 'files' }>;

/** Pictures that are larger say so instead of filling the memory. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * The folder's pictures in the order of their paths. They are read one after the other, once for what
 * they say, and again where a thumbnail is missing; between that only their facts are kept, about a
 * kilobyte each.
 */
export function folderPictures(
  store: Store,
  sources: Files,
): Pick<PageSource, 'entries' | 'masters'> {
  const paths = new Map<string, string>();
  const read = async (): Promise<ContactItem[]> => {
    const items: ContactItem[] = [];
    for (const source of await inOrder(store, sources)) {
      const path = join(sources.base, source.name);
      const item = await pictureItem(source, path, items.length + 1);
      if (item.image !== undefined) paths.set(item.image.hash, path);
      items.push(item);
    }
    return items;
  };
  let items: Promise<ContactItem[]> | undefined;
  return {
    masters: { get: (hash) => pictureOf(paths, hash) },
    async *entries() {
      items ??= read();
      yield* await items;
    },
  };
}

async function inOrder(store: Store, sources: Files): Promise<ListedSource[]> {
  const leftOut = noneLeftOut();
  const found: ListedSource[] = [];
  for await (const page of listSources({ store, sources, out: '', leftOut })) {
    found.push(...page);
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return found.sort((a, b) => compare(a.name, b.name));
}

async function pictureItem(
  { name, bytes, problem }: ListedSource,
  path: string,
  place: number,
): Promise<ContactItem> {
  if (problem !== undefined) return brokenItem(name, place, problem);
  if (bytes > MOST_BYTES) return brokenItem(name, place, 'It is larger than 512 MB.');
  try {
    const content = await readFile(path);
    const { autoOrient } = await sharp(content).metadata();
    const image = {
      hash: createHash('sha256').update(content).digest('hex'),
      width: autoOrient.width,
      height: autoOrient.height,
    };
    return { ...itemOf(name, place, readMarks(content)), image, size: image, file: name };
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/\s+/g, ' ').trim() : '';
    return brokenItem(name, place, `It is no picture that can be read: ${words}`);
  }
}

function itemOf(name: string, place: number, marks: Partial<ImageMarks> = {}): ContactItem {
  const { model = '', vendor = '', prompt = '', negativePrompt, seed, row, index } = marks;
  return {
    itemId: marks.itemId ?? name,
    row: { number: row ?? place, line: place, prompt, name, cells: {} },
    index: index ?? 1,
    count: 1,
    model,
    vendor,
    sentPrompt: prompt,
    ...(negativePrompt !== undefined && { negativePrompt }),
    ...(seed !== undefined && { seed }),
    size: { width: 0, height: 0 },
    quality: '',
    state: 'delivered',
    creditMicros: 0,
    attempt: 1,
  };
}

function brokenItem(name: string, place: number, reason: string): ContactItem {
  return { ...itemOf(name, place), state: 'failed', reason, file: name };
}

async function pictureOf(paths: ReadonlyMap<string, string>, hash: string): Promise<Uint8Array> {
  const path = paths.get(hash);
  if (path === undefined) throw new StorageError('missing', hash);
  try {
    return await readFile(path);
  } catch (error) {
    throw new StorageError('missing', path, error);
  }
}
