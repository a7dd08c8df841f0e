/** What is known of the files of a run, and how what a check finds of them gets to its items. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { CheckFinding } from '../core/check-finding.ts';
import { StorageError } from '../core/errors.ts';
import { ORIGINAL_OUTPUT, recipeOf } from '../core/finishing.ts';
import { FILE_FLAG_KINDS, type Flag, type FlagKind } from '../core/flag.ts';
import type { ItemRecord } from '../core/item-record.ts';
import type { Finding } from '../core/measured-item.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Screening } from '../core/screening.ts';
import { covers, type Size } from '../core/size.ts';
import { MANIFEST_FILE } from '../deliver/manifest.ts';
import { readManifest } from '../deliver/verify/read-manifest.ts';
import { UnreadableFile } from '../deliver/verify/read-lines.ts';
import { planMoves } from '../finish/convert/plan-moves.ts';
import { UnusablePicture } from '../finish/convert/unusable.ts';
import { openToRead } from '../ports/open-file.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** A file of a run, as it was delivered. */
export interface RunFile {
  readonly file: string;
  readonly itemId: string;
  readonly row: number;
  readonly index: number;
  readonly model: string;
  readonly isCanary: boolean;
  /** Which of the image's files; absent: its own. */
  readonly output?: string;
  /** The size that it must have. Absent: not known. */
  readonly size?: Size;
  /** Of the manifest, hex. */
  readonly sha256?: string;
  /** It left with marks, unless its maker has signed it. */
  readonly marked: boolean;
}

/** By their paths below the out folder: some 300 bytes each. */
export type RunFiles = ReadonlyMap<string, RunFile>;

/** `items`: of these alone. */
export async function readRunFiles(
  store: Store,
  run: StoredRun,
  items?: ReadonlySet<string>,
): Promise<RunFiles> {
  const hashes = await manifestHashes(run);
  const recipe = recipeOf(run.settings);
  const files = new Map<string, RunFile>();
  for await (const record of store.records(run.id, { states: ['delivered'] })) {
    const { file: own, moreFiles = [] } = record;
    if (own === undefined || items?.has(record.itemId) === false) continue;
    for (const { file, output } of [{ file: own, output: undefined }, ...moreFiles]) {
      const size = expectedSize(record, recipe, output);
      const sha256 = hashes.get(file);
      files.set(file, {
        file,
        itemId: record.itemId,
        row: record.row.number,
        index: record.index,
        model: record.model,
        isCanary: record.canary !== undefined,
        ...(output !== undefined && { output }),
        ...(size !== undefined && { size }),
        ...(sha256 !== undefined && { sha256 }),
        marked: run.settings.marks !== 'none' && output !== ORIGINAL_OUTPUT,
      });
    }
  }
  return files;
}

function expectedSize(
  { image, size, finishFailure }: ItemRecord,
  recipe: Recipe | undefined,
  output: string | undefined,
): Size | undefined {
  if (image === undefined || output === ORIGINAL_OUTPUT) return undefined;
  const outputs = finishFailure === undefined ? (recipe?.outputs ?? []) : [];
  const steps =
    output === undefined ? outputs[0]?.steps : outputs.find(({ name }) => name === output)?.steps;
  const first = covers(image, size)
    ? [{ kind: 'resize', ...size, fit: 'cover', position: 'center' } as const]
    : [];
  try {
    return planMoves(image, [...first, ...(steps ?? [])]).size;
  } catch (error) {
    if (error instanceof UnusablePicture) return undefined;
    throw error;
  }
}

/** Bytes of a manifest's head, in which its run stands. */
const HEAD_BYTES = 1024;

/** Hashes as they were when the manifest was written; none where there is no manifest of the run. */
async function manifestHashes(run: StoredRun): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const name of [MANIFEST_FILE.replace('.', `-${run.id}.`), MANIFEST_FILE]) {
    const path = join(run.out, name);
    if (!(await headOf(path)).includes(`"run": "${run.id}"`)) continue;
    try {
      for await (const { file, sha256 } of readManifest(() => createReadStream(path))) {
        if (sha256 !== undefined) hashes.set(file, sha256);
      }
    } catch (error) {
      // What was read so far is good; the rest of a damaged manifest vouches for nothing.
      if (!(error instanceof UnreadableFile)) throw new StorageError('failed', path, error);
    }
    return hashes;
  }
  return hashes;
}

