import { readdir, realpath } from 'node:fs/promises';
import { UsageError } from '../../core/errors.ts';
import { storing } from '../../ports/whole-file.ts';
import { CONTACT_PAGE_FILE, itemsFolderOf } from '../contact-page/page-names.ts';
import { mapInOrder } from '../map-in-order.ts';
import { CONTACT_SHEET_FILE } from '../contact-sheet.ts';
import { CHECKSUMS_FILE, parseChecksum } from '../export/checksums.ts';
import { DATASET_FILE } from '../export/dataset-card.ts';
import { MANIFEST_FILE } from '../manifest.ts';
import { RESULTS_FILE } from '../results-sheet.ts';
import type { ExpectedFile } from './expected-file.ts';
import { FindingLog, type Verification } from './findings.ts';
import { checkFile, filesBelow, openInside } from './folder-files.ts';
import { isSetAside } from '../set-aside.ts';
import { KnownFiles } from './known-files.ts';
import { ForeignFile, readLines, UnreadableFile } from './read-lines.ts';
import { readManifest } from './read-manifest.ts';
import { nameDamagedSamples } from './verify-shard.ts';

export interface VerifyWatch {
  /** Aborted: the check ends with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of each file that was checked, and its bytes. */
  readonly onFile?: (bytes: number) => void;
}

/** Files read at once: what a disk and a core have to do. */
const AT_ONCE = 8;

/**
 * Checks a delivery or an export in a folder by what lies in it: `manifest.json`, `dataset.json` and
 * `SHA256SUMS`, all that there are of them, also under the names with a run's id. It needs no store,
 * changes nothing, reads nothing outside of the folder, and holds about 50 bytes a file. Throws
 * `UsageError` when there is nothing to check by.
 */
export async function verifyFolder(path: string, watch: VerifyWatch = {}): Promise<Verification> {
  const root = await storing(path, () => realpath(path));
  const names = await readdir(root);
  const lists = names.filter(isManifest).toSorted();
  const sums = names.filter(isChecksums).toSorted();
  if (lists.length + sums.length === 0) {
    throw new UsageError(
      `${path} has neither ${MANIFEST_FILE} nor ${CHECKSUMS_FILE}: there is nothing to check it by.`,
    );
  }
  const isAlone = lists.length + sums.length === 1;
  const checking = { root, watch, isAlone, log: new FindingLog(), known: new KnownFiles() };
  for (const file of [...lists, ...sums]) checking.known.add(file, undefined);
  for (const file of lists) await checkListed(checking, file, manifestFiles(root, file));
  for (const file of sums) await checkListed(checking, file, checksumFiles(root, file));
  for await (const file of filesBelow(root)) {
    watch.signal?.throwIfAborted();
    // What a run has set aside is nobody's loss.
    const isOurs = isSheet(file) || isSetAside(file);
    if (!isOurs && !checking.known.has(file)) checking.log.addExtra(file);
  }
  return checking.log.ended(path, 'folder');
}

interface Checking {
  readonly root: string;
  readonly watch: VerifyWatch;
  readonly log: FindingLog;
  readonly known: KnownFiles;
  /** There is one list only. */
  readonly isAlone: boolean;
}

/** A list that turns out to be unreadable has been of use up to there. */
async function checkListed(
  checking: Checking,
  list: string,
  listed: AsyncIterable<ExpectedFile>,
): Promise<void> {
  const { root, watch, log, known, isAlone } = checking;
  const unchecked = async function* (): AsyncGenerator<ExpectedFile> {
    for await (const expected of listed) {
      const { file, sha256 } = expected;
      // What the manifest has said already was checked by it.
      if (sha256 !== undefined && known.hasSame(file, sha256)) continue;
      known.add(file, sha256);
      yield expected;
    }
  };
  const check = async (expected: ExpectedFile) => ({
    expected,
    checked: await checkFile(root, expected),
  });
  try {
    for await (const { expected, checked } of mapInOrder(unchecked(), AT_ONCE, check)) {
      watch.signal?.throwIfAborted();
      const bytes = checked.kind === 'sound' ? checked.bytes : 0;
      if (checked.kind === 'sound') log.checked(bytes);
      else {
        log.add(checked.finding);
        await nameDamagedSamples(root, expected.file, checked.finding, log);
      }
      watch.onFile?.(bytes);
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    // Ours took another name because a stranger had this one.
    if (error instanceof ForeignFile && !isAlone) log.addExtra(list);
    else log.add({ file: list, kind: 'unreadable', reason: error.message });
  }
}

function manifestFiles(root: string, file: string): AsyncIterable<ExpectedFile> {
  return readManifest(() => bytesOf(root, file));
}

async function* checksumFiles(root: string, list: string): AsyncGenerator<ExpectedFile> {
  let number = 0;
  for await (const line of readLines(bytesOf(root, list))) {
    number += 1;
    if (line === '') continue;
    const checksum = parseChecksum(line);
    if (checksum === undefined) throw new UnreadableFile(`line ${number} is no checksum`);
    yield checksum;
  }
}

async function* bytesOf(root: string, file: string): AsyncGenerator<Uint8Array> {
  const opened = await openInside(root, file);
  if ('finding' in opened) throw new UnreadableFile(opened.finding.reason);
  await using handle = opened.handle;
  yield* handle.createReadStream({ autoClose: false });
}

function isManifest(name: string): boolean {
  return name === DATASET_FILE || isNamed(name, MANIFEST_FILE);
}

function isChecksums(name: string): boolean {
  return isNamed(name, CHECKSUMS_FILE);
}

/** What is written anew beside the images, so that no list vouches for it. */
function isSheet(name: string): boolean {
  const [first = name] = name.split('/');
  const inPage = name !== first && isNamed(first, itemsFolderOf(CONTACT_PAGE_FILE));
  return inPage || SHEETS.some((sheet) => isNamed(name, sheet));
}

const SHEETS = [RESULTS_FILE, CONTACT_SHEET_FILE, CONTACT_PAGE_FILE];

/** `manifest.json`, or `manifest-r7k2….json` where that name was taken. */
function isNamed(name: string, usual: string): boolean {
  const [stem = '', ending] = usual.split('.');
  const rest = ending === undefined ? '' : `\\.${ending}`;
  return new RegExp(`^${stem}(-r[a-z0-9-]+)?${rest}$`).test(name);
}
