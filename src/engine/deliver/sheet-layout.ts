import { ratioOf } from '../core/size.ts';
import type { Size } from '../core/size.ts';

/** Measures of a contact sheet, in pixels. */
export interface SheetLayout {
  readonly columns: number;
  readonly rows: number;
  /** Of a picture; its cell is this and the caption below. */
  readonly tile: Size;
  readonly gap: number;
  readonly caption: number;
  readonly captionType: number;
  readonly header: number;
  readonly width: number;
  readonly height: number;
}

/** Side of a square tile, by how many there are. */
const SIDES = [
  { upTo: 12, side: 384 },
  { upTo: 60, side: 288 },
  { upTo: Number.POSITIVE_INFINITY, side: 224 },
] as const;
/** The sheet is to be about this much wider than high. */
const SHEET_RATIO = 1.4;
/** Below this a header has no room. */
const LEAST_WIDTH = 900;

/**
 * Lays out tiles of about the ratio that most pictures have, so that little stays empty.
 *
 * @param wanted side of a square tile in pixels; by default it follows from how many there are
 */
export function layOut(pictures: readonly Size[], wanted?: number): SheetLayout {
  // Nobody knows the size of a file that is no picture.
  const known = pictures.filter(({ width, height }) => width > 0 && height > 0);
  const ratios = known.map(ratioOf).sort((a, b) => a - b);
  const ratio = Math.min(2, Math.max(0.5, ratios[Math.floor(ratios.length / 2)] ?? 1));
  const count = Math.max(1, pictures.length);
  const side = wanted ?? SIDES.find(({ upTo }) => count <= upTo)?.side ?? 224;
  const tile = {
    width: Math.round(side * Math.sqrt(ratio)),
    height: Math.round(side / Math.sqrt(ratio)),
  };
  const captionType = side >= 288 ? 16 : 14;
  const caption = captionType * 2;
  const gap = Math.round(side / 16);
  const cell = { width: tile.width + gap, height: tile.height + caption + gap };
  const columns = chooseColumns(count, Math.sqrt((count * SHEET_RATIO * cell.height) / cell.width));
  const rows = Math.ceil(count / columns);
  const header = 104;
  return {
    columns,
    rows,
    tile,
    gap,
    caption,
    captionType,
    header,
    width: Math.max(LEAST_WIDTH, columns * (tile.width + gap) + gap),
    height: header + rows * (tile.height + caption + gap) + gap,
  };
}

/** Near `ideal`, and so that the last row is as full as can be. */
function chooseColumns(count: number, ideal: number): number {
  const near = [0, -1, 1].map((step) => Math.min(count, Math.max(1, Math.round(ideal) + step)));
  const cost = (columns: number) =>
    Math.ceil(count / columns) * columns - count + Math.abs(columns - ideal);
  return near.reduce((best, columns) => (cost(columns) < cost(best) ? columns : best));
}
