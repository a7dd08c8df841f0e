import { posix } from 'node:path';
import { stat } from 'node:fs/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { UsageError } from '../../core/errors.ts';
import { storing } from '../../ports/whole-file.ts';
import { mapInOrder } from '../map-in-order.ts';
import { CHECKSUMS_FILE, parseChecksum } from '../export/checksums.ts';
import { MANIFEST_FILE } from '../manifest.ts';
import { compareHash, compareLength, type ExpectedFile, hashOf } from './expected-file.ts';
import { type Finding, FindingLog, type Verification } from './findings.ts';
import { readLines, UnreadableFile } from './read-lines.ts';
import { readManifest } from './read-manifest.ts';
import type { VerifyWatch } from './verify-folder.ts';

const OPTIONS = { lazyEntries: true, autoClose: false, strictFileNames: true } as const;

/** Entries unpacked at once. */
const AT_ONCE = 8;

/**
 * Checks a delivery in a ZIP archive without unpacking it: by the `SHA256SUMS` in it or else by its
 * `manifest.json`, also where they lie in a folder. An archive in the order of its list needs no memory;
 * of another the names that wait for each other are held. No entry gives more bytes than it declares,
 * and entries that lie over each other (as in a bomb) are not read.
 */
export async function verifyZip(path: string, watch: VerifyWatch = {}): Promise<Verification> {
  const { size } = await storing(path, () => stat(path));
  const log = new FindingLog();
  const lists = await findLists(path, log);
  if (lists === undefined) return log.ended(path, 'archive');
  await using open = await openZip(path);
  const checker = new EntryChecker(open.zip, size);
  const check = async (pair: Pair) => ({ pair, finding: await checker.check(pair) });
  try {
    for await (const { pair, finding } of mapInOrder(pairs(open.zip, lists, log), AT_ONCE, check)) {
      watch.signal?.throwIfAborted();
      const bytes = pair.entry.uncompressedSize;
      if (finding === undefined) log.checked(bytes);
      else log.add(finding);
      watch.onFile?.(bytes);
    }
  } catch (error) {
    if (watch.signal?.aborted === true) throw error;
    const file = error instanceof UnreadableFile ? lists.name : path;
    log.add({ file, kind: 'unreadable', reason: wordsOf(error) });
  }
  return log.ended(path, 'archive');
}

interface Pair {
  readonly entry: Entry;
  readonly expected: ExpectedFile;
}

/** The archive's entries, each with what the list says of it, whichever comes first. */
async function* pairs(zip: ZipFile, lists: Lists, log: FindingLog): AsyncGenerator<Pair> {
  const expected = new Map<string, ExpectedFile>();
  const entries = new Map<string, Entry>();
  const listed = listedFiles(zip, lists);
  const nextListed = async function* (): AsyncGenerator<Pair | undefined> {
    for await (const file of listed) {
      const entry = entries.get(file.file);
      if (entry === undefined) expected.set(file.file, file);
      else entries.delete(file.file);
      yield entry === undefined ? undefined : { entry, expected: file };
    }
  };
  const rest = nextListed();
  const again = new Set<string>();
  let sameLists = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === lists.name) sameLists += 1;
    if (entry.fileName.endsWith('/') || entry.fileName === lists.name) continue;
    if (entry.fileName.startsWith(lists.prefix)) {
      const file = entry.fileName.slice(lists.prefix.length);
      const found = expected.get(file);
      if (found === undefined) {
        if (entries.has(file)) again.add(file);
        entries.set(file, entry);
      } else {
        expected.delete(file);
        yield { entry, expected: found };
      }
    } else log.addExtra(entry.fileName);
    const next = await rest.next();
    if (next.done !== true && next.value !== undefined) yield next.value;
  }
  for await (const pair of rest) if (pair !== undefined) yield pair;
  for (const file of expected.keys()) {
    log.add({ file, kind: 'missing', reason: 'it is not there' });
  }
  if (sameLists > 1) log.add(twice(lists.name));
  for (const file of await listedAmong(new Set([...entries.keys(), ...again]), zip, lists)) {
    log.add(twice(file));
    entries.delete(file);
  }
  for (const file of entries.keys()) log.addExtra(file);
}

