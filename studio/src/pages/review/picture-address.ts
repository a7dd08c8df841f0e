/** Where an image's pictures are. */
import type { Tile } from '../../queries/reviews.ts';

export function masterOf(run: string, { item }: Pick<Tile, 'item'>): string {
  return `/v1/runs/${run}/items/${item}/image`;
}

/** `width`: pixels of its longest side. */
export function thumbnailOf(
  run: string,
  { item, version }: Pick<Tile, 'item' | 'version'>,
  width = 360,
): string {
  return `/v1/runs/${run}/items/${item}/thumbnail?width=${width}&version=${version ?? '0'}`;
}

/** What it is for somebody who does not see it. */
export function altOf({ row, index, model, prompt }: Tile): string {
  return `Row ${row}, image ${index}, ${model}: ${prompt ?? ''}`;
}
