import { noItems } from '../core/outcome.ts';
import type { ItemState } from '../core/outcome.ts';
import { isContactItem } from './contact-item.ts';
import type { ContactEntry, ContactItem } from './contact-item.ts';

/** What a contact sheet shows of a run. */
export interface PickedTiles {
  readonly tiles: readonly ContactItem[];
  /** Items that could have been shown. */
  readonly showable: number;
  readonly counts: Readonly<Record<ItemState, number>>;
}

/** Items that have come to something: an image, or a reason why there is none. */
const SHOWN: ReadonlySet<ItemState> = new Set(['delivered', 'refused', 'failed', 'unknown']);

/** Canaries all look alike: they are not shown. */
function isImage(entry: ContactEntry): entry is ContactItem {
  return isContactItem(entry) && entry.canary === undefined;
}

/**
 * At most `most` items, spread evenly over the run in the order of its sheet. The run is read twice, so
 * that only what is picked has to be kept.
 */
export async function pickTiles(
  entries: () => AsyncIterable<ContactEntry>,
  most: number,
): Promise<PickedTiles> {
  const counts = noItems();
  for await (const entry of entries()) if (isImage(entry)) counts[entry.state] += 1;
  const showable = [...SHOWN].reduce((sum, state) => sum + counts[state], 0);

  const tiles: ContactItem[] = [];
  let place = 0;
  for await (const entry of entries()) {
    if (!isImage(entry) || !SHOWN.has(entry.state)) continue;
    // The place where the next of `most` evenly spread tiles is due; items may have been added since.
    const isDue = place >= Math.floor((tiles.length * showable) / Math.min(most, showable || 1));
    if (isDue && tiles.length < most) tiles.push(entry);
    place += 1;
  }
  return { tiles, showable, counts };
}
