import type { CropStep, RecipeStep, ResizeStep, UpscaleStep } from '../../core/recipe.ts';
import { formatSize, type Size } from '../../core/size.ts';
import { MOST_PIXELS } from '../check/check-image.ts';
import { UnusablePicture } from './unusable.ts';

/** One change of pixels, worked out for a picture of a known size. */
export type Move =
  | {
      readonly kind: 'cut';
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: 'scale';
      readonly width: number;
      readonly height: number;
      /** `fill`: the sides have their ratio already. */
      readonly fit: 'fill' | 'cover' | 'contain';
      readonly position: ResizeStep['position'];
      /** Of `contain`: `#rrggbb` or `#rrggbbaa`. */
      readonly background?: string;
    }
  | UpscaleStep;

export interface PlannedMoves {
  /** Without those that would change nothing. */
  readonly moves: readonly Move[];
  /** After the last one. */
  readonly size: Size;
}

const CLEAR = '#00000000';

/**
 * The moves that a recipe's steps mean for a picture of this size. Throws `UnusablePicture` when a step
 * would make more pixels than are worked on.
 */
export function planMoves(master: Size, steps: readonly RecipeStep[]): PlannedMoves {
  const moves: Move[] = [];
  let size: Size = { width: master.width, height: master.height };
  for (const step of steps) {
    const move = step.kind === 'encode' ? undefined : planStep(size, step);
    if (move === undefined) continue;
    const next = sizeAfter(size, move);
    if (next.width * next.height > MOST_PIXELS) {
      throw new UnusablePicture(
        `it would get ${formatSize(next)} pixels, and at most ${MOST_PIXELS / 1e6} million are worked on: resize it first`,
      );
    }
    moves.push(move);
    size = next;
  }
  return { moves, size };
}

function sizeAfter({ width, height }: Size, move: Move): Size {
  if (move.kind !== 'upscale') return { width: move.width, height: move.height };
  return { width: width * move.factor, height: height * move.factor };
}

function planStep(size: Size, step: UpscaleStep | ResizeStep | CropStep): Move | undefined {
  switch (step.kind) {
    case 'upscale':
      return step;
    case 'resize':
      return planResize(size, step);
    case 'crop':
      return planCrop(size, step);
    default:
      return step satisfies never;
  }
}

function planResize(size: Size, step: ResizeStep): Move | undefined {
  const { fit, position, background = CLEAR } = step;
  const box = boxOf(size, step);
  const inner = innerSize(size, box);
  if (fit === 'inside') {
    return inner.width > size.width || isSame(inner, size) ? undefined : scale(inner, 'fill');
  }
  if (isSame(box, size)) return undefined;
  // Sides of the very ratio need neither cutting nor filling.
  if (isSame(box, inner)) return scale(box, 'fill');
  return fit === 'cover'
    ? { ...scale(box, 'cover'), position }
    : { ...scale(box, 'contain'), position, background };
}

function scale({ width, height }: Size, fit: 'fill' | 'cover' | 'contain') {
  return { kind: 'scale', width, height, fit, position: 'center' } as const;
}

/** A side that is not given follows the picture's ratio. */
function boxOf(size: Size, { width, height }: ResizeStep): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  const factor = width === undefined ? (height ?? size.height) / size.height : width / size.width;
  return {
    width: width ?? side(size.width * factor),
    height: height ?? side(size.height * factor),
  };
}

/** As large as fits into the box. */
function innerSize(size: Size, box: Size): Size {
  const factor = Math.min(box.width / size.width, box.height / size.height);
  return {
    width: Math.min(box.width, side(size.width * factor)),
    height: Math.min(box.height, side(size.height * factor)),
  };
}

function planCrop(size: Size, { ratio, position }: CropStep): Move | undefined {
  const across = Math.min(size.width, (size.height * ratio.width) / ratio.height);
  const width = Math.min(size.width, side(across));
  const height = Math.min(size.height, side((across * ratio.height) / ratio.width));
  if (isSame({ width, height }, size)) return undefined;
  // Where the eye goes to is known to the decoder's library only.
  if (position === 'attention') return { ...scale({ width, height }, 'cover'), position };
  const [left, top] = [size.width - width, size.height - height];
  return {
    kind: 'cut',
    left: position === 'left' ? 0 : position === 'right' ? left : Math.floor(left / 2),
    top: position === 'top' ? 0 : position === 'bottom' ? top : Math.floor(top / 2),
    width,
    height,
  };
}

function side(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}

function isSame(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}
