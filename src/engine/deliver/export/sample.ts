/** What a data set says of its images: one table for the files beside them, the index and the card. */
import { fromMicros } from '../../core/credits.ts';
import type { FileFacts } from '../../core/finisher.ts';
import { flagText } from '../../core/flag.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import { referenceLabel } from '../../core/reference.ts';

/** An image's file in a data set. */
export interface SampleFile extends FileFacts {
  /** Its name inside the shard: `KEY.png`, `KEY.thumb.webp`. */
  readonly file: string;
  /** The recipe's name of it; absent: the image's own file. */
  readonly output?: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Sample {
  readonly key: string;
  readonly runId: string;
  readonly record: ItemRecord;
  /** Those of the row in its sheet, by every heading that the sheet has. */
  readonly cells: Readonly<Record<string, string>>;
  /** The image's own file first. */
  readonly files: readonly [SampleFile, ...SampleFile[]];
}

/** Where one of a sample's files is. */
export interface IndexedFile {
  readonly sample: Sample;
  readonly file: SampleFile;
  readonly shard: string;
  /** Of its first byte, from the beginning of the shard. */
  readonly offset: number;
}

export type ColumnType = 'STRING' | 'INT32' | 'INT64' | 'DOUBLE';

export interface IndexColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly about: string;
  /** Never null. */
  readonly required?: true;
  readonly valueOf: (entry: IndexedFile) => string | number | undefined;
}

export interface ItemFact {
  readonly name: string;
  readonly type: ColumnType;
  readonly about: string;
  readonly of: (record: ItemRecord) => string | number | undefined;
}

/** What is told of an image, as in `results.csv`: no text is an empty one, and no number is null. */
export const ITEM_FACTS: readonly ItemFact[] = [
  fact('prompt', 'STRING', 'as it was sent, with style', (item) => item.sentPrompt),
  fact('negative', 'STRING', 'what should not be seen', (item) => item.negativePrompt ?? ''),
  fact('model', 'STRING', 'who made it', (item) => item.model),
  fact('vendor', 'STRING', 'whose model it is', (item) => item.vendor),
  fact('quality', 'STRING', 'low, medium or high', (item) => item.quality),
  fact('seed', 'INT64', 'null: the model took none', (item) => item.seed),
  fact('row', 'INT32', 'of the sheet, from 1', (item) => item.row.number),
  fact('index', 'INT32', "of the row's images, from 1", (item) => item.index),
  fact('item', 'STRING', "the image's id in the run", (item) => item.itemId),
  fact('name', 'STRING', "the row's name", (item) => item.row.name ?? ''),
  fact('references', 'STRING', 'pictures it was made from, separated by |', (item) =>
    (item.references ?? []).map(referenceLabel).join(' | '),
  ),
  fact('flags', 'STRING', 'what was found about the picture, separated by |', (item) =>
    (item.flags ?? []).map(flagText).join(' | '),
  ),
  fact('detail', 'DOUBLE', 'measured; compares images of one model', (item) => item.detail),
  fact(
    'drift',
    'DOUBLE',
    '0 to 1: how far from its reference, or from the start',
    (item) => item.drift,
  ),
  fact('credits', 'DOUBLE', 'what it cost', (item) => fromMicros(item.creditMicros)),
  fact('usd', 'DOUBLE', "the vendor's price; null: unknown", (item) =>
    item.usdMicros === undefined ? undefined : fromMicros(item.usdMicros),
  ),
  fact('attempt', 'INT32', 'how often it was sent', (item) => item.attempt),
  fact(
    'master',
    'STRING',
    'SHA-256 of the image as the model made it',
    (item) => item.image?.hash ?? '',
  ),
  fact(
    'finish_failure',
    'STRING',
    'why the recipe could not be worked: it is as it was made',
    (item) => item.finishFailure ?? '',
  ),
];

function fact(name: string, type: ColumnType, about: string, of: ItemFact['of']): ItemFact {
  return { name, type, about, of };
}

/**
 * `KEY.json`. Every sample has the same fields of the same types: readers that learn a table from the
 * first samples (Hugging Face's) want that.
 */
export function sampleJson({
  key,
  runId,
  record,
  cells,
  files,
}: Sample): Readonly<Record<string, unknown>> {
  const [own, ...more] = files;
  return {
    key,
    ...fileFacts(own),
    ...Object.fromEntries(ITEM_FACTS.map(({ name, of }) => [name, of(record) ?? null])),
    run: runId,
    columns: cells,
    more: more.map((file) => ({ output: file.output ?? '', ...fileFacts(file) })),
  };
}

function fileFacts({ file, sha256, bytes, width, height, format }: SampleFile) {
  return { file, sha256, bytes, width, height, format };
}

/** The columns of `index.parquet`; the offset and the length read an image without its shard. */
export const INDEX_COLUMNS: readonly IndexColumn[] = [
  text('key', 'the sample; its files in the shard begin with it', ({ sample }) => sample.key),
  text('shard', 'the tar archive', ({ shard }) => shard),
  text('file', "the image's name in the shard", ({ file }) => file.file),
  text(
    'output',
    "the recipe's name of the file; empty: the image's own",
    ({ file }) => file.output ?? '',
  ),
  whole('offset', "of the image's first byte in the shard", ({ offset }) => offset),
  whole('bytes', 'of the image', ({ file }) => file.bytes),
  text('sha256', 'of the image', ({ file }) => file.sha256),
  small('width', 'pixels', ({ file }) => file.width),
  small('height', 'pixels', ({ file }) => file.height),
  text('format', 'png, jpeg, webp or avif', ({ file }) => file.format),
  ...ITEM_FACTS.map(({ name, type, about, of }): IndexColumn => ({
    name,
    type,
    about,
    valueOf: ({ sample }) => of(sample.record),
  })),
  text('columns', "the sheet's own columns, as JSON", ({ sample }) => JSON.stringify(sample.cells)),
];

type Value<Type> = (entry: IndexedFile) => Type;

function text(name: string, about: string, valueOf: Value<string>): IndexColumn {
  return { name, type: 'STRING', about, required: true, valueOf };
}

function whole(name: string, about: string, valueOf: Value<number>): IndexColumn {
  return { name, type: 'INT64', about, required: true, valueOf };
}

function small(name: string, about: string, valueOf: Value<number>): IndexColumn {
  return { name, type: 'INT32', about, required: true, valueOf };
}
