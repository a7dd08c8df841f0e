/** An item as the page's script reads it; `page/items.js` is its only reader. Absent: there is none. */
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromMicros } from '../../core/credits.ts';
import { flagText } from '../../core/flag.ts';
import type { FlagKind } from '../../core/flag.ts';
import type { ItemState } from '../../core/outcome.ts';
import { referenceLabel } from '../../core/reference.ts';
import type { SkippedRow } from '../../core/row.ts';
import type { ContactItem } from '../contact-item.ts';

export interface PageItem {
  /** Place of its source in `PageFacts.sources`. */
  readonly source: number;
  readonly row: number;
  /** Which of the row's images, from 1; absent: the only one. */
  readonly index?: number;
  readonly name?: string;
  readonly state: ItemState | 'skipped';
  /** Why it is in this state. */
  readonly reason?: string;
  /** The row's prompt. */
  readonly prompt: string;
  /** As it was sent, where that differs. */
  readonly sent?: string;
  readonly negative?: string;
  readonly model?: string;
  /** Of the picture, or as asked where there is none. */
  readonly width?: number;
  readonly height?: number;
  readonly quality?: string;
  readonly seed?: number;
  readonly references?: readonly string[];
  readonly credits?: number;
  readonly usd?: number;
  /** The delivered file as a relative address, encoded. */
  readonly file?: string;
  /** Address of its thumbnail. */
  readonly thumbnail?: string;
  /** Kinds for the filter, words for people. */
  readonly flags?: readonly (readonly [kind: FlagKind | 'not-finished', words: string])[];
}

/** What surrounds an item on the page. */
export interface ItemPlace {
  readonly source: number;
  /** Folder of the page. */
  readonly outFolder: string;
  /** Folder in which the item's file lies. */
  readonly folder: string;
  readonly thumbnail?: string;
  /** Why there is no thumbnail of a delivered item. */
  readonly trouble?: string;
}

export function pageItem(item: ContactItem, place: ItemPlace): PageItem {
  const { row, image, sentPrompt, negativePrompt, references = [] } = item;
  const { width, height } = image ?? item.size;
  const name = row.name?.trim();
  const reason = place.trouble ?? item.reason;
  const flags = flagsOf(item);
  return {
    source: place.source,
    row: row.number,
    ...(item.count > 1 && { index: item.index }),
    ...(name && { name }),
    state: item.state,
    ...(reason !== undefined && { reason }),
    prompt: row.prompt,
    ...(sentPrompt !== row.prompt && { sent: sentPrompt }),
    ...(negativePrompt && { negative: negativePrompt }),
    ...(item.model !== '' && { model: item.model }),
    ...(width > 0 && { width, height }),
    ...(item.quality !== '' && { quality: item.quality }),
    ...(item.seed !== undefined && { seed: item.seed }),
    ...(references.length > 0 && { references: references.map(referenceLabel) }),
    ...(item.creditMicros > 0 && { credits: fromMicros(item.creditMicros) }),
    ...(item.usdMicros && { usd: fromMicros(item.usdMicros) }),
    ...(item.file !== undefined && {
      file: addressOf(place.outFolder, place.folder, item.file),
    }),
    ...(place.thumbnail !== undefined && { thumbnail: place.thumbnail }),
    ...(flags.length > 0 && { flags }),
  };
}

export function skippedItem(row: SkippedRow, source: number): PageItem {
  return { source, row: row.number, state: 'skipped', reason: row.reason, prompt: '' };
}

function flagsOf({ flags = [], finishFailure }: ContactItem): NonNullable<PageItem['flags']> {
  const found = flags.map((flag) => [flag.kind, flagText(flag)] as const);
  if (finishFailure === undefined) return found;
  return [...found, ['not-finished', `not finished: ${finishFailure}`]];
}

/** The address of `file` (with `/` between folders) as a link of a page in `outFolder` says it. */
export function addressOf(outFolder: string, folder: string, file: string): string {
  const way = relative(outFolder, folder);
  // Another drive of Windows has no relative way to it.
  if (/^[a-z]:/i.test(way)) return `${pathToFileURL(folder).href}/${encodeSegments(file)}`;
  return encodeSegments([...(way === '' ? [] : way.split(sep)), file].join('/'));
}

function encodeSegments(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
