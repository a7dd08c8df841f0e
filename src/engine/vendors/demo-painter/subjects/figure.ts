import type { Colour } from '../colour.ts';
import type { Pen } from '../pen.ts';

/** Something that can be drawn anywhere: 100 high, standing on (0, 0). */
export interface Figure {
  /** Height in a landscape, as a share of the picture's shorter side. */
  readonly size: number;
  /** Half of its width, in its own units: how wide its shadow is. */
  readonly reach: number;
  /** Where it is in a landscape. */
  readonly place: 'ground' | 'air' | 'water';
  readonly colours: readonly Colour[];
  draw(pen: Pen, colour: Colour): void;
}
