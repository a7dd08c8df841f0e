import sharp, { type Sharp } from 'sharp';
import { readBitmap } from '../../references/read-bitmap.ts';
import type { RawPicture } from '../raw-picture.ts';
import { upscalePicture } from '../upscale/upscale-picture.ts';
import { damaged, type Master, READING } from './open-master.ts';
import type { Move } from './plan-moves.ts';

/** A master that is not decoded yet, or pixels. */
export type PictureSource =
  | { readonly kind: 'master'; readonly master: Master }
  | { readonly kind: 'pixels'; readonly picture: RawPicture };

/**
 * A pipeline of the picture after the moves, which nothing has read yet: what comes last is decoded,
 * moved and encoded in one go, line by line. Upright, in sRGB of 8 bits.
 */
export async function workMoves(source: PictureSource, moves: readonly Move[]): Promise<Pipeline> {
  let from = source;
  let left = moves;
  for (;;) {
    const [pass, rest] = nextPass(left);
    const pipeline = { isMaster: from.kind === 'master', sharp: draw(openSource(from), pass) };
    const [next, ...others] = rest;
    if (next === undefined) return pipeline;
    const picture = await pixelsOf(pipeline);
    if (next.kind === 'upscale') {
      from = { kind: 'pixels', picture: await upscalePicture(picture, next) };
      left = others;
    } else {
      from = { kind: 'pixels', picture };
      left = rest;
    }
  }
}

export interface Pipeline {
  readonly sharp: Sharp;
  /** It decodes a master: what goes wrong is wrong with that. */
  readonly isMaster: boolean;
}

/** Decodes and works all that is in a pipeline. Throws `UnusablePicture` for a damaged master. */
export async function pixelsOf(pipeline: Pipeline): Promise<RawPicture> {
  const { data, info } = await runPipeline(pipeline, (picture) =>
    picture.raw().toBuffer({ resolveWithObject: true }),
  );
  const { width, height, channels } = info;
  return { data, width, height, channels: channels === 4 ? 4 : 3 };
}

/** What comes out of a pipeline; a master that cannot be decoded is a damaged one. */
export async function runPipeline<Result>(
  { sharp: picture, isMaster }: Pipeline,
  run: (picture: Sharp) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(picture);
  } catch (error) {
    throw isMaster ? damaged(error) : error;
  }
}

/** One cut and one scaling fit into a pipeline, in this order. */
function nextPass(moves: readonly Move[]): [pass: readonly Move[], rest: readonly Move[]] {
  const [first, second] = moves;
  if (first === undefined || first.kind === 'upscale') return [[], moves];
  const length = first.kind === 'cut' && second?.kind === 'scale' ? 2 : 1;
  return [moves.slice(0, length), moves.slice(length)];
}

function draw(picture: Sharp, moves: readonly Move[]): Sharp {
  let drawn = picture;
  for (const move of moves) {
    if (move.kind === 'cut') drawn = drawn.extract(move);
    if (move.kind === 'scale') {
      const { width, height, fit, position, background } = move;
      const place = fit === 'contain' && position === 'attention' ? 'center' : position;
      const fill = background === undefined ? {} : { background };
      drawn = drawn.resize(width, height, { fit, position: place, kernel: 'lanczos3', ...fill });
    }
  }
  return drawn;
}

function openSource(source: PictureSource): Sharp {
  if (source.kind === 'pixels') {
    const { data, ...raw } = source.picture;
    return sharp(data, { ...READING, raw });
  }
  const { bytes, mediaType, isDeepAndTagged } = source.master;
  if (mediaType === 'image/bmp') {
    const { pixels, ...raw } = readBitmap(bytes);
    return sharp(pixels, { ...READING, raw });
  }
  const picture = sharp(bytes, READING).autoOrient().toColourspace('srgb');
  // sharp works on deep pixels with a profile in Display P3 (pipeline.cc), and leaves them there.
  return isDeepAndTagged ? picture.withIccProfile('srgb', { attach: false }) : picture;
}
