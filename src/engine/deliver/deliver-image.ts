import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert, StorageError } from '../core/errors.ts';
import type { FileFacts, Finisher, ImageMarks } from '../core/finisher.ts';
import { isoTime } from '../core/iso-time.ts';
import type { FileFormat } from '../core/quality.ts';
import type { Recipe } from '../core/recipe.ts';
import { codeOf, makeFolder, storing, writeNew } from '../ports/whole-file.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import { fileName } from './file-name.ts';
import type { Masters } from './masters.ts';
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
  /** Names that the run's files have; this one is entered. */
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

/**
 * Puts an item's picture into the out folder: scaled, converted and marked as ordered, whole or not at
 * all. A file that is there already is never overwritten: the same bytes are taken as delivered, for
 * anything else another name is found. So it can be repeated at any time. Throws `StorageError`.
 */
export async function deliverImage(delivery: ImageDelivery): Promise<DeliveredFile> {
  const { record, run, masters, finisher, recipe } = delivery;
  assert(record.image !== undefined, `item ${record.itemId} has an image to deliver`);
  const master = await masters.get(record.image.hash);
  const finished = await finisher.finish(master, {
    size: record.size,
    marks: { kind: 'write', marks: marksOf(record, run) },
    ...(recipe === undefined ? {} : { recipe }),
  });
  assert(finished.kind === 'finished', 'a stored master can be finished');
  const { bytes, ...facts } = finished.files[0]!;
  const file = await place(delivery, bytes, facts.format);
  return {
    ...facts,
    file,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
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

async function place(
  delivery: ImageDelivery,
  bytes: Uint8Array,
  format: FileFormat,
): Promise<string> {
  const { outFolder, names, record } = delivery;
  for (const file of candidates(delivery, format)) {
    if (!names.isFree(file, record.itemId)) continue;
    // Entered before anything is awaited, so that no other delivery takes it meanwhile.
    names.enter(file, record.itemId);
    if (await putFile(outFolder, file, bytes)) return file;
  }
  throw new StorageError('failed', outFolder, new Error(`no free name for ${record.itemId}`));
}

function* candidates(delivery: ImageDelivery, format: FileFormat): Generator<string> {
  const { record, run, nameTemplate, rows } = delivery;
  if (record.file !== undefined) yield record.file;
  const extension = EXTENSIONS[format];
  const facts = { record, run, extension, ...(rows === undefined ? {} : { rows }) };
  yield* possibleNames(fileName(nameTemplate, facts), record.itemId);
}

const EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
};

/** Whether `file` holds the bytes afterwards; false when something else has that name. */
async function putFile(outFolder: string, file: string, bytes: Uint8Array): Promise<boolean> {
  const path = join(outFolder, file);
  if (await isThere(path)) return await holdsSame(path, bytes);
  await makeFolder(dirname(path));
  return (await writeNew(path, bytes, outFolder)) || (await holdsSame(path, bytes));
}

async function isThere(path: string): Promise<boolean> {
  return (await storing(path, () => statIfAny(path))) !== undefined;
}

async function holdsSame(path: string, bytes: Uint8Array): Promise<boolean> {
  return await storing(path, async () => {
    const found = await statIfAny(path);
    if (found === undefined || !found.isFile() || found.size !== bytes.length) return false;
    return (await readFile(path)).equals(bytes);
  });
}

async function statIfAny(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
