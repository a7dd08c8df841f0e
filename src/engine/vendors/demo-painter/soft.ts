import { type Canvas, blendPixel } from './canvas.ts';
import type { Colour } from './colour.ts';

/** An ellipse that fades out from its centre: a shadow on the ground, a patch of mist. */
export function softEllipse(
  canvas: Canvas,
  [centreX, centreY, radiusX, radiusY]: readonly [number, number, number, number],
  colour: Colour,
  alpha: number,
): void {
  overBox(canvas, centreX, centreY, radiusX, radiusY, (x, y) => {
    const dx = (x - centreX) / radiusX;
    const dy = (y - centreY) / radiusY;
    const reach = 1 - dx * dx - dy * dy;
    if (reach > 0) blendPixel(canvas, x, y, colour, alpha * reach * reach * (3 - 2 * reach));
  });
}

/** Light added around a point (it brightens, and never darkens). */
export function glow(
  canvas: Canvas,
  centreX: number,
  centreY: number,
  radius: number,
  colour: Colour,
  strength: number,
): void {
  const { data, width } = canvas;
  overBox(canvas, centreX, centreY, radius, radius, (x, y) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    const reach = 1 - dx * dx - dy * dy;
    if (reach <= 0) return;
    const light = strength * reach * reach * reach;
    const index = (y * width + x) * 3;
    // Screen blending keeps highlights from clipping into flat patches.
    for (let channel = 0; channel < 3; channel++) {
      const base = data[index + channel]!;
      data[index + channel] = base + (1 - Math.min(1, base)) * colour[channel]! * light;
    }
  });
}

/** A small antialiased disc, much cheaper than an outline. */
export function disc(
  canvas: Canvas,
  centreX: number,
  centreY: number,
  radius: number,
  colour: Colour,
  alpha = 1,
): void {
  if (radius < 0.6) {
    blendPixel(canvas, centreX | 0, centreY | 0, colour, alpha * radius * radius * 2.7);
    return;
  }
  const reach = radius + 1;
  overBox(canvas, centreX, centreY, reach, reach, (x, y) => {
    const distance = Math.hypot(x + 0.5 - centreX, y + 0.5 - centreY);
    const cover = radius + 0.5 - distance;
    if (cover > 0) blendPixel(canvas, x, y, colour, alpha * Math.min(1, cover));
  });
}

function overBox(
  canvas: Canvas,
  centreX: number,
  centreY: number,
  radiusX: number,
  radiusY: number,
  visit: (x: number, y: number) => void,
): void {
  const left = Math.max(0, Math.floor(centreX - radiusX));
  const right = Math.min(canvas.width - 1, Math.ceil(centreX + radiusX));
  const top = Math.max(0, Math.floor(centreY - radiusY));
  const bottom = Math.min(canvas.height - 1, Math.ceil(centreY + radiusY));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) visit(x, y);
  }
}
