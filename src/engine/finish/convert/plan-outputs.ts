import type { EncodeStep, Recipe, RecipeStep } from '../../core/recipe.ts';
import { covers, type Size } from '../../core/size.ts';
import { refuseTooLong } from './encode-picture.ts';
import { type Master, refuseSeveralFrames } from './open-master.ts';
import { type Move, planMoves } from './plan-moves.ts';

/** What is done for one file, worked out for a master. */
export interface PlannedOutput {
  /** Its place in the recipe, from 0. */
  readonly place: number;
  readonly name?: string;
  readonly moves: readonly Move[];
  readonly size: Size;
  readonly encode: EncodeStep;
  /** What shows through where the picture is clear and the format cannot: `#rrggbb`. */
  readonly paper: string;
  /** Nothing needs doing: the file is the master, byte for byte. */
  readonly isMaster: boolean;
}

const WHITE = '#ffffff';

/**
 * What a recipe means for a master; without one, a file as the model made it. A master larger than
 * `asked` is scaled down to exactly that first (what its ratio differs, at most 2 %, is cut off evenly);
 * it is never enlarged by it. Throws `UnusablePicture` for what cannot be made of this master.
 */
export function planOutputs(
  master: Master,
  asked: Size | undefined,
  recipe: Recipe | undefined,
): PlannedOutput[] {
  const first = asked !== undefined && covers(master, asked) ? [sizeStep(asked)] : [];
  const planned = (recipe?.outputs ?? [{ steps: [] }]).map((output, place) => {
    const steps = [...first, ...output.steps];
    const ordered = output.steps.find((step) => step.kind === 'encode');
    const encode = ordered ?? { kind: 'encode', format: master.format ?? 'png' };
    const { moves: worked, size } = planMoves(master, steps);
    const paper = paperOf(worked);
    // JPEG has no transparency, so that nothing clear is put around its picture.
    const moves = encode.format === 'jpeg' ? worked.map((move) => onPaper(move, paper)) : worked;
    return {
      place,
      ...(output.name !== undefined && { name: output.name }),
      moves,
      size,
      encode,
      paper,
      // CMYK is shown wrong by much software: who names a format gets sRGB.
      isMaster:
        moves.length === 0 && isAsItIs(encode, master) && !(ordered !== undefined && master.isCmyk),
    };
  });
  for (const { isMaster, size, encode } of planned) {
    if (isMaster) continue;
    refuseSeveralFrames(master);
    refuseTooLong(size, encode.format);
  }
  return planned;
}

function sizeStep({ width, height }: Size): RecipeStep {
  return { kind: 'resize', width, height, fit: 'cover', position: 'center' };
}

/** A format without a quality asks for nothing that a master of this format does not have. */
function isAsItIs({ format, quality, lossless }: EncodeStep, master: Master): boolean {
  return format === master.format && quality === undefined && lossless === undefined;
}

function onPaper(move: Move, paper: string): Move {
  return move.kind === 'scale' && move.background !== undefined
    ? { ...move, background: paper }
    : move;
}

/** The colour that is filled around the picture, as it looks on white. */
function paperOf(moves: readonly Move[]): string {
  const fills = moves.flatMap((move) => (move.kind === 'scale' ? (move.background ?? []) : []));
  const fill = Buffer.from((fills.at(-1) ?? WHITE).slice(1), 'hex');
  const alpha = (fill[3] ?? 255) / 255;
  const mixed = fill.subarray(0, 3).map((value) => Math.round(value * alpha + 255 * (1 - alpha)));
  return `#${Buffer.from(mixed).toString('hex')}`;
}
