/** Links to images that need no key: each names one image, has an end, and is signed by this installation. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { FILE_FORMATS } from '../../engine/core/quality.ts';
import type { PictureWish } from './image-order.ts';

/** As OpenAI's. */
export const LINK_LASTS_MS = 3_600_000;

export interface ImageLink {
  readonly runId: string;
  readonly itemId: string;
  readonly wish: PictureWish;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export function signLink({ runId, itemId, wish, endsAt }: ImageLink, secret: string): string {
  const facts = [runId, itemId, wish.format ?? '', wish.quality ?? 0, endsAt];
  const text = Buffer.from(JSON.stringify(facts)).toString('base64url');
  return `${text}.${signatureOf(text, secret)}`;
}

/** `undefined` for what was not signed here, and for what has ended. */
export function readLink(link: string, secret: string, now: number): ImageLink | undefined {
  const [text = '', signature = '', ...more] = link.split('.');
  const expected = Buffer.from(signatureOf(text, secret));
  const given = Buffer.from(signature);
  if (more.length > 0 || given.length !== expected.length) return undefined;
  if (!timingSafeEqual(given, expected)) return undefined;
  const facts = JSON.parse(Buffer.from(text, 'base64url').toString()) as LinkFacts;
  const [runId, itemId, format, quality, endsAt] = facts;
  if (endsAt <= now) return undefined;
  const named = FILE_FORMATS.find((each) => each === format);
  const wish = { ...(named && { format: named }), ...(quality > 0 && { quality }) };
  return { runId, itemId, wish, endsAt };
}

type LinkFacts = [runId: string, itemId: string, format: string, quality: number, endsAt: number];

function signatureOf(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
