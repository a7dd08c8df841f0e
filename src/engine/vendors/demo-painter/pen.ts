import type { Canvas, Paint } from './canvas.ts';
import { type Colour, darken, lighten, mix, multiply } from './colour.ts';
import { type Outline, fillOutlines } from './fill.ts';
import { ellipse, readPath, reversed, stroke } from './outline.ts';
import { linear } from './shaders.ts';

/** Where and how a figure is drawn. Its own space: feet at (0, 0), 100 high, y downwards. */
export interface Placing {
  readonly x: number;
  readonly y: number;
  /** Height in pixels. */
  readonly size: number;
  /** Faces the other way. */
  readonly mirrored?: boolean;
  /** Upside down, as in water. */
  readonly flipped?: boolean;
  readonly alpha?: number;
  /** Light on it and light in its shadows; both multiply. */
  readonly light: Colour;
  readonly shade: Colour;
  /** Which side the light comes from: -1 left, 1 right. */
  readonly lightSide: number;
}

/** Draws a figure in its own space, lit by the scene it stands in. */
export interface Pen {
  /** A path in SVG words; `volume` shades it from the lit side to the other. */
  path(path: string, colour: Colour, volume?: number): void;
  ellipse(
    x: number,
    y: number,
    radiusX: number,
    radiusY: number,
    colour: Colour,
    turn?: number,
    volume?: number,
  ): void;
  line(points: readonly number[], width: number, colour: Colour, endWidth?: number): void;
  /** An ellipse with an elliptic hole. */
  ring(
    x: number,
    y: number,
    radiusX: number,
    radiusY: number,
    thickness: number,
    colour: Colour,
  ): void;
  /** A colour that shines by itself and ignores the scene's light. */
  shine(path: string, colour: Colour): void;
}

export function createPen(canvas: Canvas, placing: Placing): Pen {
  const scaleX = (placing.size / 100) * (placing.mirrored === true ? -1 : 1);
  const scaleY = (placing.size / 100) * (placing.flipped === true ? -1 : 1);
  const alpha = placing.alpha ?? 1;
  const toCanvas = (outline: Outline): Outline =>
    outline.map((value, index) =>
      index % 2 === 0 ? placing.x + value * scaleX : placing.y + value * scaleY,
    );
  const fill = (outlines: readonly Outline[], paint: Paint) => {
    fillOutlines(canvas, outlines.map(toCanvas), paint, alpha);
  };
  const lit = (outlines: readonly Outline[], colour: Colour, volume: number) => {
    fill(
      outlines,
      volume === 0
        ? graded(placing, colour, 0.6)
        : volumeOf(placing, outlines.map(toCanvas), colour, volume),
    );
  };
  return {
    path: (path, colour, volume = 0.6) => lit(readPath(path), colour, volume),
    ellipse: (x, y, radiusX, radiusY, colour, turn = 0, volume = 0.6) =>
      lit([ellipse(x, y, radiusX, radiusY, turn)], colour, volume),
    line: (points, width, colour, endWidth) => lit(stroke(points, width, endWidth), colour, 0.3),
    ring: (x, y, radiusX, radiusY, thickness, colour) =>
      lit(
        [
          ellipse(x, y, radiusX, radiusY),
          reversed(ellipse(x, y, radiusX - thickness, radiusY - thickness)),
        ],
        colour,
        0.5,
      ),
    shine: (path, colour) => fill(readPath(path), colour),
  };
}

/** The colour as the scene's light shows it; `litness` 1 is turned to the light, 0 away from it. */
function graded(placing: Placing, colour: Colour, litness: number): Colour {
  return multiply(colour, mix(placing.shade, placing.light, litness));
}

function volumeOf(
  placing: Placing,
  outlines: readonly Outline[],
  colour: Colour,
  volume: number,
): Paint {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const outline of outlines) {
    for (let index = 0; index < outline.length; index += 2) {
      left = Math.min(left, outline[index]!);
      right = Math.max(right, outline[index]!);
      top = Math.min(top, outline[index + 1]!);
      bottom = Math.max(bottom, outline[index + 1]!);
    }
  }
  const side = placing.lightSide < 0;
  const lean = (bottom - top) * 0.25;
  const line = [side ? left : right, top - lean, side ? right : left, bottom + lean] as const;
  const bright = graded(placing, lighten(colour, 0.16 * volume), 1);
  const middle = graded(placing, colour, 0.85 - 0.15 * volume);
  const dark = graded(placing, darken(colour, 0.25 * volume), 0.8 - 0.65 * volume);
  return linear(line, [bright, middle, dark]);
}
