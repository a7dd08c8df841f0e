import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assert, StorageError } from '../core/errors.ts';
import type { FileFacts, FinishedFile } from '../core/finisher.ts';
import type { MoreFile, PlacedFiles } from '../core/finishing.ts';
import { giveBack } from '../core/give-back.ts';
import type { ItemRecord } from '../core/item-record.ts';
import { finishItem, type ItemFinish } from './finish-item.ts';
import { nameOfFile, possibleStems } from './item-names.ts';
import { isFreeFor, type IsSame, putFile } from './put-file.ts';
import type { NameRegistry } from './unique-name.ts';

export interface ImageDelivery extends ItemFinish {
  readonly outFolder: string;
  /** An item with a stored image; its `file`, if it has one, is kept. */
  readonly record: ItemRecord;
  readonly nameTemplate: string;
  /** Names that the run's files have; those of this item are entered. */
  readonly names: NameRegistry;
  /** Rows of the sheet, for the padding of `{row}`. */
  readonly rows?: number;
  /**
   * Told the names of its files before the first of them is written, so that after a crash they are known
   * for ours. Absent: nobody asks for them.
   */
  readonly onNamed?: (files: NamedFiles) => Promise<void>;
}

export type NamedFiles = Required<Pick<PlacedFiles, 'moreFiles'>> & { readonly file: string };

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
  const { files, failure } = await finishItem(delivery);
  const placed = await place(delivery, files);
  const { output: _, bytes, ...facts } = placed[0]!;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { length } = bytes;
  for (const file of placed) giveBack(file.bytes);
  return {
    ...facts,
    bytes: length,
    sha256,
    moreFiles: namedFiles(placed).moreFiles,
    ...(failure !== undefined && { finishFailure: failure }),
  };
}

interface Placed extends FinishedFile {
  readonly file: string;
}

function namedFiles([own, ...others]: readonly Placed[]): NamedFiles {
  assert(own !== undefined, 'an image has a file');
  return { file: own.file, moreFiles: others.map(({ output = '', file }) => ({ output, file })) };
}

/** All files of an image take their names from one stem, so that they stand together. */
async function place(
  delivery: ImageDelivery,
  files: readonly FinishedFile[],
): Promise<readonly Placed[]> {
  const { outFolder, names, record, finisher } = delivery;
  for (const stem of possibleStems(delivery, files[0]!)) {
    const placed = files.map((each) => ({ ...each, file: nameOfFile(stem, each) }));
    if (!placed.every(({ file }) => names.isFree(file, record.itemId))) continue;
    // Entered before anything is awaited, so that no other delivery takes them meanwhile.
    for (const { file } of placed) names.enter(file, record.itemId);
    if (!(await areFree(outFolder, placed, finisher.isSameSigned))) continue;
    await delivery.onNamed?.(namedFiles(placed));
    const put = await putAll(outFolder, placed, finisher.isSameSigned);
    if (put !== undefined) return put;
  }
  throw new StorageError('failed', outFolder, new Error(`no free name for ${record.itemId}`));
}

/** Nothing is written under a name beside which something else has another one. */
async function areFree(
  outFolder: string,
  placed: readonly Placed[],
  isSame?: IsSame,
): Promise<boolean> {
  for (const { file, bytes } of placed) {
    if (!(await isFreeFor(join(outFolder, file), bytes, isSame))) return false;
  }
  return true;
}

async function putAll(
  outFolder: string,
  placed: readonly Placed[],
  isSame?: IsSame,
): Promise<readonly Placed[] | undefined> {
  const put: Placed[] = [];
  // The image's own file comes last: where it is, the others are.
  for (const each of placed.toReversed()) {
    const bytes = await putFile(outFolder, each.file, each.bytes, isSame);
    if (bytes === undefined) return undefined;
    put.unshift({ ...each, bytes });
  }
  return put;
}
