import { join } from 'node:path';
import { assert } from '../../core/errors.ts';
import type { FinishedFile } from '../../core/finisher.ts';
import { ORIGINAL_OUTPUT } from '../../core/finishing.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import { flushNames, makeFolder, writeWhole } from '../../ports/whole-file.ts';
import { FILE_ENDINGS } from '../file-endings.ts';
import { shortId } from '../file-name.ts';
import { resultHeadings } from '../result-columns.ts';
import { isItem, RESULTS_FILE, type RunEntry, writeResults } from '../results-sheet.ts';
import { checksumLine, CHECKSUMS_FILE, sha256OfFile } from './checksums.ts';
import {
  CARD_FILE,
  DATASET_FILE,
  datasetCard,
  type DatasetFacts,
  datasetJson,
  INDEX_FILE,
} from './dataset-card.ts';
import { DatasetWriter, type ShardLimits } from './dataset-writer.ts';
import { type ExportOrder, openExport } from './export-place.ts';
import { type Exported, ExportTally, withFiles } from './export-tally.ts';
import {
  type ExportedFile,
  type ExportSource,
  type ExportWatch,
  finishEntries,
} from './finish-entries.ts';
import type { SampleFile } from './sample.ts';

export interface DatasetOrder extends ExportOrder {
  /** What the shards are called: letters, digits, `-` and `_`. */
  readonly name: string;
  readonly limits: ShardLimits;
}

export interface ExportedDataset extends Exported {
  readonly shards: number;
}

/** Keys sort as the sheet does, up to a billion rows of at most 1,000 images each. */
const LEAST_ROW_DIGITS = 6;
const INDEX_DIGITS = 4;

/**
 * Packs a run's delivered images into a data set: WebDataset shards with a Parquet index. It is made in
 * one folder that gets its name when all of it is flushed; the same run, settings and limits give the
 * same bytes. Canaries and vendors' signed originals stay out: they are no samples. In memory are a few
 * pictures and 10,000 rows of the index, however long the run is.
 */
export async function exportDataset(
  source: ExportSource,
  order: DatasetOrder,
  watch: ExportWatch = {},
): Promise<ExportedDataset> {
  await using place = await openExport(order, 'folder');
  const folder = place.path;
  await makeFolder(folder);
  const tally = new ExportTally();
  const items: Record<string, number> = {};
  await using writer = await DatasetWriter.create({
    folder,
    name: order.name,
    run: source.run,
    limits: order.limits,
    about: order.path,
  });
  await writeResults({
    outFolder: folder,
    columns: source.columns,
    entries: pack(source, writer, { tally, items, watch }),
  });
  watch.signal?.throwIfAborted();
  const written = await writer.end();
  const facts: DatasetFacts = {
    ...written,
    name: order.name,
    run: source.run,
    settings: source.settings,
    columns: resultHeadings(source.columns).input,
    items,
  };
  await writeWhole(join(folder, DATASET_FILE), Buffer.from(datasetJson(facts)));
  await writeWhole(join(folder, CARD_FILE), Buffer.from(datasetCard(facts)));
  await writeSums(folder, facts);
  await flushNames(folder);
  return { ...tally.ended(await place.name()), shards: facts.shards.length };
}

interface Counting {
  readonly tally: ExportTally;
  readonly items: Record<string, number>;
  readonly watch: ExportWatch;
}

/** Puts each image into a shard, and tells the results where it is. */
async function* pack(
  source: ExportSource,
  writer: DatasetWriter,
  { tally, items, watch }: Counting,
): AsyncGenerator<RunEntry> {
  const headings = resultHeadings(source.columns).input;
  const samples = { ...source, entries: () => withoutCanaries(source.entries()) };
  let lastKey = '';
  for await (const finished of finishEntries(samples, watch)) {
    const entry = finished.kind === 'none' ? finished.entry : finished.record;
    const state = isItem(entry) ? entry.state : 'skipped';
    items[state] = (items[state] ?? 0) + 1;
    if (finished.kind === 'none') yield finished.entry;
    else if (finished.kind === 'lost') yield tally.lost(finished);
    else {
      const { record } = finished;
      const files = finished.files.filter(({ output }) => output !== ORIGINAL_OUTPUT);
      tally.add({ ...finished, files });
      const key = keyOf(record, source.rows, lastKey);
      lastKey = key;
      const cells = Object.fromEntries(
        headings.map((heading) => [heading, record.row.cells[heading] ?? '']),
      );
      const [own, ...more] = files.map((file) => sampleFile(key, file));
      assert(own !== undefined, 'a finished image has a file of its own');
      const shard = await writer.add(
        { key, runId: source.run.runId, record, cells, files: [own, ...more] },
        files.map(({ bytes }) => bytes),
      );
      const inShard = (each: SampleFile) => ({ ...each, file: `${shard}/${each.file}` });
      yield withFiles(record, [own, ...more].map(inShard));
    }
  }
}

async function* withoutCanaries(entries: AsyncIterable<RunEntry>): AsyncGenerator<RunEntry> {
  for await (const entry of entries) {
    if (!isItem(entry) || entry.canary === undefined) yield entry;
  }
}

/** `000017-0001`: no dot, since all after the first one tells what the file is. */
function keyOf(record: ItemRecord, rows: number, lastKey: string): string {
  const digits = Math.max(LEAST_ROW_DIGITS, String(rows).length);
  const row = String(record.row.number).padStart(digits, '0');
  const key = `${row}-${String(record.index).padStart(INDEX_DIGITS, '0')}`;
  return key === lastKey ? `${key}-${shortId(record.itemId)}` : key;
}

function sampleFile(key: string, { bytes, ...facts }: ExportedFile): SampleFile {
  return { ...facts, file: `${key}.${endingOf(facts)}`, bytes: bytes.length };
}

/** What stands after a sample's key: `png`, `thumb.webp`. */
function endingOf({ output, format }: Pick<FinishedFile, 'output' | 'format'>): string {
  return `${output === undefined ? '' : `${output}.`}${FILE_ENDINGS[format]}`;
}

async function writeSums(folder: string, { shards, index }: DatasetFacts): Promise<void> {
  const known = [...shards, { file: INDEX_FILE, sha256: index.sha256 }];
  const others: { file: string; sha256: string }[] = [];
  for (const file of [RESULTS_FILE, DATASET_FILE, CARD_FILE]) {
    others.push({ file, sha256: await sha256OfFile(join(folder, file)) });
  }
  const lines = [...known, ...others].map(checksumLine).join('');
  await writeWhole(join(folder, CHECKSUMS_FILE), Buffer.from(lines));
}
