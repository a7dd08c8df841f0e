import { join } from 'node:path';
import { MOST_ITEMS_BY_ITSELF } from '../core/contact-page.ts';
import type { Finisher } from '../core/finisher.ts';
import { openToRead } from '../ports/open-file.ts';
import { codeOf, makeFolder, storing } from '../ports/whole-file.ts';
import { requireOutFolder } from './check-out-folder.ts';
import { CONTACT_PAGE_FILE, itemsFolderOf, pageName } from './contact-page/page-names.ts';
import { writeContactPage } from './contact-page/write-contact-page.ts';
import { CONTACT_SHEET_FILE, makeContactSheet } from './contact-sheet.ts';
import { CHECKSUMS_FILE, writeChecksums } from './export/checksums.ts';
import type { RunFacts } from '../core/item-record.ts';
import { type LookElsewhere, MANIFEST_FILE, MANIFEST_FORMAT, writeManifest } from './manifest.ts';
import type { Masters } from './masters.ts';
import { withRunId } from './own-names.ts';
import { RESULTS_FILE, writeResults } from './results-sheet.ts';
import type { RunEntry } from './results-sheet.ts';

export interface RunDelivery {
  readonly outFolder: string;
  readonly run: RunFacts;
  /** Of the contact sheet and its page. Default: `Run ID`. */
  readonly title?: string;
  /** Headings of the input, in its order. */
  readonly columns: readonly string[];
  /** Gives the run's items and skipped rows from the first, in the order of the sheet. */
  readonly entries: () => AsyncIterable<RunEntry>;
  readonly masters: Masters;
  readonly finisher: Pick<Finisher, 'describe'>;
  /** Of the contact sheet. Default: 200. */
  readonly maxTiles?: number;
  /**
   * Nothing will be written there again, so the checksums are of results and contact sheet as well; in
   * the run's own folder those are written anew from time to time.
   */
  readonly isSealed?: boolean;
  /** Asked for delivered files that are not in the folder. */
  readonly elsewhere?: LookElsewhere;
}

export interface DeliveredRun {
  /** File names in the out folder. */
  readonly manifest: string;
  readonly results: string;
  /** Absent while there is nothing to show. */
  readonly contactSheet?: string;
  /** Absent also when the run is too large to make it by itself (`MOST_ITEMS_BY_ITSELF`). */
  readonly contactPage?: string;
  /** Of the images and the manifest, for `sha256sum -c`. */
  readonly checksums: string;
  /** Delivered files that are no longer in the out folder (at most 100 of them). */
  readonly missing: readonly string[];
}

/**
 * Writes what goes with a run's images: manifest, results sheet, contact sheet and page, checksums. Each is
 * replaced whole, so it can be repeated at any time; a folder's files of these names that are not ours
 * are left alone, and ours take the run's id into their names.
 */
export async function deliverRun(delivery: RunDelivery): Promise<DeliveredRun> {
  const { outFolder, run, title, columns, entries, masters, finisher, maxTiles, isSealed } =
    delivery;
  const { elsewhere } = delivery;
  const titled = { ...(title !== undefined && { title }) };
  await makeFolder(outFolder);
  const nameOf = await namesFor(outFolder, run.runId);
  const count = { entries: 0 };
  const { file: manifest, missing } = await writeManifest({
    outFolder,
    run,
    entries: counted(entries(), count),
    finisher,
    file: nameOf(MANIFEST_FILE),
    ...(elsewhere !== undefined && { elsewhere }),
  });
  const results = await writeResults({
    outFolder,
    columns,
    entries: entries(),
    file: nameOf(RESULTS_FILE),
  });
  const hasPage = count.entries <= MOST_ITEMS_BY_ITSELF;
  const contactSheet = await makeContactSheet({
    outFolder,
    run,
    ...titled,
    entries,
    masters,
    file: nameOf(CONTACT_SHEET_FILE),
    ...(maxTiles === undefined ? {} : { maxTiles }),
    ...(hasPage && { thumbnails: await thumbnailFolder(outFolder, run) }),
  });
  const page =
    contactSheet === undefined || !hasPage
      ? undefined
      : await writeContactPage({ outFolder, sources: [{ run, ...titled, entries, masters }] });
  const shown = {
    ...(contactSheet !== undefined && { contactSheet }),
    ...(page !== undefined && { contactPage: page.file }),
  };
  const checksums = await writeChecksums({
    outFolder,
    manifest,
    others: isSealed === true ? [results, ...Object.values(shown)] : [],
    file: nameOf(CHECKSUMS_FILE),
  });
  return { manifest, results, checksums, missing, ...shown };
}

/** Where the run's page will have its thumbnails. */
async function thumbnailFolder(outFolder: string, { runId }: RunFacts): Promise<string> {
  const page = await pageName(outFolder, CONTACT_PAGE_FILE, runId);
  const folder = join(outFolder, itemsFolderOf(page));
  await makeFolder(folder);
  return folder;
}

/**
 * Makes the folder the run's, so that results may be written there before the run has ended: a manifest
 * is put where there is none. Returns the name of the results sheet.
 */
export async function openDelivery(
  outFolder: string,
  run: RunFacts,
  finisher: Pick<Finisher, 'describe'>,
): Promise<string> {
  await requireOutFolder(outFolder);
  const nameOf = await namesFor(outFolder, run.runId);
  const manifest = nameOf(MANIFEST_FILE);
  if ((await headOf(join(outFolder, manifest))) === undefined) {
    await writeManifest({ outFolder, run, entries: nothing(), finisher, file: manifest });
  }
  return nameOf(RESULTS_FILE);
}

async function* counted(
  entries: AsyncIterable<RunEntry>,
  count: { entries: number },
): AsyncGenerator<RunEntry> {
  for await (const entry of entries) {
    count.entries += 1;
    yield entry;
  }
}

async function* nothing(): AsyncGenerator<RunEntry> {}

/** A manifest of ours makes the other files ours as well: it is written first. */
async function namesFor(outFolder: string, runId: string): Promise<(file: string) => string> {
  const files = [MANIFEST_FILE, RESULTS_FILE, CONTACT_SHEET_FILE, CHECKSUMS_FILE];
  const heads = await Promise.all(files.map((file) => headOf(join(outFolder, file))));
  const isOurs = heads[0]?.includes(MANIFEST_FORMAT) ?? false;
  const isFree = heads.every((head) => head === undefined);
  if (isOurs || isFree) return (file) => file;
  return (file) => withRunId(file, runId);
}

/** The first bytes of a file as text; `undefined` when there is none. */
async function headOf(path: string): Promise<string | undefined> {
  return await storing(path, async () => {
    try {
      await using file = await openToRead(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}
