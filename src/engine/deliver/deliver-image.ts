import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert, StorageError } from '../core/errors.ts';
import type {
  FileFacts,
  FinishedFile,
  Finisher,
  FinishOrder,
  ImageMarks,
  MarkOrder,
} from '../core/finisher.ts';
import { type MoreFile, ORIGINAL_OUTPUT } from '../core/finishing.ts';
import { isoTime } from '../core/iso-time.ts';
import type { ImageFormat } from '../core/quality.ts';
import type { Recipe } from '../core/recipe.ts';
import type { RunSettings } from '../core/settings.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import { fileName } from './file-name.ts';
import { FILE_ENDINGS } from './file-endings.ts';
import type { Masters } from './masters.ts';
import { isFreeFor, putFile } from './put-file.ts';
import { possibleNames } from './unique-name.ts';
import type { NameRegistry } from './unique-name.ts';

export interface ImageDelivery {
  readonly outFolder: string;
  /** An item with a stored image; its `file`, if it has one, is kept. */
  readonly record: ItemRecord;
  readonly run: RunFacts;
  readonly masters: Masters;
  readonly finisher: Finisher;
  readonly nameTemplate: string;
  /** Absent: as the model made it. */
  readonly recipe?: Recipe;
  /** What the files say of themselves: all (default), all but the prompts, or nothing. */
  readonly marks?: RunSettings['marks'];
  /** Names that the run's files have; those of this item are entered. */
  readonly names: NameRegistry;
  /** Rows of the sheet, for the padding of `{row}`. */
  readonly rows?: number;
}

export interface DeliveredFile extends FileFacts {
  /** Relative to the out folder, with `/` between folders. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface DeliveredImage extends DeliveredFile {
  /** Other outputs of the recipe, and the vendor's signed original where files were made of it. */
  readonly moreFiles: readonly MoreFile[];
  /** Why the recipe could not be worked: the file is the image as it was made. */
  readonly finishFailure?: string;
}

/**
 * Puts an item's picture into the out folder: scaled, finished and marked as ordered, each file whole or
 * not at all. One that cannot be finished is delivered as it was made, and the reason told. A file that
 * is there already is never overwritten: the same bytes are taken as delivered, for anything else
 * another name is found. So it can be repeated at any time. Throws `StorageError`.
 */
export async function deliverImage(delivery: ImageDelivery): Promise<DeliveredImage> {
  const { record, masters } = delivery;
  assert(record.image !== undefined, `item ${record.itemId} has an image to deliver`);
  const master = await masters.get(record.image.hash);
  const { files, failure } = await finish(delivery, master, record.image.format);
  const [own, ...others] = await place(delivery, files);
  assert(own !== undefined, 'an image has a file');
  const { output: _, bytes, ...facts } = own;
  return {
    ...facts,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    moreFiles: others.map(({ output = '', file }) => ({ output, file })),
    ...(failure !== undefined && { finishFailure: failure }),
  };
}

async function finish(
  { record, run, finisher, recipe, marks }: ImageDelivery,
  master: Uint8Array,
  format: ImageFormat,
): Promise<{ readonly files: readonly FinishedFile[]; readonly failure?: string }> {
  const order: FinishOrder = {
    size: record.size,
    marks: markOrder(marksOf(record, run), marks),
  };
  const finished = await finisher.finish(master, {
    ...order,
    ...(recipe !== undefined && { recipe }),
  });
  if (finished.kind === 'unusable') {
    const plain = await finisher.finish(master, order);
    assert(plain.kind === 'finished', 'a master that was checked can be delivered as it is');
    return { files: plain.files, failure: finished.reason };
  }
  if (!finished.keepsOriginal) return { files: finished.files };
  const { width, height } = record.image!;
  const original = { output: ORIGINAL_OUTPUT, bytes: master, width, height, format, marked: false };
  return { files: [...finished.files, original] };
}

function markOrder(marks: ImageMarks, wanted: RunSettings['marks']): MarkOrder {
  switch (wanted) {
    case 'none':
      return { kind: 'none' };
    case 'no-prompt': {
      return { kind: 'write', marks };
    }
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

interface Placed extends FinishedFile {
  readonly file: string;
}

/** All files of an image take their names from one stem, so that they stand together. */
async function place(
  delivery: ImageDelivery,
  files: readonly FinishedFile[],
): Promise<readonly Placed[]> {
  const { outFolder, names, record } = delivery;
  for (const stem of stems(delivery, files[0]!)) {
    const placed = files.map((each) => ({ ...each, file: nameOf(stem, each) }));
    if (!placed.every(({ file }) => names.isFree(file, record.itemId))) continue;
    // Entered before anything is awaited, so that no other delivery takes them meanwhile.
    for (const { file } of placed) names.enter(file, record.itemId);
    if (await putAll(outFolder, placed)) return placed;
  }
  throw new StorageError('failed', outFolder, new Error(`no free name for ${record.itemId}`));
}

/** Nothing is written under a name beside which something else has another one. */
async function putAll(outFolder: string, placed: readonly Placed[]): Promise<boolean> {
  for (const { file, bytes } of placed) {
    if (!(await isFreeFor(join(outFolder, file), bytes))) return false;
  }
  // The image's own file comes last: where it is, the others are.
  for (const { file, bytes } of placed.toReversed()) {
    if (!(await putFile(outFolder, file, bytes))) return false;
  }
  return true;
}

/** Names without output and extension, best first. */
function* stems(delivery: ImageDelivery, own: FinishedFile): Generator<string> {
  const { record, run, nameTemplate, rows } = delivery;
  const extension = FILE_ENDINGS[own.format];
  const ending = own.output === undefined ? '' : `-${own.output}`;
  if (record.file !== undefined) {
    const stem = withoutExtension(record.file);
    if (stem.endsWith(ending)) yield stem.slice(0, stem.length - ending.length);
  }
  const facts = { record, run, extension, ...(rows === undefined ? {} : { rows }) };
  for (const name of possibleNames(fileName(nameTemplate, facts), record.itemId)) {
    yield withoutExtension(name);
  }
}

function nameOf(stem: string, { output, format }: FinishedFile): string {
  const extension = FILE_ENDINGS[format];
  if (output === ORIGINAL_OUTPUT) return `${ORIGINALS_FOLDER}/${stem}.${extension}`;
  return `${stem}${output === undefined ? '' : `-${output}`}.${extension}`;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}

/** Originals that their vendor has signed, beside what was made of them. */
const ORIGINALS_FOLDER = 'originals';
