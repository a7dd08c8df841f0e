/** What Gemini bills, from the tokens that an answer tells. */
import { z } from 'zod';

/** Dollars a million tokens, and so micro-dollars a token. */
interface TokenPrices {
  /** Text and pictures that were read. */
  readonly input: number;
  /** Text and thoughts that were written. */
  readonly text: number;
  readonly image: number;
}

/**
 * List prices of October 2026, as third parties quote Google's price page. A 1K picture is 1,120
 * tokens; 2K 1,680; 4K 3,780 of Nano Banana 2.1, and 2,520 of 3.1 Flash Image (512: 747).
 */
const PRICES: Readonly<Record<string, TokenPrices>> = {
  'gemini-nano-banana-2.1': { input: 1.5, text: 7.5, image: 30 },
  'gemini-3.1-flash-image': { input: 0.5, text: 3, image: 60 },
};

/** A live call costs the whole price of its tokens, a line of a batch one half. */
export type PriceShare = 1 | 0.5;

/**
 * `{ usdMicros }` ready to be spread, or nothing where it cannot be derived: an unknown model, no
 * usage, or a picture whose tokens are not told.
 */
export function billOf(
  model: string,
  usage: Usage | undefined,
  share: PriceShare,
  pictures: number,
): { usdMicros?: number } {
  const prices = PRICES[model];
  if (prices === undefined || usage === undefined) return {};
  const written = usage.candidatesTokenCount ?? 0;
  const image = tokensOf(usage.candidatesTokensDetails, 'IMAGE');
  if (pictures > 0 && image === 0) return {};
  const whole =
    (usage.promptTokenCount ?? 0) * prices.input +
    (Math.max(0, written - image) + (usage.thoughtsTokenCount ?? 0)) * prices.text +
    image * prices.image;
  return { usdMicros: Math.round(whole * share) };
}

function tokensOf(details: Usage['candidatesTokensDetails'], modality: string): number {
  return (details ?? [])
    .filter((each) => each.modality === modality)
    .reduce((sum, { tokenCount }) => sum + (tokenCount ?? 0), 0);
}

const count = z.number().nonnegative().nullish();

export const usageSchema = z.object({
  promptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  candidatesTokensDetails: z
    .array(z.object({ modality: z.string().nullish(), tokenCount: count }))
    .nullish(),
});
export type Usage = z.infer<typeof usageSchema>;
