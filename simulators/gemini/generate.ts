import type { FaultName } from '../behaviour.ts';
import { chanceOf } from '../chance.ts';
import { paintPicture, type Picture } from '../picture.ts';
import type { VendorState } from '../simulator.ts';
import { orderPictures } from '../task-book.ts';
import type { ImageOrder } from './read-order.ts';
import { usageMetadata, usageOf, usdMicrosOf } from './usage.ts';

/** A `GenerateContentResponse`, which may hold a picture or the reason why there is none. */
export interface Made {
  readonly body: Readonly<Record<string, unknown>>;
  readonly pictures: readonly Picture[];
  readonly usdMicros: number;
}

/** What befalls one request; drawn once, so that it can be answered in the same way again. */
export interface Fate {
  readonly refused: 'input' | 'output' | undefined;
  readonly fault: FaultName | undefined;
  /** As `VendorState.blurOf` says. */
  readonly blur: number | undefined;
}

/** What a prompt is answered with; the same id and fate give the same bytes again. */
export async function generate(
  state: VendorState,
  order: ImageOrder,
  given: Fate & { readonly id: string; readonly share: 1 | 0.5 },
): Promise<Made> {
  const { id, refused } = given;
  const pictures = refused ? [] : await paint(order, id, given);
  const end = refused === 'input' ? 'blocked' : pictures.length === 0 ? 'unpainted' : 'painted';
  const chance = chanceOf(state.seed, 'gemini thoughts', order.prompt).next();
  const usage = usageOf({ ...order, chance, end });
  const answer = refused ? refusalOf(state, order.prompt, refused) : answerOf(pictures);
  return {
    body: {
      ...answer,
      usageMetadata: usageMetadata(usage),
      modelVersion: order.model,
      responseId: id,
    },
    pictures,
    usdMicros: usdMicrosOf(order.model, usage, given.share),
  };
}

function paint(order: ImageOrder, id: string, { fault, blur }: Fate): Promise<readonly Picture[]> {
  const { prompt, size } = order;
  const asked = { taskId: id, prompt, size, format: 'png', count: 1, fault, blur } as const;
  return Promise.all(orderPictures(asked).map(paintPicture));
}

/** A model that should have painted and did not says so by its finish reason. */
function answerOf(pictures: readonly Picture[]): Record<string, unknown> {
  const parts = pictures.map(({ bytes }) => ({
    inlineData: { mimeType: 'image/png', data: Buffer.from(bytes).toString('base64') },
  }));
  const finishReason = parts.length === 0 ? 'NO_IMAGE' : 'STOP';
  const content = parts.length === 0 ? {} : { content: { parts, role: 'model' } };
  return { candidates: [{ ...content, finishReason, index: 0 }] };
}

const BLOCK_REASONS = ['PROHIBITED_CONTENT', 'SAFETY', 'IMAGE_SAFETY', 'BLOCKLIST', 'OTHER'];
const FINISH_REASONS = [
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'PROHIBITED_CONTENT',
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'SPII',
];

/** A refusal is HTTP 200; the reason is the prompt's own, always the same. */
function refusalOf(
  state: VendorState,
  prompt: string,
  stage: 'input' | 'output',
): Record<string, unknown> {
  const random = chanceOf(state.seed, 'gemini reason', prompt);
  const reasons = stage === 'input' ? BLOCK_REASONS : FINISH_REASONS;
  const reason = reasons[Math.floor(random.next() * reasons.length)]!;
  const ratings = reason.endsWith('SAFETY') ? { safetyRatings: SAFETY_RATINGS } : {};
  if (stage === 'input') return { promptFeedback: { blockReason: reason, ...ratings } };
  const finishMessage =
    'Unable to show the generated image. The image may violate the Generative AI policies.';
  return { candidates: [{ finishReason: reason, finishMessage, ...ratings, index: 0 }] };
}

const SAFETY_RATINGS = [
  { category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' },
  { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true },
];
