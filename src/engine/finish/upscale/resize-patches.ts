import type { Size } from '../../core/size.ts';
import { lanczosTaps, resample, type Taps } from './lanczos.ts';
import { COLOURS, type PatchSource } from './patch.ts';

/** A source in another size by Lanczos, whose areas are worked out when they are asked for. */
export function resizePatches(source: PatchSource, { width, height }: Size): PatchSource {
  return {
    width,
    height,
    read: async (area) => {
      const across = lanczosTaps(source.width, width, { from: area.left, many: area.width });
      const down = lanczosTaps(source.height, height, { from: area.top, many: area.height });
      const columns = seenBy(across);
      const rows = seenBy(down);
      const patch = await source.read({
        left: columns.from,
        width: columns.many,
        top: rows.from,
        height: rows.many,
      });
      const planes = new Float32Array(COLOURS * area.width * area.height);
      for (let colour = 0; colour < COLOURS; colour += 1) {
        resample({
          across: moved(across, -columns.from),
          down: moved(down, -rows.from),
          channels: 1,
          read: (y, row) => {
            const start = (colour * patch.height + y) * patch.width;
            row.set(patch.planes.subarray(start, start + patch.width));
          },
          write: (y, row) => planes.set(row, (colour * area.height + y) * area.width),
        });
      }
      return { planes, width: area.width, height: area.height };
    },
  };
}

/** What of a line has a say in any of the results. */
function seenBy({ count, first }: Taps): { readonly from: number; readonly many: number } {
  const from = first[0]!;
  return { from, many: first.at(-1)! + count - from };
}

function moved(taps: Taps, by: number): Taps {
  return { ...taps, first: taps.first.map((first) => first + by) };
}
