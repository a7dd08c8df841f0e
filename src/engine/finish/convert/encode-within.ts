import sharp from 'sharp';
import type { PlannedOutput } from './plan-outputs.ts';
import type { Move } from './plan-moves.ts';
import { encodePicture } from './encode-picture.ts';
import { FIRST_GUESS, fitBytes, LOWEST_QUALITY } from './fit-bytes.ts';
import { UnusablePicture } from './unusable.ts';
import { type PictureSource, pixelsOf, workMoves } from './work-moves.ts';

/**
 * The best file of an output that has no more bytes than it may when it is closed: what is written into
 * it last counts as well. Throws `UnusablePicture` when even the lowest quality is too large.
 */
export async function encodeWithin<Closed extends { readonly bytes: Uint8Array }>(
  { encode, paper }: PlannedOutput,
  source: PictureSource,
  moves: readonly Move[],
  close: (file: Uint8Array) => Promise<Closed>,
): Promise<Closed> {
  const mostBytes = encode.mostBytes ?? Infinity;
  const isDone = source.kind === 'pixels' && moves.length === 0;
  const { data, ...raw } = isDone ? source.picture : await pixelsOf(await workMoves(source, moves));
  const encoded = new Map<number, Uint8Array>();
  const encodeAt = async (quality: number) => {
    const file =
      encoded.get(quality) ??
      (await encodePicture(sharp(data, { raw }), { format: encode.format, quality }, paper));
    encoded.set(quality, file);
    return file;
  };
  // What closing adds is nearly the same for each file: it is known with the first, and sure with the last.
  let reserved = await addedBytes(await encodeAt(FIRST_GUESS), close);
  for (;;) {
    const fitted = await fitBytes(Math.max(1, mostBytes - reserved), encodeAt);
    if (fitted.kind === 'too-large') {
      const words = reserved > 0 ? ` (${reserved} of them what is written into it)` : '';
      throw new UnusablePicture(
        `at the lowest quality (${LOWEST_QUALITY}) it has ${fitted.leastBytes + reserved} bytes${words}, more than ${mostBytes}: resize it, or allow more`,
      );
    }
    const closed = await close(fitted.bytes);
    if (closed.bytes.length <= mostBytes) return closed;
    reserved = closed.bytes.length - fitted.bytes.length;
  }
}

async function addedBytes(
  file: Uint8Array,
  close: (file: Uint8Array) => Promise<{ readonly bytes: Uint8Array }>,
): Promise<number> {
  return (await close(file)).bytes.length - file.length;
}
