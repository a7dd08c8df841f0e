import { formatSize, parseSize, type Size } from '../core/size.ts';
import { bad, good, type Reading } from './reading.ts';

/** Reads `1024x768`, `1024X768`, `1024 × 768`, `1024*768` and `1024` (a square). */
export function readSize(cell: string): Reading<Size> {
  const size = parseSize(cell);
  if (size) return good(size);
  if (/^\s*\d+(?:\.\d+)?\s*[:/]\s*\d+(?:\.\d+)?\s*$/.test(cell)) {
    return bad(
      'This is an aspect ratio, not a size',
      'Name the column aspect_ratio (or --map COLUMN=aspect_ratio), or write a size like 1024x768.',
    );
  }
  const guess = grouped(cell) ?? loose(cell);
  if (!guess) return bad('This is not a size', 'Write width x height in pixels, like 1024x1024.');
  return bad(
    grouped(cell) ? 'A spreadsheet grouped the digits of this size' : 'This is not a size',
    `Write ${formatSize(guess)}.`,
  );
}

/** `1,024x1,024`, `1.024 x 768`. */
function grouped(cell: string): Size | undefined {
  if (!/\d[.,'\u00a0\u202f ]\d{3}(?!\d)/.test(cell)) return undefined;
  return parseSize(cell.replaceAll(/(\d)[.,'\u00a0\u202f ](?=\d{3}(?!\d))/g, '$1'));
}

/** `1024px by 768px`, `1024 768`. */
function loose(cell: string): Size | undefined {
  const sides = /^\D*(\d{2,5})\D+(\d{2,5})\D*$/.exec(cell);
  return sides ? parseSize(`${sides[1]}x${sides[2]}`) : undefined;
}
