import type { RawPicture } from '../raw-picture.ts';
import type { PatchSource } from './patch.ts';

/** Whether no pixel has any colour. */
export function isGrey({ data, channels }: RawPicture): boolean {
  for (let at = 0; at < data.length; at += channels) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/** A network gives greys a breath of colour; this takes it away. Rec. 601 weights, as everywhere. */
export function greyPatches(source: PatchSource): PatchSource {
  return {
    ...source,
    read: async (area) => {
      const patch = await source.read(area);
      const size = patch.width * patch.height;
      const planes = new Float32Array(patch.planes.length);
      for (let at = 0; at < size; at += 1) {
        const [red, green, blue] = [at, at + size, at + 2 * size];
        planes[red] =
          0.299 * patch.planes[red]! + 0.587 * patch.planes[green]! + 0.114 * patch.planes[blue]!;
      }
      planes.copyWithin(size, 0, size);
      planes.copyWithin(2 * size, 0, size);
      return { ...patch, planes };
    },
  };
}
