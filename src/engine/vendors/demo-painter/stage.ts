import type { Canvas } from './canvas.ts';
import type { Noise } from './noise.ts';
import type { Palette } from './palette.ts';
import type { DetailName, SubjectName } from './vocabulary.ts';
import type { Description } from './words.ts';

/** All that a scene paints with. */
export interface Stage {
  readonly canvas: Canvas;
  readonly width: number;
  readonly height: number;
  /** The shorter side in pixels: what sizes are given in. */
  readonly unit: number;
  readonly description: Description;
  readonly palette: Palette;
  readonly noise: Noise;
  /** The next number in [0, 1). */
  readonly chance: () => number;
  /** How much fine work is done: 0.5 (low), 1 (medium) or 1.6 (high). */
  readonly detail: number;
}

/** A number between `low` and `high`. */
export function between(stage: Stage, low: number, high: number): number {
  return low + (high - low) * stage.chance();
}

export function pick<Item>(stage: Stage, items: readonly Item[]): Item {
  return items[Math.floor(stage.chance() * items.length)]!;
}

/** Whether a part of the scene may be seen. */
export function allows(stage: Stage, part: SubjectName | DetailName): boolean {
  return !stage.description.omitted.has(part);
}
