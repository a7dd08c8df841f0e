import type { Canvas, Paint } from './canvas.ts';
import { type Colour, darken, lighten, mix } from './colour.ts';
import { type Outline, fillOutlines } from './fill.ts';
import { ellipse, rectangle } from './outline.ts';
import { linear } from './shaders.ts';
import { type Stage, between } from './stage.ts';

/** A fir of `height` pixels standing at (x, y). */
export function paintFir(stage: Stage, x: number, y: number, height: number, paint: Paint): void {
  const tiers = height < 14 ? 3 : height < 60 ? 6 : 10;
  const half = height * between(stage, 0.15, 0.21);
  const outline: number[] = [x, y - height];
  const left: number[] = [];
  for (let tier = 1; tier <= tiers; tier++) {
    const place = tier / tiers;
    const reach = half * place ** 0.85 * between(stage, 0.85, 1.15);
    const row = y - height * (1 - place * 0.93);
    outline.push(x + reach, row, x + reach * 0.48, row - height * 0.02);
    left.unshift(x - reach * 0.48, row - height * 0.02);
    left.unshift(x - reach * between(stage, 0.88, 1.12), row);
  }
  // Pairs were put in front as (inner, outer); walking up the left side wants outer before inner.
  fillOutlines(stage.canvas, [[...outline, ...left]], paint);
  if (height > 10) {
    fillOutlines(
      stage.canvas,
      [rectangle(x - height * 0.016, y - height * 0.09, height * 0.032, height * 0.09)],
      paint,
    );
  }
}

/** A round tree of `height` pixels, lit from one side. */
export function paintRoundTree(
  stage: Stage,
  x: number,
  y: number,
  height: number,
  colour: Colour,
  lightSide: number,
): void {
  const { canvas } = stage;
  const trunk = mix(colour, [0.2, 0.13, 0.1], 0.75);
  const half = height * 0.035;
  const stem: Outline = [
    x - half,
    y,
    x - half * 0.6,
    y - height * 0.5,
    x + half * 0.6,
    y - height * 0.5,
    x + half,
    y,
  ];
  fillOutlines(canvas, [stem], trunk);
  const lumps = 7;
  for (let lump = 0; lump < lumps; lump++) {
    const turn = (lump / lumps) * Math.PI * 2 + between(stage, -0.3, 0.3);
    const reach = lump === 0 ? 0 : 0.17;
    const centreX = x + Math.cos(turn) * height * reach * 1.15;
    const centreY = y - height * 0.66 + Math.sin(turn) * height * reach;
    const radius = height * between(stage, 0.15, 0.2);
    paintLump(canvas, centreX, centreY, radius, colour, lightSide);
  }
}

function paintLump(
  canvas: Canvas,
  x: number,
  y: number,
  radius: number,
  colour: Colour,
  lightSide: number,
): void {
  const line = [
    x + lightSide * radius * 0.7,
    y - radius,
    x - lightSide * radius * 0.6,
    y + radius,
  ] as const;
  const paint = linear(line, [lighten(colour, 0.22), colour, darken(colour, 0.42)]);
  fillOutlines(canvas, [ellipse(x, y, radius * 1.08, radius * 0.92)], paint);
}
