/** A run to export, without a store: a few small pictures, finished by the real finisher. */
import { spawnSync } from 'node:child_process';
import type { ItemRecord } from '../../src/engine/core/item-record.ts';
import type { ExportSource } from '../../src/engine/deliver/export/finish-entries.ts';
import type { RunEntry } from '../../src/engine/deliver/results-sheet.ts';
import { imageFinisher } from '../../src/engine/finish/finish-image.ts';
import { itemRecord, RUN_FACTS } from './item-record.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { paintPicture } from './pictures.ts';

export interface ExportedRun {
  readonly source: ExportSource;
  readonly entries: readonly RunEntry[];
  readonly masters: ReturnType<typeof memoryBlobs>;
}

export interface RunWords {
  readonly images: number;
  /** What else is in the run, after the images. */
  readonly others?: readonly RunEntry[];
  readonly settings?: Partial<ExportSource['settings']>;
  readonly columns?: readonly string[];
  readonly change?: (record: ItemRecord) => ItemRecord;
}

export async function exportedRun(words: RunWords): Promise<ExportedRun> {
  const {
    images,
    others = [],
    settings = {},
    columns = ['prompt'],
    change = (each) => each,
  } = words;
  const masters = memoryBlobs();
  const entries: RunEntry[] = [];
  for (let number = 1; number <= images; number += 1) {
    const stored = await masters.put(await paintPicture(32, 24, 'png', number));
    const image = { ...stored, width: 32, height: 24, format: 'png' as const };
    const prompt = `picture ${number}`;
    const row = { number, prompt, name: `name ${number}`, cells: { prompt } };
    entries.push(change(itemRecord({ image, size: { width: 32, height: 24 }, row })));
  }
  entries.push(...others);
  const source: ExportSource = {
    run: RUN_FACTS,
    settings: { nameTemplate: '{row}-{name}', ...settings },
    columns,
    rows: entries.length,
    entries: async function* () {
      yield* entries;
    },
    masters,
    finisher: imageFinisher,
  };
  return { source, entries, masters };
}

/** Runs a program of the machine; `undefined` where it is not there. */
export function runProgram(
  program: string,
  words: readonly string[],
  folder?: string,
): { readonly code: number | null; readonly output: string } | undefined {
  const ended = spawnSync(program, words, { cwd: folder, encoding: 'utf8' });
  if (ended.error !== undefined) return undefined;
  return { code: ended.status, output: `${ended.stdout}${ended.stderr}` };
}
