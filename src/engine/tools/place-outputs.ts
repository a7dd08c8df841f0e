/**
 * Puts the new files of a source into the out folder. Each is entered in the store with its hash before
 * it is written, so that after a crash it is known for ours. What is there and not provably ours is never
 * overwritten: the new file takes another name.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_ENDINGS } from '../deliver/file-endings.ts';
import { type OutputFacts, outputName } from '../deliver/output-name.ts';
import { nameKey, possibleNames } from '../deliver/unique-name.ts';
import { codeOf, makeFolder, storing, writeNew, writeWhole } from '../ports/whole-file.ts';
import type { ClaimedOutput, Store, WaitingSource } from '../store/store.ts';
import type { NewFile } from './job-work.ts';

export interface Placing {
  readonly store: Pick<Store, 'claimOutputs'>;
  readonly jobId: string;
  readonly workerId: string;
  readonly out: string;
  readonly nameTemplate: string;
  /** Folders that are known to be there; grows. */
  readonly folders: Set<string>;
  /** Whether a file is the new one, signed at another time. Absent: only the same bytes are the same. */
  readonly isSame?: (existing: Uint8Array, fresh: Uint8Array) => Promise<boolean>;
}

export type Placed =
  | { readonly kind: 'placed'; readonly outputs: readonly ClaimedOutput[] }
  | { readonly kind: 'no-name' }
  /** The job is another worker's now. */
  | { readonly kind: 'fenced' };

/** What stands at a name: nothing, the same file, our own older one (each with its hash), or another. */
type Standing =
  | { readonly kind: 'free' | 'other' }
  | { readonly kind: 'same' | 'older'; readonly sha256: string };

/** A new file on its way to a name. */
interface Candidate {
  readonly file: NewFile;
  readonly sha256: string;
  readonly names: Iterator<string>;
  name: string;
  standing: Standing;
}

/** Throws `StorageError`. */
export async function placeOutputs(
  placing: Placing,
  source: WaitingSource,
  image: OutputFacts['image'],
  files: readonly NewFile[],
): Promise<Placed> {
  const known = new Map(source.claimed.map((output) => [output.nameKey, output]));
  const candidates = files.map((file) => candidateOf(placing, source, image, file));
  let toName: readonly Candidate[] = candidates;
  for (;;) {
    for (const candidate of toName) {
      const others = candidates
        .filter((each) => each !== candidate)
        .map(({ name }) => nameKey(name));
      if (!(await findName(placing, candidate, known, others))) return { kind: 'no-name' };
    }
    const outputs = candidates.map((candidate) => outputOf(candidate, known));
    const refused = await claim(placing, source, outputs);
    if (refused === 'fenced') return { kind: 'fenced' };
    if (refused.length === 0) {
      for (const output of outputs) known.set(output.nameKey, output);
      toName = await writeAll(placing, candidates);
      if (toName.length === 0) return { kind: 'placed', outputs };
    } else {
      toName = candidates.filter(({ name }) => refused.includes(nameKey(name)));
    }
  }
}

async function claim(
  { store, jobId, workerId }: Placing,
  { number }: WaitingSource,
  outputs: readonly ClaimedOutput[],
): Promise<readonly string[] | 'fenced'> {
  return outputs.length === 0 ? [] : await store.claimOutputs(jobId, workerId, number, outputs);
}

function candidateOf(
  { nameTemplate }: Placing,
  source: WaitingSource,
  image: OutputFacts['image'],
  file: NewFile,
): Candidate {
  const { width, height, output, format } = file;
  const name = outputName(nameTemplate, {
    source: source.name,
    number: source.number,
    width,
    height,
    extension: FILE_ENDINGS[format],
    ...(output !== undefined && { output }),
    ...(image !== undefined && { image }),
  });
  const key = `${source.source}\u0000${output ?? ''}`;
  return {
    file,
    sha256: hashOf(file.bytes),
    names: possibleNames(name, key),
    name: '',
    standing: { kind: 'other' },
  };
}

/** Takes the next name under which the file may stand; false when there is none. */
async function findName(
  { out, isSame }: Placing,
  candidate: Candidate,
  known: ReadonlyMap<string, ClaimedOutput>,
  others: readonly string[],
): Promise<boolean> {
  for (;;) {
    const next = candidate.names.next();
    if (next.done === true) return false;
    const key = nameKey(next.value);
    if (others.includes(key)) continue;
    const standing = await standingOf(join(out, next.value), candidate, known.get(key), isSame);
    if (standing.kind === 'other') continue;
    candidate.name = next.value;
    candidate.standing = standing;
    return true;
  }
}

async function standingOf(
  path: string,
  { file, sha256 }: Candidate,
  known: ClaimedOutput | undefined,
  isSame: Placing['isSame'],
): Promise<Standing> {
  return await storing(path, async () => {
    const facts = await stat(path).catch(unlessMissing);
    if (facts === undefined) return { kind: 'free' };
    if (!facts.isFile()) return { kind: 'other' };
    const mayBeOlder = known?.isOurs === true;
    if (facts.size !== file.bytes.length && !mayBeOlder) return { kind: 'other' };
    const existing = await readFile(path);
    const found = hashOf(existing);
    const isFresh = facts.size === file.bytes.length && (await isSame?.(existing, file.bytes));
    if (found === sha256 || isFresh === true) return { kind: 'same', sha256: found };
    const isOlder = mayBeOlder && (found === known.sha256 || found === known.replaces);
    return isOlder ? { kind: 'older', sha256: found } : { kind: 'other' };
  });
}

function outputOf(
  { file, sha256, name, standing }: Candidate,
  known: ReadonlyMap<string, ClaimedOutput>,
): ClaimedOutput {
  const key = nameKey(name);
  const before = known.get(key);
  // The same bytes that were there before we came are not ours, and may be somebody's original.
  const hash = standing.kind === 'same' ? standing.sha256 : sha256;
  const isOurs = standing.kind !== 'same' || (before?.isOurs === true && before.sha256 === hash);
  return {
    file: name,
    nameKey: key,
    bytes: file.bytes.length,
    sha256: hash,
    width: file.width,
    height: file.height,
    ...(file.output !== undefined && { output: file.output }),
    ...(standing.kind === 'older' && { replaces: standing.sha256 }),
    isOurs,
  };
}

/** Those whose name something else took at the last moment. */
async function writeAll(
  { out, folders }: Placing,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const robbed: Candidate[] = [];
  for (const candidate of candidates) {
    const { file, name, standing } = candidate;
    const path = join(out, name);
    const folder = dirname(path);
    if (!folders.has(folder)) await makeFolder(folder);
    folders.add(folder);
    if (standing.kind === 'older') await writeWhole(path, file.bytes, out);
    if (standing.kind === 'free' && !(await writeNew(path, file.bytes, out)))
      robbed.push(candidate);
    // Written, or there already: a further round changes nothing about it.
    if (!robbed.includes(candidate) && standing.kind !== 'same') {
      candidate.standing = { kind: 'same', sha256: candidate.sha256 };
    }
  }
  return robbed;
}

function unlessMissing(error: unknown): undefined {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
