import type { Size } from '../../core/size.ts';
import type { RawPicture } from '../raw-picture.ts';

/** A part of a picture, in its pixels. */
export interface Area extends Size {
  readonly left: number;
  readonly top: number;
}

/** Colours of an area: three planes (red, green, blue), row by row, black 0 and white 1. */
export interface Patch extends Size {
  readonly planes: Float32Array;
}

/** A picture of which parts can be had, at whatever effort. */
export interface PatchSource extends Size {
  /** The area must lie within the picture. */
  readonly read: (area: Area) => Promise<Patch>;
}

export const COLOURS = 3;
const WHITE = 255;

export function picturePatches({ data, width, height, channels }: RawPicture): PatchSource {
  return {
    width,
    height,
    read: (area) => {
      const size = area.width * area.height;
      const planes = new Float32Array(COLOURS * size);
      for (let y = 0, to = 0; y < area.height; y += 1) {
        let at = ((area.top + y) * width + area.left) * channels;
        for (let x = 0; x < area.width; x += 1, to += 1, at += channels) {
          planes[to] = data[at]! / WHITE;
          planes[to + size] = data[at + 1]! / WHITE;
          planes[to + 2 * size] = data[at + 2]! / WHITE;
        }
      }
      return Promise.resolve({ planes, width: area.width, height: area.height });
    },
  };
}

/**
 * Works out a picture area by area, none wider or higher than `side`. With four channels, the alpha of
 * the result is left at 0.
 */
export async function drawPatches(
  source: PatchSource,
  channels: 3 | 4,
  side: number,
): Promise<RawPicture> {
  const { width, height } = source;
  const data = new Uint8Array(width * height * channels);
  for (const down of evenParts(height, side)) {
    for (const across of evenParts(width, side)) {
      const area = { left: across.from, width: across.many, top: down.from, height: down.many };
      drawPatch(await source.read(area), area, { data, width, channels });
    }
  }
  return { data, width, height, channels };
}

/** As few parts as can be, all about as long: a narrow last one would be mostly rim. */
function evenParts(size: number, most: number): { readonly from: number; readonly many: number }[] {
  const parts = Math.ceil(size / most);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.round((part * size) / parts);
    return { from, many: Math.round(((part + 1) * size) / parts) - from };
  });
}

function drawPatch(
  { planes }: Patch,
  area: Area,
  { data, width, channels }: Pick<RawPicture, 'data' | 'width' | 'channels'>,
): void {
  const size = area.width * area.height;
  for (let y = 0, from = 0; y < area.height; y += 1) {
    let at = ((area.top + y) * width + area.left) * channels;
    for (let x = 0; x < area.width; x += 1, from += 1, at += channels) {
      data[at] = byteOf(planes[from]!);
      data[at + 1] = byteOf(planes[from + size]!);
      data[at + 2] = byteOf(planes[from + 2 * size]!);
    }
  }
}

function byteOf(value: number): number {
  if (value <= 0) return 0;
  return value >= 1 ? WHITE : Math.trunc(value * WHITE + 0.5);
}
