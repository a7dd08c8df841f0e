import type { PlannedOutput } from './plan-outputs.ts';
import type { Move } from './plan-moves.ts';
import { type PictureSource, pixelsOf, workMoves } from './work-moves.ts';

/** One output, and what is left to do for it. */
interface Branch {
  readonly output: PlannedOutput;
  readonly moves: readonly Move[];
}

/** Makes the file of an output from a source, by the moves that are left. */
export type MakeFile = (
  output: PlannedOutput,
  source: PictureSource,
  moves: readonly Move[],
) => Promise<void>;

/**
 * Makes each output's file, one after the other. What several outputs begin with (decoding, enlarging,
 * scaling) is done once, and its pixels are held as long as they are needed.
 */
export async function renderOutputs(
  source: PictureSource,
  outputs: readonly PlannedOutput[],
  make: MakeFile,
): Promise<void> {
  await render(
    source,
    outputs.map((output) => ({ output, moves: output.moves })),
    make,
  );
}

async function render(
  source: PictureSource,
  branches: readonly Branch[],
  make: MakeFile,
): Promise<void> {
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) {
    return await make(only.output, source, only.moves);
  }
  const shared = sharedBeginning(branches);
  const isPixels = source.kind === 'pixels' && shared.length === 0;
  const pixels: PictureSource = isPixels
    ? source
    : { kind: 'pixels', picture: await pixelsOf(await workMoves(source, shared)) };
  const next = branches.map(({ output, moves }) => ({ output, moves: moves.slice(shared.length) }));
  for (const group of Map.groupBy(next, ({ moves }) => keyOf(moves[0])).values()) {
    if (group[0]?.moves.length === 0) {
      for (const { output } of group) await make(output, pixels, []);
    } else {
      await render(pixels, group, make);
    }
  }
}

function sharedBeginning(branches: readonly Branch[]): readonly Move[] {
  const [first, ...others] = branches;
  if (first === undefined) return [];
  const end = first.moves.findIndex((move, at) =>
    others.some(({ moves }) => keyOf(moves[at]) !== keyOf(move)),
  );
  return end < 0 ? first.moves : first.moves.slice(0, end);
}

function keyOf(move: Move | undefined): string {
  return JSON.stringify(move ?? null);
}
