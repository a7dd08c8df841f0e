/**
 * What Gemini's good answers mean, the same for a live call and for a line of a batch. HTTP 200 is no
 * picture yet: a refusal and a model that paints nothing come with it as well.
 */
import type { BlockedReason, FinishReason, HarmCategory } from '@google/genai/web';
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { RefusalCategory, RefusalStage } from '../../core/refusal.ts';
import { billOf, type PriceShare, usageSchema } from './gemini-bill.ts';
import type { Answered, Failed, LaneImage, LaneRequest } from '../vendor.ts';

/** A good status, and a body that does not say what was made. */
export const UNREADABLE: Failure = {
  kind: 'unknown',
  words: 'The answer was cut or is not readable.',
};

/**
 * The pictures of a good answer, the refusal, or why there is no picture, each with its bill;
 * `undefined` when the body is no such answer.
 */
export function readAnswer(
  body: unknown,
  request: LaneRequest,
  share: PriceShare,
): Answered | Failed | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success || isEmpty(parsed.data)) return undefined;
  const { candidates, promptFeedback, usageMetadata } = parsed.data;
  const images = picturesOf(candidates ?? []).slice(0, request.count);
  const bill = billOf(request.model, usageMetadata ?? undefined, share, images.length);
  if (images.length > 0) return { kind: 'answered', images, ...bill };
  const failure = blockOf(promptFeedback) ?? refusalOf(candidates?.[0]);
  if (failure) return { kind: 'failed', failure, ...bill };
  const words = noPictureWords(candidates?.[0]);
  return { kind: 'answered', images: [{ index: 0, kind: 'failed', words }], ...bill };
}

/** Thoughts may hold drafts of the picture, which are not the answer. */
function picturesOf(candidates: readonly Candidate[]): LaneImage[] {
  return candidates
    .flatMap(({ content }) => content?.parts ?? [])
    .filter(({ thought, inlineData }) => !thought && isPicture(inlineData))
    .map(({ inlineData }, index) => ({
      index,
      kind: 'image',
      source: { kind: 'bytes', bytes: Buffer.from(inlineData?.data ?? '', 'base64') },
    }));
}

function isPicture(data: Part['inlineData']): boolean {
  return Boolean(data?.data) && (data?.mimeType ?? 'image/').startsWith('image/');
}

// Refusals.

type Refused = Extract<Failure, { kind: 'refused' }>;

/** The prompt was not let through; whatever the reason, the model was not asked. */
function blockOf(feedback: Answer['promptFeedback']): Refused | undefined {
  const reason = feedback?.blockReason;
  if (!reason) return undefined;
  const known = BLOCKS[reason as keyof typeof BLOCKS] ?? 'unspecified';
  return refused('input', reason, known, feedback.safetyRatings, feedback.blockReasonMessage);
}

const BLOCKS: Readonly<Partial<Record<`${BlockedReason}`, RefusalCategory>>> = {
  BLOCKLIST: 'blocklist',
  PROHIBITED_CONTENT: 'prohibited',
  JAILBREAK: 'prohibited',
};

/** Only reasons of policy are refusals: the same request would be refused again. */
function refusalOf(candidate: Candidate | undefined): Refused | undefined {
  const reason = candidate?.finishReason;
  const known = FINISHES[reason as keyof typeof FINISHES];
  if (!reason || known === undefined) return undefined;
  return refused('output', reason, known, candidate?.safetyRatings, saidBy(candidate));
}

const FINISHES: Readonly<Partial<Record<`${FinishReason}`, RefusalCategory>>> = {
  SAFETY: 'unspecified',
  IMAGE_SAFETY: 'unspecified',
  PROHIBITED_CONTENT: 'prohibited',
  IMAGE_PROHIBITED_CONTENT: 'prohibited',
  BLOCKLIST: 'blocklist',
  SPII: 'personal-data',
  RECITATION: 'copyright',
  IMAGE_RECITATION: 'copyright',
};

function refused(
  stage: RefusalStage,
  reason: string,
  known: RefusalCategory,
  ratings: Ratings,
  said: string | null | undefined,
): Refused {
  const category = known === 'unspecified' ? categoryOf(ratings) : known;
  return { kind: 'refused', stage, category, words: worded(reason, said) };
}

/** The harm that stopped it, or else the one that was held for most likely. */
function categoryOf(ratings: Ratings): RefusalCategory {
  const rating =
    ratings?.find(({ blocked }) => blocked === true) ??
    ratings?.find(({ probability }) => probability === 'HIGH');
  return HARMS[rating?.category as keyof typeof HARMS] ?? 'unspecified';
}

const HARMS: Readonly<Partial<Record<`${HarmCategory}`, RefusalCategory>>> = {
  HARM_CATEGORY_HARASSMENT: 'harassment',
  HARM_CATEGORY_HATE_SPEECH: 'hate',
  HARM_CATEGORY_SEXUALLY_EXPLICIT: 'sexual',
  HARM_CATEGORY_DANGEROUS_CONTENT: 'illicit',
  HARM_CATEGORY_IMAGE_HARASSMENT: 'harassment',
  HARM_CATEGORY_IMAGE_HATE: 'hate',
  HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT: 'sexual',
  HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT: 'illicit',
};

// No picture, and no refusal: NO_IMAGE, IMAGE_OTHER, MAX_TOKENS, or the model only wrote something.

function noPictureWords(candidate: Candidate | undefined): string {
  return worded(
    candidate?.finishReason ?? 'No picture',
    saidBy(candidate) ?? 'no picture was made',
  );
}

/** The vendor's words of why it ended, or what the model wrote in place of a picture. */
function saidBy(candidate: Candidate | undefined): string | undefined {
  if (candidate?.finishMessage) return candidate.finishMessage;
  const texts = (candidate?.content?.parts ?? []).flatMap(({ text, thought }) =>
    text && !thought ? [text.trim()] : [],
  );
  return texts.join(' ') || undefined;
}

/** 500 characters: a model that only writes may write much. */
const MOST_SAID = 500;

function worded(reason: string, said: string | null | undefined): string {
  return said ? `${reason}: ${said.slice(0, MOST_SAID)}` : reason;
}

/** `{}` is what anybody could have sent. */
function isEmpty({ candidates, promptFeedback, usageMetadata }: Answer): boolean {
  return !candidates && !promptFeedback && !usageMetadata;
}

// The wire, as far as it is read.

const text = z.string().nullish().catch(undefined);

const ratingsSchema = z
  .array(z.object({ category: text, probability: text, blocked: z.boolean().nullish() }))
  .nullish()
  .catch(undefined);
type Ratings = z.infer<typeof ratingsSchema>;

const partSchema = z.object({
  text,
  thought: z.boolean().nullish().catch(undefined),
  inlineData: z.object({ mimeType: text, data: text }).nullish().catch(undefined),
});
type Part = z.infer<typeof partSchema>;

const candidateSchema = z.object({
  content: z.object({ parts: z.array(partSchema).nullish() }).nullish(),
  finishReason: text,
  finishMessage: text,
  safetyRatings: ratingsSchema,
});
type Candidate = z.infer<typeof candidateSchema>;

const answerSchema = z.object({
  candidates: z.array(candidateSchema).nullish(),
  promptFeedback: z
    .object({ blockReason: text, blockReasonMessage: text, safetyRatings: ratingsSchema })
    .nullish(),
  // Strange usage must not cost us the pictures.
  usageMetadata: usageSchema.nullish().catch(undefined),
});
type Answer = z.infer<typeof answerSchema>;
