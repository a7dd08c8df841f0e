import { COLOURS, type Area, type Patch, type PatchSource } from './patch.ts';
import type { Doubler } from './open-doubler.ts';

const FACTOR = 2;

/** A source twice as wide and high, whose areas are worked out when they are asked for. */
export function doublePatches(source: PatchSource, doubler: Doubler): PatchSource {
  return {
    width: source.width * FACTOR,
    height: source.height * FACTOR,
    read: async (area) => {
      const seen = seenBy(area, doubler.reach);
      const patch = await doubler.double(await readBeyond(source, seen));
      return cut(patch, {
        left: area.left - seen.left * FACTOR,
        top: area.top - seen.top * FACTOR,
        width: area.width,
        height: area.height,
      });
    },
  };
}

/** What of the source has a say in an area of the result. */
function seenBy({ left, top, width, height }: Area, reach: number): Area {
  const [x, y] = [Math.floor(left / FACTOR) - reach, Math.floor(top / FACTOR) - reach];
  return {
    left: x,
    top: y,
    width: Math.ceil((left + width) / FACTOR) + reach - x,
    height: Math.ceil((top + height) / FACTOR) + reach - y,
  };
}

/** Reads an area that may lie beyond the border: what is outside is like the border. */
async function readBeyond(source: PatchSource, area: Area): Promise<Patch> {
  const left = Math.max(0, area.left);
  const top = Math.max(0, area.top);
  const width = Math.min(source.width, area.left + area.width) - left;
  const height = Math.min(source.height, area.top + area.height) - top;
  const inside = await source.read({ left, top, width, height });
  if (width === area.width && height === area.height) return inside;
  const planes = new Float32Array(COLOURS * area.width * area.height);
  for (let colour = 0, to = 0; colour < COLOURS; colour += 1) {
    for (let y = area.top; y < area.top + area.height; y += 1) {
      const row = (colour * height + clamp(y - top, height)) * width;
      for (let x = area.left; x < area.left + area.width; x += 1, to += 1) {
        planes[to] = inside.planes[row + clamp(x - left, width)]!;
      }
    }
  }
  return { planes, width: area.width, height: area.height };
}

function clamp(place: number, size: number): number {
  return Math.min(Math.max(place, 0), size - 1);
}

function cut(patch: Patch, { left, top, width, height }: Area): Patch {
  const planes = new Float32Array(COLOURS * width * height);
  for (let colour = 0; colour < COLOURS; colour += 1) {
    for (let y = 0; y < height; y += 1) {
      const from = (colour * patch.height + top + y) * patch.width + left;
      planes.set(patch.planes.subarray(from, from + width), (colour * height + y) * width);
    }
  }
  return { planes, width, height };
}
