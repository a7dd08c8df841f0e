import { type Colour, WHITE, mix, without } from './colour.ts';
import { createPen } from './pen.ts';
import { softEllipse } from './soft.ts';
import { type Stage, pick } from './stage.ts';
import { FIGURES } from './subjects/figures.ts';
import type { SubjectName } from './vocabulary.ts';

/** Where a scene lets its subjects stand, in pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** Multiplies the figures' natural size. */
  readonly scale: number;
  /** Side the light comes from: -1 left, 1 right. */
  readonly lightSide: number;
  /** Row of the water's edge: figures on water are mirrored below it. */
  readonly waterLine?: number;
  /** Row at which things in the air float; absent: in the upper half. */
  readonly airLine?: number;
  readonly light?: Colour;
  readonly shade?: Colour;
  /** Strength of the shadow on the ground, 0 to 1. */
  readonly shadow?: number;
}

/** Draws the description's subjects side by side around a spot, the main one largest. */
export function placeFigures(stage: Stage, spot: Spot): void {
  const { subjects } = stage.description;
  const count = subjects.length;
  const reach = subjects.map((name) => (FIGURES[name].reach * sizeOf(stage, name, spot)) / 100);
  const total = reach.reduce((sum, half) => sum + half * 2, 0) * 0.92;
  let left = spot.x - total / 2;
  const places = subjects.map((_, index) => {
    const x = count === 1 ? spot.x : left + reach[index]! * 0.92;
    left += reach[index]! * 2 * 0.92;
    return x;
  });
  // A row that is wider than the picture is squeezed; the main subject is drawn last, in front.
  const squeeze = Math.min(1, (stage.width * 0.9) / Math.max(1, total));
  for (let index = count - 1; index >= 0; index--) {
    const x = Math.max(
      0,
      Math.min(
        stage.width,
        stage.width / 2 + (places[index]! - stage.width / 2) * (count > 1 ? squeeze : 1),
      ),
    );
    placeFigure(
      stage,
      subjects[index]!,
      { ...spot, x, scale: spot.scale * (index === 0 ? 1 : 0.88) * squeeze },
      index,
    );
  }
}

function sizeOf(stage: Stage, name: SubjectName, spot: Spot): number {
  return FIGURES[name].size * stage.unit * spot.scale;
}

/** Draws one figure at a spot, with its shadow or its mirror image. */
export function placeFigure(stage: Stage, name: SubjectName, spot: Spot, index = 0): void {
  const figure = FIGURES[name];
  const size = sizeOf(stage, name, spot);
  const own = index === 0 ? stage.description.subjectColour : undefined;
  const drawn = pick(stage, without(figure.colours, stage.description.unwantedColours));
  const colour = own ?? drawn;
  const light = spot.light ?? mix(stage.palette.light, WHITE, stage.palette.isNight ? 0.1 : 0.45);
  const shade = spot.shade ?? mix(stage.palette.shade, light, 0.25);
  const floats = figure.place === 'air';
  const y = floats ? (spot.airLine ?? stage.height * 0.2) + size : spot.y;
  const placing = {
    x: spot.x,
    y,
    size,
    light,
    shade,
    lightSide: spot.lightSide,
    mirrored: spot.lightSide > 0,
  };
  if (spot.waterLine !== undefined && !floats) {
    const mirror = createPen(stage.canvas, { ...placing, flipped: true, alpha: 0.28 });
    figure.draw(mirror, colour);
  } else if (!floats && (spot.shadow ?? 0.5) > 0) {
    const half = (figure.reach * size) / 100;
    const lean = -spot.lightSide * half * 0.35;
    const box = [spot.x + lean, y, half * 1.5, Math.max(2, half * 0.26)] as const;
    softEllipse(stage.canvas, box, [0.02, 0.02, 0.06], spot.shadow ?? 0.5);
  }
  figure.draw(createPen(stage.canvas, placing), colour);
}
