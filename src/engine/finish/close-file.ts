import type { MarkOrder } from '../core/finisher.ts';
import { carryMarks, type MarkedFile } from './mark/carry-marks.ts';

/** What goes into a file after its pixels: its marks. `file` may be the master itself. */
export async function closeFile(
  master: Uint8Array,
  file: Uint8Array,
  marks: MarkOrder,
): Promise<MarkedFile> {
  return carryMarks(master, file, marks);
}
