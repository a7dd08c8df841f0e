import { assert } from '../core/errors.ts';
import type {
  FinishedFile,
  Finisher,
  FinishOrder,
  ImageMarks,
  MarkOrder,
} from '../core/finisher.ts';
import { ORIGINAL_OUTPUT } from '../core/finishing.ts';
import { giveBack } from '../core/give-back.ts';
import { isoTime } from '../core/iso-time.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import type { Recipe } from '../core/recipe.ts';
import type { RunSettings } from '../core/settings.ts';
import type { Masters } from './masters.ts';

export interface ItemFinish {
  /** An item with a stored image. */
  readonly record: ItemRecord;
  readonly run: RunFacts;
  readonly masters: Masters;
  readonly finisher: Finisher;
  /** Absent: as the model made it. */
  readonly recipe?: Recipe;
  /** What the files say of themselves: all (default), all but the prompts, or nothing. */
  readonly marks?: RunSettings['marks'];
}

export interface FinishedItem {
  /** The image's own file first; the vendor's signed original last, where it is beside others. */
  readonly files: readonly FinishedFile[];
  /** Why the recipe could not be worked: the file is the image as it was made. */
  readonly failure?: string;
}

/**
 * The files of an item, made of its stored image. One that cannot be finished is as it was made, and the
 * reason told. Throws `StorageError` when the stored image cannot be had.
 */
export async function finishItem({
  record,
  run,
  masters,
  finisher,
  recipe,
  marks,
}: ItemFinish): Promise<FinishedItem> {
  const { image } = record;
  assert(image !== undefined, `item ${record.itemId} has an image to deliver`);
  const master = await masters.get(image.hash);
  const order: FinishOrder = {
    size: record.size,
    marks: markOrder(marksOf(record, run), marks),
  };
  const finished = await finisher.finish(master, {
    ...order,
    ...(recipe !== undefined && { recipe }),
  });
  const { width, height, format } = image;
  const asMade: FinishedFile = { bytes: master, width, height, format, marked: false };
  if (finished.kind === 'unusable') {
    // What was paid for is delivered in any case: without the recipe, or else byte for byte.
    const plain = await finisher.finish(master, order);
    const files = plain.kind === 'finished' ? plain.files : [asMade];
    return { files, failure: finished.reason };
  }
  if (!finished.keepsOriginal) {
    if (finished.files.every((file) => file.bytes !== master)) giveBack(master);
    return { files: finished.files };
  }
  return { files: [...finished.files, { ...asMade, output: ORIGINAL_OUTPUT }] };
}

function markOrder(marks: ImageMarks, wanted: RunSettings['marks']): MarkOrder {
  switch (wanted) {
    case 'none':
      return { kind: 'none' };
    case 'no-prompt':
      return { kind: 'write', marks, withoutPrompts: true };
    case undefined:
      return { kind: 'write', marks };
    default:
      return wanted satisfies never;
  }
}

/** What a file says of its item. */
export function marksOf(record: ItemRecord, run: RunFacts): ImageMarks {
  const { negativePrompt, seed } = record;
  return {
    generator: run.generator,
    source: record.vendor === 'demo' ? 'algorithmicMedia' : 'trainedAlgorithmicMedia',
    model: record.model,
    vendor: record.vendor,
    prompt: record.sentPrompt,
    ...(negativePrompt === undefined ? {} : { negativePrompt }),
    ...(seed === undefined ? {} : { seed }),
    row: record.row.number,
    index: record.index,
    runId: run.runId,
    itemId: record.itemId,
    createdAt: isoTime(run.createdAt),
  };
}
