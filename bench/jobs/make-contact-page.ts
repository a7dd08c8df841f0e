import { readFile } from 'node:fs/promises';
import type { ContactItem } from '../../src/engine/deliver/contact-item.ts';
import { writeContactPage } from '../../src/engine/deliver/contact-page/write-contact-page.ts';

export interface MakeContactPageInput {
  readonly outFolder: string;
  readonly images: number;
  /** Files that the images are copies of, one after the other. */
  readonly pictures: readonly string[];
  readonly width: number;
  readonly height: number;
}

export interface MakeContactPageOutput {
  /** Thumbnails that were made. */
  readonly thumbnails: number;
  readonly seconds: number;
}

const MODELS = ['gpt-image-2', 'flux-kontext-pro', 'gemini-nano-banana-2.1'];
/** One in so many has no picture. */
const REFUSED_EVERY = 37;

/** Writes the page of a run of that many images; each master is read from the disk. */
export async function job(input: MakeContactPageInput): Promise<MakeContactPageOutput> {
  const { outFolder, pictures } = input;
  const started = performance.now();
  const written = await writeContactPage({
    outFolder,
    sources: [
      {
        run: { runId: 'bench', planHash: '', createdAt: 0, generator: 'bench' },
        title: 'bench',
        entries: () => entries(input),
        masters: {
          get: (hash) => readFile(pictures[Number.parseInt(hash, 16) % pictures.length]!),
        },
      },
    ],
  });
  return {
    thumbnails: written?.thumbnails ?? 0,
    seconds: (performance.now() - started) / 1000,
  };
}

async function* entries(input: MakeContactPageInput): AsyncGenerator<ContactItem> {
  for (let at = 0; at < input.images; at += 1) {
    const row = Math.floor(at / MODELS.length) + 1;
    const prompt = `A lighthouse above a stormy sea at sunset, gulls far below, soft light, variation ${row}`;
    const isRefused = at % REFUSED_EVERY === REFUSED_EVERY - 1;
    const { width, height } = input;
    yield {
      itemId: `item-${at}`,
      row: { number: at + 1, line: at + 2, prompt, name: `lighthouse-${row}`, cells: {} },
      index: 1,
      count: 1,
      model: MODELS[at % MODELS.length]!,
      vendor: 'bench',
      sentPrompt: prompt,
      size: { width, height },
      quality: 'medium',
      seed: at,
      creditMicros: 2_400_000,
      usdMicros: 53_000,
      attempt: 1,
      ...(isRefused
        ? { state: 'refused', reason: 'The vendor’s policy refused the prompt.' }
        : {
            state: 'delivered',
            image: { hash: at.toString(16).padStart(64, '0'), width, height },
            file: `${String(at + 1).padStart(5, '0')}-lighthouse.jpg`,
          }),
    };
  }
}
