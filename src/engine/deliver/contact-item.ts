import type { ItemRecord } from '../core/item-record.ts';
import type { ImageFacts } from '../core/outcome.ts';
import type { SkippedRow } from '../core/row.ts';

/** An item as contact sheets need it: of its picture only the name and the size. */
export type ContactItem = Omit<ItemRecord, 'image'> & {
  readonly image?: Pick<ImageFacts, 'hash' | 'width' | 'height'>;
};

/** What a contact sheet is made of, in the order of the sheet; a run's own entries are such. */
export type ContactEntry = ContactItem | SkippedRow;

export function isContactItem(entry: ContactEntry): entry is ContactItem {
  return 'itemId' in entry;
}
