import { assert } from '../../core/errors.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import type { FinishedEntry } from './finish-entries.ts';

export interface LostImage {
  readonly row: number;
  readonly index: number;
  readonly reason: string;
}

export interface Exported {
  /** Absolute path of what was made. */
  readonly out: string;
  /** Images of the run that are in it. */
  readonly images: number;
  /** Their files: a recipe may make several of each. */
  readonly files: number;
  /** Images that are as the model made them, because the recipe could not be worked on them. */
  readonly unfinished: number;
  /** Delivered images whose stored bytes are gone or damaged. */
  readonly lost: number;
  /** The first of them. */
  readonly lostImages: readonly LostImage[];
}

/** So many lost images are named; the results sheet has all of them. */
const MOST_NAMED = 100;

/** Counts what an export has come to. */
export class ExportTally {
  #images = 0;
  #files = 0;
  #unfinished = 0;
  #lost = 0;
  readonly #lostImages: LostImage[] = [];

  add(entry: FinishedEntry): void {
    if (entry.kind !== 'finished') return;
    this.#images += 1;
    this.#files += entry.files.length;
    if (entry.record.finishFailure !== undefined) this.#unfinished += 1;
  }

  /** As the results tell it: delivered, without a file, and why. */
  lost({ record, reason }: Extract<FinishedEntry, { kind: 'lost' }>): ItemRecord {
    this.#lost += 1;
    if (this.#lostImages.length < MOST_NAMED) {
      this.#lostImages.push({ row: record.row.number, index: record.index, reason });
    }
    return withoutFiles({ ...record, reason });
  }

  ended(out: string): Exported {
    return {
      out,
      images: this.#images,
      files: this.#files,
      unfinished: this.#unfinished,
      lost: this.#lost,
      lostImages: this.#lostImages,
    };
  }
}

/** As the results tell it: with the files that it has here, its own first, and no others. */
export function withFiles(
  record: ItemRecord,
  [own, ...others]: readonly { readonly file: string; readonly output?: string }[],
): ItemRecord {
  assert(own !== undefined, 'a finished image has a file of its own');
  const moreFiles = others.map(({ file, output = '' }) => ({ output, file }));
  return { ...record, file: own.file, moreFiles };
}

export function withoutFiles(record: ItemRecord): ItemRecord {
  const { file: _file, moreFiles: _more, finishedBy: _by, ...others } = record;
  return others;
}
