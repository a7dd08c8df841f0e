import { type Canvas, blendPixel } from './canvas.ts';
import type { Colour } from './colour.ts';

/** An ellipse that fades out from its centre: a shadow on the ground, a patch of mist. */
export function softEllipse(
  canvas: Canvas,
  [centreX, centreY, radiusX, radiusY]: readonly [number, number, number, number],
  colour: Colour,
  alpha: number,
): void {
  const { data, width } = canvas;
  const [red, green, blue] = colour;
  const { left, right, top, bottom } = boxOf(canvas, centreX, centreY, radiusX, radiusY);
  for (let y = top; y <= bottom; y++) {
    const dy = (y - centreY) / radiusY;
    const rest = 1 - dy * dy;
    let index = (y * width + left) * 3;
    for (let x = left; x <= right; x++, index += 3) {
      const dx = (x - centreX) / radiusX;
      const reach = rest - dx * dx;
      if (reach <= 0) continue;
      const share = alpha * reach * reach * (3 - 2 * reach);
      data[index] = data[index]! + (red - data[index]!) * share;
      data[index + 1] = data[index + 1]! + (green - data[index + 1]!) * share;
      data[index + 2] = data[index + 2]! + (blue - data[index + 2]!) * share;
    }
  }
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
  const { left, right, top, bottom } = boxOf(canvas, centreX, centreY, radius, radius);
  for (let y = top; y <= bottom; y++) {
    const dy = (y - centreY) / radius;
    const rest = 1 - dy * dy;
    let index = (y * width + left) * 3;
    for (let x = left; x <= right; x++, index += 3) {
      const dx = (x - centreX) / radius;
      const reach = rest - dx * dx;
      if (reach <= 0) continue;
      const light = strength * reach * reach * reach;
      // Screen blending keeps highlights from clipping into flat patches.
      for (let channel = 0; channel < 3; channel++) {
        const base = data[index + channel]!;
        if (base < 1) data[index + channel] = base + (1 - base) * colour[channel]! * light;
      }
    }
  }
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
  const { left, right, top, bottom } = boxOf(canvas, centreX, centreY, reach, reach);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - centreX;
      const dy = y + 0.5 - centreY;
      const cover = radius + 0.5 - Math.sqrt(dx * dx + dy * dy);
      if (cover > 0) blendPixel(canvas, x, y, colour, alpha * Math.min(1, cover));
    }
  }
}

/** The pixels around a centre that are inside of the picture, last ones included. */
function boxOf(canvas: Canvas, centreX: number, centreY: number, radiusX: number, radiusY: number) {
  return {
    left: Math.max(0, Math.floor(centreX - radiusX)),
    right: Math.min(canvas.width - 1, Math.ceil(centreX + radiusX)),
    top: Math.max(0, Math.floor(centreY - radiusY)),
    bottom: Math.min(canvas.height - 1, Math.ceil(centreY + radiusY)),
  };
}
