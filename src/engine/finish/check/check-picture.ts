import { createHash } from 'node:crypto';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { formatName, mediaTypeOf, type PictureType } from '../../core/media-type.ts';
import type { CheckedPicture, PictureCheck } from '../../core/picture-check.ts';
import { verifyCredentials } from '../credentials/verify-credentials.ts';
import { hasCredentials, readMarks } from '../mark/mark-image.ts';
import { firstLine, lookAt, MOST_PIXELS } from './check-image.ts';
import { readWhole } from '../../references/read-whole.ts';

export interface PictureCheckOptions {
  /** Certificates of those whose word on content credentials is good, PEM. */
  readonly trustAnchors?: string;
}

/** Looks at pictures; the engine's port to whatever does. It never rejects for bad bytes. */
export interface PictureChecker {
  check(bytes: Uint8Array): Promise<PictureCheck>;
}

/** A picture that fades by so much of 255 is not blank, though it has one colour. */
const ALPHA_RANGE = 12;
/** The picture library has no decoder of these. */
const NO_DECODER: readonly PictureType[] = ['image/heic', 'image/bmp'];

/**
 * Finds out all that a file tells by itself: whether it decodes whole, what it is, its measures, its
 * marks and its content credentials. Takes the calling thread's time: `workers/picture-pool.ts` calls it
 * in others. Never rejects for bad bytes.
 */
export async function checkPicture(
  bytes: Uint8Array,
  options: PictureCheckOptions = {},
): Promise<PictureCheck> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const mediaType = mediaTypeOf(bytes);
  const unread = (kind: 'broken' | 'unread', reason: string): PictureCheck => ({
    kind,
    sha256,
    reason,
    ...(mediaType !== undefined && { mediaType }),
  });
  if (bytes.length === 0) return unread('broken', 'the file is empty');
  if (mediaType === undefined) return unread('broken', 'its first bytes are those of no picture');
  if (NO_DECODER.includes(mediaType)) {
    return unread('unread', `${formatName(mediaType)} pictures are not looked into`);
  }
  try {
    const opened = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;
    const metadata = await sharp(bytes, { ...opened, limitInputPixels: false }).metadata();
    if (metadata.width * metadata.height > MOST_PIXELS) {
      return unread('unread', `it has more than ${MOST_PIXELS / 1e6} million pixels`);
    }
    const looked = await lookAt(bytes, opened);
    await decodeOthers(bytes, metadata, opened);
    const { width, height } = metadata.autoOrient;
    return {
      kind: 'picture',
      sha256,
      mediaType,
      width,
      height,
      blank: looked.blank && isStill(metadata) && !(await fades(bytes, metadata, opened)),
      measures: looked.measures,
      ...traitsOf(metadata),
      ...(await originOf(bytes, options)),
    };
  } catch (error) {
    return unread('broken', firstLine(error));
  }
}

/** Frames after the first one, unless they are too many to be held. */
async function decodeOthers(
  bytes: Uint8Array,
  { width, height, pages = 1, pageHeight = height }: Metadata,
  options: SharpOptions,
): Promise<void> {
  if (pages === 1 || width * pageHeight * pages > MOST_PIXELS) return;
  await readWhole(sharp(bytes, { ...options, pages: -1 }));
}

/** Of an animation only the first frame is seen. */
function isStill({ pages = 1 }: Metadata): boolean {
  return pages === 1;
}

async function fades(
  bytes: Uint8Array,
  { hasAlpha, channels }: Metadata,
  options: SharpOptions,
): Promise<boolean> {
  if (!hasAlpha) return false;
  const { channels: all } = await sharp(bytes, options).stats();
  const alpha = all[channels - 1];
  return alpha !== undefined && alpha.max - alpha.min > ALPHA_RANGE;
}

type Traits = Pick<CheckedPicture, 'frames' | 'turned' | 'colours'>;

function traitsOf({ pages = 1, orientation = 1, space, depth }: Metadata): Traits {
  const colours = space === 'cmyk' ? 'cmyk' : depth === 'uchar' ? undefined : 'deep';
  return {
    ...(pages > 1 && { frames: pages }),
    ...(orientation > 1 && { turned: true as const }),
    ...(colours !== undefined && { colours }),
  };
}

async function originOf(
  bytes: Uint8Array,
  options: PictureCheckOptions,
): Promise<Pick<CheckedPicture, 'marks' | 'credentials'>> {
  const marks = readMarks(bytes);
  const report = hasCredentials(bytes) ? await verifyCredentials(bytes, options) : undefined;
  return {
    ...(marks !== undefined && { marks: markedAs(marks) }),
    ...(report !== undefined &&
      report.kind !== 'none' && {
        credentials: {
          kind: report.kind,
          ...(report.kind === 'broken' && { problem: report.problems.join('; ') }),
        },
      }),
  };
}

function markedAs({
  runId,
  itemId,
  model,
}: NonNullable<CheckedPicture['marks']>): NonNullable<CheckedPicture['marks']> {
  return {
    ...(runId !== undefined && { runId }),
    ...(itemId !== undefined && { itemId }),
    ...(model !== undefined && { model }),
  };
}
