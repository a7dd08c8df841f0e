import type { Sharp } from 'sharp';
import type { Model } from '../core/model.ts';
import {
  type MasterFacts,
  REFERENCE_STEPS,
  type ReferenceFit,
  type ReferenceStep,
  scaledSize,
} from '../core/reference.ts';
import type { Size } from '../core/size.ts';
import { openPicture } from './open-picture.ts';

export interface FittedReference extends Size {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly steps: readonly ReferenceStep[];
}

type Target = 'image/png' | 'image/jpeg' | 'image/webp';

/** One way to write the picture down. */
interface Encoding {
  readonly target: Target;
  /** Of JPEG and WebP, 1 to 100; PNG has none. */
  readonly quality?: number;
}

/** From hardly a difference to the eye down to one that a model still reads well. */
const QUALITIES = [92, 82, 70] as const;
/** Above so many times the limit, only the last quality is worth a try before scaling. */
const HOPELESS = 4;
/** Rounds of scaling: each takes off a tenth of the sides at least. */
const MOST_ROUNDS = 24;

/**
 * Makes the copy of a master that a model takes, as `decideReferenceFit` has decided: upright, its first
 * page only, 8 bits of plain RGB, in an accepted format, within pixels and sides; then quality first and
 * pixels after it give way until it has no more bytes than the model takes. Transparency is kept where
 * a format that has it is accepted. The same master and limits give the same bytes.
 *
 * Answers `undefined` where the bytes cannot be reached with the sides that the model wants.
 */
export async function fitReference(
  master: Uint8Array,
  facts: MasterFacts,
  fit: Extract<ReferenceFit, { kind: 'changed' }>,
  limits: Model['references'],
): Promise<FittedReference | undefined> {
  const isClear = facts.alpha === true && !(await openPicture(master).stats()).isOpaque;
  const encodings = encodingsFor(facts, limits, isClear);
  if (encodings.length === 0) return undefined;
  let { size } = fit;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let reached = 0;
    for (const [place, encoding] of encodings.entries()) {
      const isLast = place === encodings.length - 1;
      if (reached > limits.bytes * HOPELESS && !isLast) continue;
      const bytes = await encode(picture(master, size, isClear, encoding), encoding).toBuffer();
      reached = bytes.length;
      if (reached > limits.bytes) continue;
      const steps = stepsOf(fit, facts, { ...size, target: encoding.target, isClear });
      return { bytes, mediaType: encoding.target, ...size, steps };
    }
    const scale = Math.min(0.9, Math.sqrt(limits.bytes / reached) * 0.97);
    size = scaledSize(size, scale, limits.longestRatio);
    if (Math.min(size.width, size.height) < (limits.smallestSide ?? 1)) return undefined;
  }
  return undefined;
}

/** What is tried, the best first. A lossless source stays lossless where that is small enough. */
function encodingsFor(
  { mediaType }: MasterFacts,
  { mediaTypes }: Model['references'],
  isClear: boolean,
): Encoding[] {
  const accepts = (target: Target) => mediaTypes.includes(target);
  const lossy = (target: Target) =>
    accepts(target) ? QUALITIES.map((quality) => ({ target, quality })) : [];
  const png: Encoding[] = accepts('image/png') ? [{ target: 'image/png' }] : [];
  if (isClear && (png.length > 0 || accepts('image/webp'))) return [...png, ...lossy('image/webp')];
  const isLossless = !LOSSY_SOURCES.has(mediaType);
  const lossyTarget = accepts('image/jpeg') ? lossy('image/jpeg') : lossy('image/webp');
  if (lossyTarget.length === 0) return png;
  return isLossless ? [...png, ...lossyTarget] : lossyTarget;
}

const LOSSY_SOURCES = new Set(['image/jpeg', 'image/webp', 'image/avif']);

function picture(master: Uint8Array, size: Size, isClear: boolean, { target }: Encoding): Sharp {
  const upright = openPicture(master).autoOrient().toColourspace('srgb');
  const scaled = upright.resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' });
  if (!isClear) return scaled.removeAlpha();
  return target === 'image/jpeg' ? scaled.flatten({ background: '#ffffff' }) : scaled;
}

function encode(picture: Sharp, { target, quality = 100 }: Encoding): Sharp {
  switch (target) {
    case 'image/png':
      return picture.png({ compressionLevel: 6 });
    case 'image/jpeg':
      return picture.jpeg({ quality, chromaSubsampling: quality > 90 ? '4:4:4' : '4:2:0' });
    case 'image/webp':
      return picture.webp({ quality, alphaQuality: 100, effort: 4 });
    default:
      return target satisfies never;
  }
}

/** What was decided, and what the encoder made necessary beyond it, in the usual order. */
function stepsOf(
  fit: Extract<ReferenceFit, { kind: 'changed' }>,
  facts: MasterFacts,
  made: Size & { readonly target: Target; readonly isClear: boolean },
): ReferenceStep[] {
  const steps = new Set(fit.steps);
  if (made.width !== facts.width || made.height !== facts.height) steps.add('scaled');
  if (made.target !== facts.mediaType) steps.add('converted');
  if (made.isClear && made.target === 'image/jpeg') steps.add('flattened');
  return REFERENCE_STEPS.filter((step) => steps.has(step));
}
