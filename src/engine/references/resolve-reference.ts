import { readFile, stat } from 'node:fs/promises';
import { StorageError } from '../core/errors.ts';
import {
  formatBytes,
  type MasterFacts,
  type ReferenceFinding,
  referenceName,
} from '../core/reference.ts';
import { fetchReference, type FetchReferenceDeps } from './fetch-reference.ts';
import { inspectPicture } from './inspect-picture.ts';
import type { Masters } from './masters.ts';

export interface ReferenceSources extends FetchReferenceDeps {
  readonly masters: Masters;
  /** Hash of the picture that is kept under a name, or names that are spelled like it. */
  readonly named: (
    name: string,
  ) => Promise<{ readonly hash: string } | { readonly closest: readonly string[] }>;
  /** Hash of the stored master of which the file, by its own hash, is the delivered copy. */
  readonly ownMaster: (path: string, hash: string) => Promise<string | undefined>;
}

/** A master with its bytes; or why there is none. */
export type ResolvedReference =
  | { readonly kind: 'picture'; readonly facts: MasterFacts; readonly bytes: Uint8Array }
  | Extract<ReferenceFinding, { kind: 'problem' }>;

/** A file above this is not read: far above what any vendor takes, whatever could be made of it. */
const LARGEST_FILE_BYTES = 100 * 1024 * 1024;

const ADDRESS = /^https?:\/\//i;

/**
 * Finds the master of a reference: the file of a path, the answer of a web address, or what is kept
 * under `@name`. A delivered file of our own stands for its stored master, so that an edit never starts
 * from a finished copy. Nothing is stored here.
 */
export async function resolveReference(
  sources: ReferenceSources,
  reference: string,
): Promise<ResolvedReference> {
  if (reference.startsWith('@')) return resolveName(sources, reference);
  if (ADDRESS.test(reference)) {
    const answer = await fetchReference(sources, reference);
    return answer.kind === 'problem' ? answer : inspected(answer.bytes);
  }
  return resolveFile(sources, reference);
}

async function resolveName(
  { named, masters }: ReferenceSources,
  reference: string,
): Promise<ResolvedReference> {
  const name = referenceName(reference);
  if (name === undefined) {
    return problem(
      `${reference} is not a name of a reference`,
      'Names have letters, digits, dots, hyphens and underscores; a file of this name is written ./@…',
    );
  }
  const found = await named(name);
  if ('closest' in found) {
    const close = found.closest.map((each) => `@${each}`).join(' or ');
    return problem(
      `There is no reference named @${name}`,
      `${close === '' ? 'Add' : `Did you mean ${close}? If not, add`} it: imagemill reference add ${name}=FILE`,
    );
  }
  try {
    return await inspected(await masters.get(found.hash));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return problem(
      `The picture of @${name} is not in the store any more`,
      `Add it again: imagemill reference add ${name}=FILE`,
    );
  }
}

async function resolveFile(sources: ReferenceSources, path: string): Promise<ResolvedReference> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) {
      return problem(
        `The file has ${formatBytes(size)}, and at most ${formatBytes(LARGEST_FILE_BYTES)} are read`,
        'Make a smaller copy of it.',
      );
    }
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return problem(`There is no file ${path}`, 'Correct the path or put the picture there.');
    }
    if (code === 'EISDIR') return problem('This is a folder', 'Name the picture in it.');
    return problem(`The file cannot be read (${code})`, 'Check who may read it.');
  }
  const own = await inspected(bytes);
  if (own.kind === 'problem') return own;
  const master = await sources.ownMaster(path, own.facts.hash);
  if (master === undefined || !(await sources.masters.has(master))) return own;
  const found = await inspected(await sources.masters.get(master));
  if (found.kind === 'problem') return own;
  return { ...found, facts: { ...found.facts, ownMaster: true } };
}

async function inspected(bytes: Uint8Array): Promise<ResolvedReference> {
  const finding = await inspectPicture(bytes);
  return finding.kind === 'problem' ? finding : { ...finding, bytes };
}

function problem(message: string, remedy: string): Extract<ReferenceFinding, { kind: 'problem' }> {
  return { kind: 'problem', message, remedy };
}
