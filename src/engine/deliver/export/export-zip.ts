import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_ITEMS_BY_ITSELF } from '../../core/contact-page.ts';
import { finishKey } from '../../core/finishing.ts';
import type { ItemRecord } from '../../core/item-record.ts';
import { makeFolder, storing, temporaryPath } from '../../ports/whole-file.ts';
import { itemsFolderOf } from '../contact-page/page-names.ts';
import { writeContactPage } from '../contact-page/write-contact-page.ts';
import { makeContactSheet } from '../contact-sheet.ts';
import { nameOfFile, possibleStems } from '../item-names.ts';
import { MANIFEST_FILE, MANIFEST_TAIL, manifestHead, manifestLine } from '../manifest.ts';
import { RESULTS_FILE, type RunEntry, writeResults } from '../results-sheet.ts';
import { sheetNames } from '../own-names.ts';
import { NameRegistry } from '../unique-name.ts';
import { checksumLine, CHECKSUMS_FILE, sha256OfFile } from './checksums.ts';
import { openExport, type ExportOrder } from './export-place.ts';
import { ExportTally, type Exported, withFiles } from './export-tally.ts';
import {
  type ExportedFile,
  type ExportSource,
  type ExportWatch,
  finishEntries,
} from './finish-entries.ts';
import { GrowingFile } from './growing-file.ts';
import { ZipFile } from './zip-file.ts';

/**
 * Packs a run into a ZIP archive: its images under their delivered names, results, manifest, contact
 * sheet (up to 1,000 images as a page as well) and checksums. Nothing has its name until it is whole and
 * flushed. The same run, settings and name template give the same bytes. In memory are a few pictures,
 * and about 700 bytes a file: its name, and its entry for the archive's directory.
 */
export async function exportZip(
  source: ExportSource,
  order: ExportOrder,
  watch: ExportWatch = {},
): Promise<Exported> {
  await using place = await openExport(order, 'file');
  await using work = temporaryPath(place.folder);
  await makeFolder(work.path);
  await using zip = await ZipFile.create({
    path: place.path,
    at: source.run.createdAt,
    about: order.path,
  });
  await using checksums = await GrowingFile.create(join(work.path, CHECKSUMS_FILE), order.path);
  const making: Making = {
    source,
    folder: work.path,
    zip,
    checksums,
    tally: new ExportTally(),
    shown: [],
  };
  await addImages(making, watch);
  await addSheets(making);
  watch.signal?.throwIfAborted();
  await zip.end();
  return making.tally.ended(await place.name());
}

interface Making {
  readonly source: ExportSource;
  /** For the sheets, until they are in the archive. */
  readonly folder: string;
  readonly zip: ZipFile;
  readonly checksums: GrowingFile;
  readonly tally: ExportTally;
  /** The run's entries with their files here, as long as they are few enough for a page. */
  readonly shown: RunEntry[];
}

/** Images, with the lines about them gathered beside; the results are written as they come. */
async function addImages(making: Making, watch: ExportWatch): Promise<void> {
  const { source, folder, zip, checksums, tally, shown } = making;
  await using manifest = await GrowingFile.create(join(folder, MANIFEST_FILE));
  const names = new NameRegistry(sheetNames(source.run.runId));
  let separator = '\n';

  const add = async function* (): AsyncGenerator<RunEntry> {
    for await (const entry of finishEntries(source, watch)) {
      tally.add(entry);
      if (entry.kind === 'none') yield entry.entry;
      else if (entry.kind === 'lost') yield tally.lost(entry);
      else {
        const files = named(source, entry.record, entry.files, names);
        const record = { ...entry.record, finishedBy: finishKey(source.settings) };
        for (const { file, bytes, ...facts } of files) {
          await zip.addStored(file, bytes);
          const line = manifestLine({ file, ...facts, bytes: bytes.length }, record);
          await manifest.append(Buffer.from(separator + line));
          await checksums.append(Buffer.from(checksumLine({ sha256: facts.sha256, file })));
          separator = ',\n';
        }
        yield withFiles(record, files);
      }
    }
  };
  const noted = async function* (): AsyncGenerator<RunEntry> {
    for await (const entry of add()) {
      if (shown.length <= MOST_ITEMS_BY_ITSELF) shown.push(entry);
      yield entry;
    }
  };
  await manifest.append(Buffer.from(manifestHead(source.run)));
  await writeResults({ outFolder: folder, columns: source.columns, entries: noted() });
  await manifest.append(Buffer.from(MANIFEST_TAIL));
  await manifest.end();
}

async function addSheets(making: Making): Promise<void> {
  const { source, folder, zip, checksums } = making;
  const { run, entries, masters } = source;
  const sheets = [RESULTS_FILE, MANIFEST_FILE];
  const contactSheet = await makeContactSheet({ outFolder: folder, run, entries, masters });
  if (contactSheet !== undefined) sheets.push(contactSheet, ...(await makePage(making)));
  for (const file of sheets) {
    const path = join(folder, file);
    await checksums.append(Buffer.from(checksumLine({ sha256: await sha256OfFile(path), file })));
    await zip.addDeflated(file, path);
  }
  await checksums.end();
  await zip.addDeflated(CHECKSUMS_FILE, join(folder, CHECKSUMS_FILE));
}

/** The contact sheet as a page, with all that belongs to it. */
async function makePage({ source, folder, shown }: Making): Promise<string[]> {
  if (shown.length > MOST_ITEMS_BY_ITSELF) return [];
  const { run, masters } = source;
  const entries = async function* (): AsyncGenerator<RunEntry> {
    yield* shown;
  };
  const page = await writeContactPage({ outFolder: folder, sources: [{ run, entries, masters }] });
  if (page === undefined) return [];
  const items = itemsFolderOf(page.file);
  const names = await storing(folder, () => readdir(join(folder, items)));
  return [page.file, ...names.toSorted().map((name) => `${items}/${name}`)];
}

type NamedFile = ExportedFile & { readonly file: string };

/** All files of an image take their names from one stem; an archive has each name once. */
function named(
  { run, settings, rows }: ExportSource,
  record: ItemRecord,
  files: readonly ExportedFile[],
  names: NameRegistry,
): readonly NamedFile[] {
  const facts = { record, run, nameTemplate: settings.nameTemplate, rows };
  for (const stem of possibleStems(facts, files[0]!)) {
    const candidates = files.map((each) => ({ ...each, file: nameOfFile(stem, each) }));
    if (!candidates.every(({ file }) => names.isFree(file, record.itemId))) continue;
    for (const { file } of candidates) names.enter(file, record.itemId);
    return candidates;
  }
  throw new Error(`no free name for ${record.itemId}`);
}
