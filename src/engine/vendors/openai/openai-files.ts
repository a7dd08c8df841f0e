/** OpenAI's file store: references that are sent once, and the inputs of batches. */
import type OpenAI from 'openai';
import type { FilePurpose } from 'openai/resources/files';
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { failed, lostFailure } from '../failures.ts';
import { classify, UNREADABLE } from './openai-answers.ts';
import { exchange } from './openai-client.ts';
import type { CallContext, ReferenceBytes, UploadAnswer } from '../vendor.ts';

/** 30 days, the longest that OpenAI lets a file be kept with an end (OpenAPI: 3,600 to 2,592,000). */
export const LONGEST_KEPT_SECONDS = 30 * 24 * 60 * 60;

export type Uploaded =
  | { readonly kind: 'uploaded'; readonly id: string; readonly expiresAt?: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Uploads one file, which is kept for 30 days. An upload costs nothing, and may be repeated. */
export async function uploadFile(
  client: OpenAI,
  given: { readonly file: File; readonly purpose: FilePurpose },
  { signal }: CallContext,
  now: number,
): Promise<Uploaded> {
  const answer = await exchange(signal, () =>
    client.files.create(
      { ...given, expires_after: { anchor: 'created_at', seconds: LONGEST_KEPT_SECONDS } },
      { signal },
    ),
  );
  if (answer.kind === 'lost') return { kind: 'failed', failure: lostFailure(answer) };
  if (answer.kind === 'refusal') return { kind: 'failed', failure: classify(answer, now) };
  const parsed = fileSchema.safeParse(answer.body);
  if (!parsed.success) return { kind: 'failed', failure: UNREADABLE };
  const { id, expires_at: expires } = parsed.data;
  return { kind: 'uploaded', id, ...(expires ? { expiresAt: expires * 1000 } : {}) };
}

/** How `uploadReference` of both of OpenAI's lanes keeps a picture. */
export function referenceUploader(
  client: OpenAI,
  scrub: (words: string) => string,
  now: () => number,
): (reference: ReferenceBytes, context: CallContext) => Promise<UploadAnswer> {
  return async ({ bytes, mediaType }, context) => {
    const name = `reference.${EXTENSIONS[mediaType] ?? 'png'}`;
    const file = new File([new Uint8Array(bytes)], name, { type: mediaType });
    const answer = await uploadFile(client, { file, purpose: 'vision' }, context, now());
    if (answer.kind === 'failed') return failed(answer.failure, scrub);
    const { id, expiresAt } = answer;
    return { kind: 'uploaded', handle: id, ...(expiresAt === undefined ? {} : { expiresAt }) };
  };
}

/** The store tells a picture's kind by its name. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

const fileSchema = z.object({
  id: z.string().min(1),
  /** Seconds since 1970. */
  expires_at: z.number().nullish(),
});