async function headOf(path: string): Promise<string> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}

/** Kinds that a check says anew each time; others were found by the run itself, and stay. */
const CHECKED: ReadonlySet<FlagKind> = new Set([
  ...FILE_FLAG_KINDS,
  'broken',
  'blank',
  'wrong-size',
  'exact-duplicate',
  'low-detail',
]);

/** Of those, what a picture is found to be beside the others: some of a run say nothing of it. */
const COMPARED: ReadonlySet<FlagKind> = new Set([
  'exact-duplicate',
  'near-duplicate',
  'low-detail',
]);

/** What a check of a run's files speaks of. */
export interface CheckScope {
  /** It screened as well. */
  readonly isScreened: boolean;
  /** It looked at some of the items only. */
  readonly isPart?: boolean;
}

/** Findings written down in one transaction. */
const AT_ONCE = 500;

/**
 * Writes what was found into the flags of the run's items; what the run found itself is kept. `found`: by
 * the files' names. Answers how many items have other flags than before.
 */
export async function flagItems(
  store: Store,
  runId: string,
  files: RunFiles,
  found: ReadonlyMap<string, readonly CheckFinding[]>,
  scope: CheckScope,
): Promise<number> {
  const { isScreened, isPart = false } = scope;
  const byItem = Map.groupBy(files.values(), ({ itemId }) => itemId);
  let changed = 0;
  let waiting: Finding[] = [];
  const write = async () => {
    await store.setFindings(waiting);
    waiting = [];
  };
  for await (const { itemId, flags: before = [], isScreened: was } of store.records(runId, {
    states: ['delivered'],
  })) {
    if (isPart && !byItem.has(itemId)) continue;
    const now = (byItem.get(itemId) ?? []).flatMap((file) =>
      (found.get(file.file) ?? []).flatMap((finding) => flagOf(finding, file, files) ?? []),
    );
    const flags = mergeFlags(before, now, scope);
    const isSame = JSON.stringify(flags) === JSON.stringify(before);
    if (!isSame) changed += 1;
    // Also that it was screened is written down.
    if (isSame && (!isScreened || was === true)) continue;
    waiting.push({
      itemId,
      flags: flags.filter(({ kind }) => kind !== 'screened'),
      ...(isScreened && { screening: flags.filter(isScreening).map(screeningOf) }),
    });
    if (waiting.length >= AT_ONCE) await write();
  }
  await write();
  return changed;
}

function isScreening(flag: Flag): flag is Extract<Flag, { kind: 'screened' }> {
  return flag.kind === 'screened';
}

function screeningOf({ label, score }: Screening): Screening {
  return { label, score };
}

/** What the check does not speak of stays as it was. */
export function mergeFlags(
  before: readonly Flag[],
  now: readonly Flag[],
  { isScreened, isPart = false }: CheckScope,
): Flag[] {
  const isSaid = (kind: FlagKind) =>
    (CHECKED.has(kind) && !(isPart && COMPARED.has(kind))) || (isScreened && kind === 'screened');
  const stays = before.filter(({ kind }) => !isSaid(kind));
  // The run has named a twin already, maybe another one.
  const isKnown = stays.some(({ kind }) => kind === 'near-duplicate');
  const added = now.filter(
    ({ kind }) => !(isKnown && kind === 'near-duplicate') && !(isPart && COMPARED.has(kind)),
  );
  // In the order in which they are kept: screening last.
  const all = [...stays, ...added];
  return [...all.filter((flag) => !isScreening(flag)), ...all.filter(isScreening)];
}

function flagOf(finding: CheckFinding, { output }: RunFile, files: RunFiles): Flag | undefined {
  switch (finding.kind) {
    case 'missing-file':
    case 'changed-file':
    case 'unmarked':
    case 'broken-credentials':
      return { kind: finding.kind, ...(output !== undefined && { output }) };
    case 'broken':
    case 'blank':
    case 'wrong-size':
      // Of its other files it is said that they were changed.
      return output === undefined ? { kind: finding.kind } : undefined;
    case 'exact-duplicate':
    case 'near-duplicate': {
      const other = files.get(finding.of);
      return other && { kind: finding.kind, row: other.row, index: other.index };
    }
    case 'low-detail':
      return { kind: 'low-detail', share: finding.share };
    case 'screened':
      return { kind: 'screened', label: finding.label, score: finding.score };
    default:
      return undefined;
  }
}
