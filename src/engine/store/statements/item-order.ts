import { type RawBuilder, sql, type SqlBool } from 'kysely';

/** The place of an item in the order of the sheet: an image that was sent may share it with a new one. */
export interface ItemPlace {
  readonly number: number;
  readonly index: number;
  readonly id: string;
}

/** Items after a place, ordered by row, image and id: where the next page begins. */
export function isAfter({ number, index, id }: ItemPlace): RawBuilder<SqlBool> {
  return sql<SqlBool>`(items.row_number, items.image_index, items.id) > (${number}, ${index}, ${id})`;
}
