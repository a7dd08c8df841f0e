import type { Quality } from '../../src/engine/core/quality.ts';
import { formatSize, type Size } from '../../src/engine/core/size.ts';

/** Micro-dollars per token: text in $5, image in $8, image out $30 per million (May 2026). */
export const USD_MICROS_PER_TOKEN = { textIn: 5, imageIn: 8, imageOut: 30 } as const;

/**
 * Output tokens of one image. The vendor's published prices ($0.006 / $0.053 / $0.211 at 1024x1024,
 * $0.005 / $0.041 / $0.165 at 1024x1536) divided by $30/M and rounded down, so that a bill never
 * exceeds the published price.
 */
const TOKENS: Readonly<Record<string, Readonly<Record<Quality, number>>>> = {
  '1024x1024': { low: 200, medium: 1766, high: 7033 },
  '1024x1536': { low: 166, medium: 1366, high: 5500 },
  '1536x1024': { low: 166, medium: 1366, high: 5500 },
};
const SQUARE = 1024 * 1024;

/** Our choice: the vendor does not publish what a reference costs. */
const TOKENS_PER_INPUT_IMAGE = 323;

/** The `usage` object of an answer. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly input_tokens_details: { readonly text_tokens: number; readonly image_tokens: number };
  readonly output_tokens_details: { readonly text_tokens: number; readonly image_tokens: number };
}

export function usageOf(asked: {
  readonly prompt: string;
  readonly size: Size;
  readonly quality: Quality;
  readonly images: number;
  readonly inputImages: number;
}): Usage {
  // About four bytes a token, never more tokens than bytes.
  const text = Math.ceil(Buffer.byteLength(asked.prompt) / 4);
  const imageIn = asked.inputImages * TOKENS_PER_INPUT_IMAGE;
  const imageOut = asked.images * tokensOf(asked.size, asked.quality);
  return {
    input_tokens: text + imageIn,
    output_tokens: imageOut,
    total_tokens: text + imageIn + imageOut,
    input_tokens_details: { text_tokens: text, image_tokens: imageIn },
    output_tokens_details: { text_tokens: 0, image_tokens: imageOut },
  };
}

/** What a usage costs: always whole micro-dollars. */
export function usdMicrosOf(usage: Usage): number {
  return (
    usage.input_tokens_details.text_tokens * USD_MICROS_PER_TOKEN.textIn +
    usage.input_tokens_details.image_tokens * USD_MICROS_PER_TOKEN.imageIn +
    usage.output_tokens * USD_MICROS_PER_TOKEN.imageOut
  );
}

function tokensOf(size: Size, quality: Quality): number {
  const listed = TOKENS[formatSize(size)];
  if (listed) return listed[quality];
  return Math.floor((TOKENS['1024x1024']![quality] * size.width * size.height) / SQUARE);
}
