import type { Colour } from './colour.ts';
import type { Sun } from './sky.ts';
import type { Stage } from './stage.ts';

export interface Water {
  /** Row of the far shore or horizon; everything below is water. */
  readonly top: number;
  readonly bottom?: number;
  /** Its own colour, seen most where one looks down on it. */
  readonly colour: Colour;
  /** Height of the waves: 0.3 a still lake, 1 a light sea. */
  readonly waves: number;
  readonly sun?: Sun;
}

/**
 * Mirrors what is painted above `top`, broken by waves that lie on a plane in perspective, and adds
 * the sun's path of glitter.
 */
export function paintWater(stage: Stage, water: Water): void {
  const { canvas, noise, unit, width, palette } = stage;
  const { data } = canvas;
  const top = Math.max(1, Math.round(water.top));
  const bottom = Math.min(stage.height, Math.round(water.bottom ?? stage.height));
  const shift = stage.chance() * 60;
  const [red, green, blue] = water.colour;
  const [sunRed, sunGreen, sunBlue] = palette.sun;
  const glitter = palette.isNight ? 0.6 : 0.9;
  for (let y = top; y < bottom; y++) {
    const below = (y - top + 0.5) / unit;
    const depth = 1 / (below + 0.035);
    // What one looks down on mirrors less and shows more of the water itself.
    const own = Math.min(0.72, 0.14 + below * 0.75);
    const sway = water.waves * unit * (0.004 + 0.05 * below);
    const planeY = depth * 2.6 + shift;
    const fine = below > 0.02;
    let index = y * width * 3;
    for (let x = 0; x < width; x++, index += 3) {
      const planeX = ((x - width / 2) / unit) * depth;
      const swell = noise.at(planeX * 1.1 + shift, planeY * 2.4);
      const ripple = fine ? noise.at(planeX * 3.1, planeY * 7.3 + swell) : 0;
      const wave = swell * 0.65 + ripple * 0.45;
      let sourceY = (top - 1 - (y - top) * 0.94 + wave * sway) | 0;
      if (sourceY >= top) sourceY = top - 1;
      else if (sourceY < 0) sourceY = -sourceY < top ? -sourceY : top - 1;
      let sourceX = (x + ripple * sway * 0.5) | 0;
      if (sourceX < 0) sourceX = 0;
      else if (sourceX >= width) sourceX = width - 1;
      const source = (sourceY * width + sourceX) * 3;
      const lift = 1 + wave * 0.1 * water.waves;
      let sparkle = 0;
      if (water.sun) {
        const spread = water.sun.radius * (0.55 + below * 3.4);
        const off = (x - water.sun.x) / spread;
        const path = 1 / (1 + off * off * off * off);
        const crest = wave * 1.7 + path * 0.5 - 0.42;
        if (crest > 0) sparkle = Math.min(1, crest * 3) * path * glitter;
      }
      const keep = 1 - own;
      const baseRed = (data[source]! * keep + red * own) * lift;
      const baseGreen = (data[source + 1]! * keep + green * own) * lift;
      const baseBlue = (data[source + 2]! * keep + blue * own) * lift;
      data[index] = baseRed + (sunRed - baseRed) * sparkle;
      data[index + 1] = baseGreen + (sunGreen - baseGreen) * sparkle;
      data[index + 2] = baseBlue + (sunBlue - baseBlue) * sparkle;
    }
  }
}
