import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { StorageError } from '../../core/errors.ts';
import type { FinishedFile, Finisher } from '../../core/finisher.ts';
import { recipeOf } from '../../core/finishing.ts';
import type { ItemRecord, RunFacts } from '../../core/item-record.ts';
import type { SkippedRow } from '../../core/row.ts';
import type { RunSettings } from '../../core/settings.ts';
import { mapInOrder } from '../map-in-order.ts';
import { finishItem } from '../finish-item.ts';
import type { Masters } from '../masters.ts';
import { isItem, type RunEntry } from '../results-sheet.ts';

/** A run as an export sees it. */
export interface ExportSource {
  readonly run: RunFacts;
  readonly settings: Pick<RunSettings, 'nameTemplate' | 'format' | 'finish' | 'marks'>;
  /** Headings of the input, in its order. */
  readonly columns: readonly string[];
  /** Rows of the sheet. */
  readonly rows: number;
  /** The run's items and skipped rows from the first, in the order of the sheet. */
  readonly entries: () => AsyncIterable<RunEntry>;
  readonly masters: Masters;
  readonly finisher: Finisher;
}

export interface ExportWatch {
  /** Aborted: the export ends, and leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Told of each delivered image that is done. */
  readonly onItem?: () => void;
}

export interface ExportedFile extends FinishedFile {
  readonly sha256: string;
}

/** An entry of the run, and what there is of it to export. */
export type FinishedEntry =
  | {
      readonly kind: 'finished';
      readonly record: ItemRecord;
      readonly files: readonly ExportedFile[];
    }
  /** It was delivered, but its stored image is gone or damaged; `reason` says so. */
  | { readonly kind: 'lost'; readonly record: ItemRecord; readonly reason: string }
  /** It has no image. */
  | { readonly kind: 'none'; readonly entry: ItemRecord | SkippedRow };

/** Each may hold a picture and the files made of it: so many bound the memory. */
const AT_ONCE = 2 * availableParallelism();

/** Finishes a run's images, several at a time, and gives its entries in their order. */
export async function* finishEntries(
  source: ExportSource,
  { signal, onItem }: ExportWatch = {},
): AsyncGenerator<FinishedEntry> {
  const finish = (entry: RunEntry) => finishEntry(source, entry);
  for await (const entry of mapInOrder(source.entries(), AT_ONCE, finish)) {
    signal?.throwIfAborted();
    yield entry;
    if (entry.kind !== 'none') onItem?.();
  }
}

async function finishEntry(source: ExportSource, entry: RunEntry): Promise<FinishedEntry> {
  if (!isItem(entry) || entry.state !== 'delivered' || entry.image === undefined) {
    return { kind: 'none', entry };
  }
  const { run, masters, finisher, settings } = source;
  const recipe = recipeOf(settings);
  try {
    const { files, failure } = await finishItem({
      record: entry,
      run,
      masters,
      finisher,
      ...(recipe !== undefined && { recipe }),
      ...(settings.marks !== undefined && { marks: settings.marks }),
    });
    const { finishFailure: _, ...record } = entry;
    return {
      kind: 'finished',
      record: failure === undefined ? record : { ...record, finishFailure: failure },
      files: files.map((file) => ({ ...file, sha256: sha256Of(file.bytes) })),
    };
  } catch (error) {
    if (!isLost(error)) throw error;
    return { kind: 'lost', record: entry, reason: error.message };
  }
}

/** One image that cannot be had is no reason to leave out the others. */
export function isLost(error: unknown): error is StorageError {
  return error instanceof StorageError && (error.fault === 'missing' || error.fault === 'damaged');
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
