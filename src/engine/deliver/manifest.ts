import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromMicros } from '../core/credits.ts';
import { StorageError } from '../core/errors.ts';
import type { Finisher } from '../core/finisher.ts';
import { AS_MADE, type MoreFile } from '../core/finishing.ts';
import { giveBack } from '../core/give-back.ts';
import { isoTime } from '../core/iso-time.ts';
import { referenceLabel } from '../core/reference.ts';
import { storing, writeWhole } from '../ports/whole-file.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import { mapInOrder } from './map-in-order.ts';
import { isItem } from './results-sheet.ts';
import type { RunEntry } from './results-sheet.ts';

export const MANIFEST_FILE = 'manifest.json';
/** The first property of every manifest of ours, by which it is known. */
export const MANIFEST_FORMAT = 'imagemill-manifest-1';

/** What is known of a file by its path: its hash, size and facts, as they stand in a manifest. */
export type LookElsewhere = (path: string) => Promise<Record<string, unknown> | undefined>;

/** Looked at at a time; each may be a picture in memory. */
const LOOKS_AT_ONCE = 8;

export interface ManifestOrder {
  readonly outFolder: string;
  readonly run: RunFacts;
  readonly entries: AsyncIterable<RunEntry>;
  readonly finisher: Pick<Finisher, 'describe'>;
  /** Default: `manifest.json`. */
  readonly file?: string;
  /** Asked for files that are not in the folder. Default: they are nowhere. */
  readonly elsewhere?: LookElsewhere;
}

export interface WrittenManifest {
  readonly file: string;
  /** Delivered files that are no longer in the out folder. */
  readonly missing: readonly string[];
}

/** So many missing files are named; a folder that was emptied has no need of more. */
const MOST_MISSING = 100;

/**
 * Writes the manifest: the run's facts, and for each delivered file its hash, size and origin; files of
 * an image beside its own name their `output`. The files are read as they are on the disk now, one at a
 * time, so the manifest vouches for what is there; one that is gone stands in it with `"missing": true`.
 * It is replaced whole and streams.
 */
export async function writeManifest(order: ManifestOrder): Promise<WrittenManifest> {
  const file = order.file ?? MANIFEST_FILE;
  const missing: string[] = [];
  await writeWhole(join(order.outFolder, file), lines(order, missing));
  return { file, missing };
}

async function* lines(order: ManifestOrder, missing: string[]): AsyncGenerator<string> {
  yield manifestHead(order.run);
  let separator = '\n';
  const looks = mapInOrder(order.entries, LOOKS_AT_ONCE, (entry) => lookAtAll(entry, order));
  for await (const { entry, files } of looks) {
    for (const { found, ...placed } of files) {
      if (found === undefined && missing.length < MOST_MISSING) missing.push(placed.file);
      yield separator + manifestLine({ ...placed, ...(found ?? { missing: true }) }, entry);
      separator = ',\n';
    }
  }
  yield MANIFEST_TAIL;
}

async function lookAtAll(entry: RunEntry, order: ManifestOrder) {
  if (!isItem(entry) || entry.file === undefined || entry.state !== 'delivered') {
    return { entry: entry as ItemRecord, files: [] };
  }
  const placed: MoreFile[] = [{ file: entry.file } as MoreFile, ...(entry.moreFiles ?? [])];
  const looks = placed.map(async (each) => ({
    ...each,
    found: await lookAt(join(order.outFolder, each.file), order),
  }));
  return { entry, files: await Promise.all(looks) };
}

/** What stands before the lines of a manifest, which are separated by `,\n`. */
export function manifestHead(run: RunFacts): string {
  const facts = {
    format: MANIFEST_FORMAT,
    generator: run.generator,
    run: run.runId,
    planHash: run.planHash,
    createdAt: isoTime(run.createdAt),
  };
  return `${JSON.stringify(facts, undefined, 2).slice(0, -2)},\n  "files": [`;
}

/** What is told of one file: what it is, and of which item. */
export function manifestLine(file: Readonly<Record<string, unknown>>, item: ItemRecord): string {
  return `    ${JSON.stringify({ ...file, ...originOf(item) })}`;
}

export const MANIFEST_TAIL = '\n  ]\n}\n';

async function lookAt(
  path: string,
  { finisher, elsewhere }: Pick<ManifestOrder, 'finisher' | 'elsewhere'>,
): Promise<Record<string, unknown> | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return await elsewhere?.(path);
  const facts = await finisher.describe(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { length } = bytes;
  giveBack(bytes);
  return { sha256, bytes: length, ...facts };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await storing(path, () => readFile(path));
  } catch (error) {
    if (error instanceof StorageError && error.fault === 'missing') return undefined;
    throw error;
  }
}

/** `undefined` values are left out by JSON. */
function originOf(item: ItemRecord): Record<string, unknown> {
  return {
    master: item.image?.hash,
    finished: item.finishedBy?.startsWith(AS_MADE) ? undefined : item.finishedBy,
    finishFailure: item.finishFailure,
    item: item.itemId,
    row: item.row.number,
    line: item.row.line,
    index: item.index,
    canary: item.canary,
    name: item.row.name,
    prompt: item.sentPrompt,
    negative: item.negativePrompt,
    model: item.model,
    vendor: item.vendor,
    quality: item.quality,
    seed: item.seed,
    references: item.references?.map(referenceLabel),
    referenceChanges: item.referenceChanges,
    detail: item.detail,
    drift: item.drift,
    flags: item.flags?.length === 0 ? undefined : item.flags,
    review: item.review && { ...item.review, at: isoTime(item.review.at) },
    clientMark: item.clientMark && { ...item.clientMark, at: isoTime(item.clientMark.at) },
    credits: fromMicros(item.creditMicros),
    usd: item.usdMicros === undefined ? undefined : fromMicros(item.usdMicros),
    attempt: item.attempt,
    vendorRef: item.vendorRef,
  };
}
