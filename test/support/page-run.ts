/** The page of a small run in a temporary folder, with its delivered files, for tests in a browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContactEntry } from '../../src/engine/deliver/contact-item.ts';
import { writeContactPage } from '../../src/engine/deliver/contact-page/write-contact-page.ts';
import { itemRecord, RUN_FACTS } from './item-record.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { paintPicture } from './pictures.ts';

/** Of a delivered picture; its thumbnail is smaller. */
export const PICTURE = { width: 480, height: 400 } as const;

type Changes = NonNullable<Parameters<typeof itemRecord>[0]>;

export class PageRun {
  readonly folder: string;
  readonly blobs = memoryBlobs();
  readonly #bytes = new Map<number, Buffer>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A delivered item whose file lies in the folder. */
  async delivered(number: number, changes: Changes = {}): Promise<ContactEntry> {
    const file = changes.file ?? `${number}.png`;
    const bytes = await this.#picture(number);
    const stored = await this.blobs.put(bytes);
    await writeFile(join(this.folder, file), bytes);
    return itemRecord({
      image: { ...stored, ...PICTURE, format: 'png' },
      file,
      ...changes,
      row: { number, ...changes.row },
    });
  }

  /** Of what is painted once, however often it is shown. */
  async #picture(seed: number): Promise<Buffer> {
    const painted =
      this.#bytes.get(seed) ?? (await paintPicture(PICTURE.width, PICTURE.height, 'png', seed));
    this.#bytes.set(seed, painted);
    return painted;
  }

  /** Writes the page; each list is a run of its own. Gives its address. */
  async write(...runs: readonly (readonly ContactEntry[])[]): Promise<string> {
    const { blobs, folder } = this;
    const sources = runs.map((entries, at) => ({
      run: { ...RUN_FACTS, runId: `run-${at + 1}` },
      masters: blobs,
      entries: () => streamed(entries),
    }));
    await writeContactPage({ outFolder: folder, sources });
    return pathToFileURL(join(folder, 'contact-sheet.html')).href;
  }
}

async function* streamed(entries: readonly ContactEntry[]): AsyncGenerator<ContactEntry> {
  yield* entries;
}
