import { posix } from 'node:path';
import { stat } from 'node:fs/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { UsageError } from '../../core/errors.ts';
import { storing } from '../../ports/whole-file.ts';
import { CHECKSUMS_FILE, parseChecksum } from '../export/checksums.ts';
import { MANIFEST_FILE } from '../manifest.ts';
import { compareHash, compareLength, type ExpectedFile, hashOf } from './expected-file.ts';
import { type Finding, FindingLog, type Verification } from './findings.ts';
import { readLines, UnreadableFile } from './read-lines.ts';
import { readManifest } from './read-manifest.ts';
import type { VerifyWatch } from './verify-folder.ts';

const OPTIONS = { lazyEntries: true, autoClose: false, strictFileNames: true } as const;

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
  const checking = new Checking(open.zip, log, size, watch);
  const expected = listedFiles(open.zip, lists)[Symbol.asyncIterator]();
  try {
    for await (const entry of open.zip.eachEntry()) {
      watch.signal?.throwIfAborted();
      if (entry.fileName.endsWith('/')) continue;
      await checking.entry(entry, lists);
      await checking.list(expected);
    }
    while (await checking.list(expected));
  } catch (error) {
    if (watch.signal?.aborted === true) throw error;
    const kind = 'unreadable' as const;
    log.add({
      file: error instanceof UnreadableFile ? lists.name : path,
      kind,
      reason: wordsOf(error),
    });
  }
  checking.end();
  return log.ended(path, 'archive');
}

interface Lists {
  readonly name: string;
  readonly entry: Entry;
  /** What stands before every name: a folder that was packed as one. */
  readonly prefix: string;
  readonly kind: 'checksums' | 'manifest';
}

/** Pairs the archive's entries with what the list says of them, whichever comes first. */
class Checking {
  readonly #zip: ZipFile;
  readonly #log: FindingLog;
  readonly #watch: VerifyWatch;
  readonly #archiveBytes: number;
  readonly #entries = new Map<string, Entry>();
  readonly #expected = new Map<string, ExpectedFile>();
  #packedBytes = 0;

  constructor(zip: ZipFile, log: FindingLog, archiveBytes: number, watch: VerifyWatch) {
    this.#zip = zip;
    this.#log = log;
    this.#archiveBytes = archiveBytes;
    this.#watch = watch;
  }

  async entry(entry: Entry, { name, prefix }: Lists): Promise<void> {
    if (entry.fileName === name) return;
    if (!entry.fileName.startsWith(prefix)) return this.#log.addExtra(entry.fileName);
    const file = entry.fileName.slice(prefix.length);
    const expected = this.#expected.get(file);
    if (expected === undefined) {
      this.#entries.set(file, entry);
      return;
    }
    this.#expected.delete(file);
    await this.#check(entry, expected);
  }

  /** Takes the next name of the list; false at its end. */
  async list(expected: AsyncIterator<ExpectedFile>): Promise<boolean> {
    const next = await expected.next();
    if (next.done === true) return false;
    const { file } = next.value;
    const entry = this.#entries.get(file);
    if (entry === undefined) this.#expected.set(file, next.value);
    else {
      this.#entries.delete(file);
      await this.#check(entry, next.value);
    }
    return true;
  }

  end(): void {
    for (const { file } of this.#expected.values()) {
      this.#log.add({ file, kind: 'missing', reason: 'it is not there' });
    }
    for (const file of this.#entries.keys()) this.#log.addExtra(file);
  }

  async #check(entry: Entry, expected: ExpectedFile): Promise<void> {
    const finding =
      compareLength(expected, entry.uncompressedSize) ?? (await this.#read(entry, expected));
    if (finding === undefined) this.#log.checked(entry.uncompressedSize);
    else this.#log.add(finding);
    this.#watch.onFile?.(entry.uncompressedSize);
  }

  async #read(entry: Entry, expected: ExpectedFile): Promise<Finding | undefined> {
    const { file } = expected;
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
