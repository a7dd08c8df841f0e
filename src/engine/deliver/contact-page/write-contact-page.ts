/**
 * The contact sheet as a page for a browser: `contact-sheet.html`, and beside it a folder of the same
 * name with thumbnails and the items as scripts (a page that was opened from a disk may fetch nothing,
 * but it may load scripts). It reaches for no network.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RunFacts } from '../../core/item-record.ts';
import { noItems } from '../../core/outcome.ts';
import { makeFolder, writeNew, writeWhole } from '../../ports/whole-file.ts';
import { isContactItem } from '../contact-item.ts';
import type { ContactEntry } from '../contact-item.ts';
import type { Masters } from '../masters.ts';
import { mapInOrder } from '../map-in-order.ts';
import { pageHtml, scriptText } from './page-html.ts';
import type { PageFacts, SourceFacts } from './page-html.ts';
import { pageItem, skippedItem } from './page-item.ts';
import type { PageItem } from './page-item.ts';
import { CONTACT_PAGE_FILE, itemsFolderOf, pageName } from './page-names.ts';
import { removeOldPieces } from './remove-old-pieces.ts';
import { makeThumbnail } from './thumbnails.ts';

/** A run, or a folder that is shown like one. */
export interface PageSource {
  readonly run: RunFacts;
  /** What people call it. Default: `Run ID`. */
  readonly title?: string;
  /** Gives the items from the first; it is asked once. */
  readonly entries: () => AsyncIterable<ContactEntry>;
  readonly masters: Masters;
  /** Where the items' files lie. Default: the folder of the page. */
  readonly folder?: string;
}

export interface ContactPageOrder {
  /** The folder of the page. Made where it is not there. */
  readonly outFolder: string;
  /** Several are shown side by side, row by row. */
  readonly sources: readonly PageSource[];
  /** Default: `contact-sheet.html`. An older page of ours is replaced, never another file: `pageName`. */
  readonly file?: string;
  /** Longest side of a thumbnail in pixels. Default: 360. */
  readonly thumbnailSide?: number;
  /** Told after each item. */
  readonly onItem?: (items: number) => void;
}

export interface WrittenPage {
  readonly file: string;
  /** On the page. */
  readonly items: number;
  /** Of them, those with a picture; the others say why they have none. */
  readonly pictures: number;
  /** Thumbnails that were made; the others were there. */
  readonly thumbnails: number;
}

/** Items of one script: about 0.5 MB with usual prompts. */
const ITEMS_A_PIECE = 1_000;
/** Pictures worked on at a time; each is decoded in strips, so they need little memory. */
const AT_ONCE = availableParallelism() * 2;

/**
 * Writes the page, its items and the thumbnails that are missing, the page itself last: until then an
 * older one of the same name goes on working. Everything is written whole, and what is there already is
 * never changed. Memory is bounded by one script of items. `undefined`: there is nothing to show.
 * Throws `StorageError`.
 */
export async function writeContactPage(order: ContactPageOrder): Promise<WrittenPage | undefined> {
  const { outFolder, sources } = order;
  const id = sources[0]?.run.runId ?? '';
  const file = await pageName(outFolder, order.file ?? CONTACT_PAGE_FILE, id);
  const folder = itemsFolderOf(file);
  await makeFolder(join(outFolder, folder));
  const count = { items: 0, pictures: 0, thumbnails: 0 };
  const pieces: string[] = [];
  const facts: SourceFacts[] = [];
  let gathered: string[] = [];
  const endPiece = async (): Promise<void> => {
    if (gathered.length > 0) pieces.push(await writePiece(join(outFolder, folder), gathered));
    gathered = [];
  };
  for (const [at, source] of sources.entries()) {
    const sums = { credits: 0, usd: 0, counts: { ...noItems(), skipped: 0 } };
    const made = mapInOrder(shown(source.entries()), AT_ONCE, (entry) =>
      describe(entry, { order, source, at, folder }),
    );
    for await (const { item, isNew } of made) {
      count.items += 1;
      if (item.thumbnail !== undefined) count.pictures += 1;
      if (isNew) count.thumbnails += 1;
      sums.counts[item.state] += 1;
      sums.credits += item.credits ?? 0;
      sums.usd += item.usd ?? 0;
      gathered.push(JSON.stringify(item));
      if (gathered.length >= ITEMS_A_PIECE) await endPiece();
      order.onItem?.(count.items);
    }
    facts.push(sourceFacts(source, sums));
  }
  await endPiece();
  if (count.items === 0) return undefined;
  const page: PageFacts = { sources: facts, items: count.items };
  const html = await pageHtml(
    page,
    pieces.map((piece) => `${encodeURIComponent(folder)}/${piece}`),
  );
  await writeWhole(join(outFolder, file), Buffer.from(html));
  await removeOldPieces(join(outFolder, folder), pieces);
  return { file, ...count };
}

/** Canaries all look alike: they are not shown. */
async function* shown(entries: AsyncIterable<ContactEntry>): AsyncGenerator<ContactEntry> {
  for await (const entry of entries) {
    if (!isContactItem(entry) || entry.canary === undefined) yield entry;
  }
}

interface Place {
  readonly order: ContactPageOrder;
  readonly source: PageSource;
  readonly at: number;
  readonly folder: string;
}

async function describe(
  entry: ContactEntry,
  { order, source, at, folder }: Place,
): Promise<{ readonly item: PageItem; readonly isNew: boolean }> {
  if (!isContactItem(entry)) return { item: skippedItem(entry, at), isNew: false };
  const { outFolder, thumbnailSide } = order;
  const place = { source: at, outFolder, folder: source.folder ?? outFolder };
  if (entry.state !== 'delivered' || entry.image === undefined) {
    return { item: pageItem(entry, place), isNew: false };
  }
  const { hash } = entry.image;
  const made = await makeThumbnail(source.masters, hash, join(outFolder, folder), thumbnailSide);
  if (made.kind === 'none') {
    return { item: pageItem(entry, { ...place, trouble: made.reason }), isNew: false };
  }
  const thumbnail = `${encodeURIComponent(folder)}/${made.file}`;
  return { item: pageItem(entry, { ...place, thumbnail }), isNew: made.kind === 'made' };
}

function sourceFacts(
  { run, title }: PageSource,
  sums: Pick<SourceFacts, 'credits' | 'usd' | 'counts'>,
): SourceFacts {
  return {
    id: run.runId,
    title: title ?? `Run ${run.runId}`,
    createdAt: run.createdAt,
    generator: run.generator,
    ...sums,
  };
}

/** Named by its content: a piece that is there is the same piece. */
async function writePiece(folder: string, items: readonly string[]): Promise<string> {
  const bytes = Buffer.from(scriptText(items));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const piece = `items-${hash}.js`;
  await writeNew(join(folder, piece), bytes);
  return piece;
}