/** An entry that is left though its name is listed has a name that another entry had before it. */
async function listedAmong(
  left: ReadonlySet<string>,
  zip: ZipFile,
  lists: Lists,
): Promise<readonly string[]> {
  const found: string[] = [];
  if (left.size === 0) return found;
  for await (const { file } of listedFiles(zip, lists)) if (left.has(file)) found.push(file);
  return found;
}

/** Who unpacks it gets the last, or is asked; which one was delivered nobody can tell. */
function twice(file: string): Finding {
  return { file, kind: 'changed', reason: 'the archive has more than one file of this name' };
}

/** Reads no more of an archive than it has. */
class EntryChecker {
  readonly #zip: ZipFile;
  readonly #archiveBytes: number;
  #packedBytes = 0;

  constructor(zip: ZipFile, archiveBytes: number) {
    this.#zip = zip;
    this.#archiveBytes = archiveBytes;
  }

  async check({ entry, expected }: Pair): Promise<Finding | undefined> {
    const { file } = expected;
    const finding = compareLength(expected, entry.uncompressedSize);
    if (finding !== undefined) return finding;
    this.#packedBytes += entry.compressedSize;
    if (this.#packedBytes > this.#archiveBytes) {
      return { file, kind: 'unsafe', reason: 'entries lie over each other; it was not read' };
    }
    try {
      const stream = await this.#zip.openReadStreamPromise(entry);
      const { sha256 } = await hashOf(stream as AsyncIterable<Uint8Array>);
      return compareHash(expected, sha256);
    } catch (error) {
      return { file, kind: 'changed', reason: `it cannot be unpacked: ${wordsOf(error)}` };
    }
  }
}

interface Lists {
  readonly name: string;
  readonly entry: Entry;
  /** What stands before every name: a folder that was packed as one. */
  readonly prefix: string;
  readonly kind: 'checksums' | 'manifest';
}

/** The list of checksums, or else the manifest, that lies least deep. */
async function findLists(path: string, log: FindingLog): Promise<Lists | undefined> {
  let best: Lists | undefined;
  try {
    await using open = await openZip(path);
    for await (const entry of open.zip.eachEntry()) {
      const found = listOf(entry);
      if (found !== undefined && (best === undefined || isBetter(found, best))) best = found;
    }
  } catch (error) {
    log.add({
      file: path,
      kind: 'unreadable',
      reason: `it is no whole ZIP archive: ${wordsOf(error)}`,
    });
    return undefined;
  }
  if (best !== undefined) return best;
  throw new UsageError(
    `${path} has neither ${MANIFEST_FILE} nor ${CHECKSUMS_FILE} in it: there is nothing to check it by.`,
  );
}

function listOf(entry: Entry): Lists | undefined {
  const name = entry.fileName;
  const base = posix.basename(name);
  if (base !== CHECKSUMS_FILE && base !== MANIFEST_FILE) return undefined;
  const prefix = name.slice(0, name.length - base.length);
  return { name, entry, prefix, kind: base === CHECKSUMS_FILE ? 'checksums' : 'manifest' };
}

function isBetter(found: Lists, best: Lists): boolean {
  const [depth, bestDepth] = [found, best].map(({ prefix }) => prefix.split('/').length);
  if (depth !== bestDepth) return depth! < bestDepth!;
  return found.kind === 'checksums' && best.kind === 'manifest';
}

async function* listedFiles(zip: ZipFile, { entry, kind }: Lists): AsyncGenerator<ExpectedFile> {
  const bytes = () => bytesOf(zip, entry);
  if (kind === 'manifest') {
    yield* readManifest(bytes);
    return;
  }
  let number = 0;
  for await (const line of readLines(bytes())) {
    number += 1;
    const checksum = parseChecksum(line);
    if (checksum !== undefined) yield checksum;
    else if (line !== '') throw new UnreadableFile(`line ${number} is no checksum`);
  }
}

async function* bytesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>;
}

async function openZip(path: string): Promise<AsyncDisposable & { readonly zip: ZipFile }> {
  const zip = await yauzl.openPromise(path, OPTIONS);
  return {
    zip,
    [Symbol.asyncDispose]: async () => {
      zip.close();
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
