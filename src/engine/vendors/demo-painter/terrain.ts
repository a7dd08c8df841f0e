import type { Canvas } from './canvas.ts';
import { type Colour, clamp01 } from './colour.ts';

/** A landscape of heights, seen from `eye` above the ground; distances and heights in one unit. */
export interface Terrain {
  /** Row of the horizon, in pixels. */
  readonly horizon: number;
  readonly near: number;
  readonly far: number;
  readonly eye: number;
  /** Pixels that one unit covers at distance 1. */
  readonly scale: number;
  /** How many distances are looked at. */
  readonly steps: number;
  /** No row below this one is painted. */
  readonly bottom: number;
  height(across: number, distance: number): number;
  /** Colour of a place; slopes are height gained per unit to the right and away. */
  colour(
    out: [number, number, number],
    height: number,
    slopeRight: number,
    slopeAway: number,
    distance: number,
    across: number,
  ): void;
  readonly haze: Colour;
  /** Share of haze at a distance, 0 to 1. */
  fog(distance: number): number;
}

/**
 * Paints the landscape from near to far: each column keeps the highest row painted so far, and a
 * farther place is seen only where it stands out above it. Shades between two distances are blended,
 * so that few distances look smooth.
 */
export function paintTerrain(canvas: Canvas, terrain: Terrain): void {
  const { width } = canvas;
  const top = new Float32Array(width).fill(terrain.bottom);
  let before = new Float32Array((width + 1) * 4);
  let now = new Float32Array((width + 1) * 4);
  const seen = new Uint8Array(width);
  const edge = new Float32Array(width * 4);
  const shade: [number, number, number] = [0, 0, 0];
  const growth = (terrain.far / terrain.near) ** (1 / terrain.steps);
  let distance = terrain.near;
  for (let step = 0; step <= terrain.steps; step++, distance *= growth) {
    const perPixel = distance / terrain.scale;
    const away = distance - distance / growth;
    const fog = clamp01(terrain.fog(distance));
    let left = terrain.height((-1 - width / 2) * perPixel, distance);
    for (let x = 0; x < width; x++) {
      const across = (x - width / 2) * perPixel;
      const height = terrain.height(across, distance);
      const index = x * 4;
      const slopeRight = (height - left) / perPixel;
      left = height;
      now[index + 3] = height;
      const row = terrain.horizon - ((height - terrain.eye) * terrain.scale) / distance;
      // Most places are hidden by nearer ones: their colour is never asked for.
      if (row >= top[x]!) {
        seen[x] = 0;
        continue;
      }
      const slopeAway = step === 0 ? 0 : (height - before[index + 3]!) / away;
      terrain.colour(shade, height, slopeRight, slopeAway, distance, across);
      now[index] = shade[0] + (terrain.haze[0] - shade[0]) * fog;
      now[index + 1] = shade[1] + (terrain.haze[1] - shade[1]) * fog;
      now[index + 2] = shade[2] + (terrain.haze[2] - shade[2]) * fog;
      paintColumn(canvas, x, row, top[x]!, now, seen[x] === 1 ? before : now, edge);
      top[x] = row;
      seen[x] = 1;
    }
    [before, now] = [now, before];
  }
}

/**
 * The rows from `to` up to `from`, blending from the shade of the nearer place to the farther one.
 * The row that `to` cuts is shared with what stands in front, whose shade is kept in `edge`.
 */
function paintColumn(
  canvas: Canvas,
  x: number,
  from: number,
  to: number,
  far: Float32Array,
  near: Float32Array,
  edge: Float32Array,
): void {
  const { data, width } = canvas;
  const index = x * 4;
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(canvas.height - 1, Math.ceil(to) - 1);
  const span = Math.max(1, to - from);
  const isCut = edge[index + 3] === 1;
  for (let y = first; y <= last; y++) {
    const share = Math.min(1, Math.max(0, (to - y - 0.5) / span));
    // Only the silhouette's own row is covered in part; rows below it are opaque.
    const cover = y < from ? y + 1 - from : 1;
    const front = isCut && y + 1 > to ? (y + 1 - to) / cover : 0;
    const pixel = (y * width + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const low = near[index + channel]!;
      const own = low + (far[index + channel]! - low) * share;
      const value = own + (edge[index + channel]! - own) * front;
      data[pixel + channel] = data[pixel + channel]! + (value - data[pixel + channel]!) * cover;
      if (y === first) edge[index + channel] = value;
    }
  }
  edge[index + 3] = 1;
}
