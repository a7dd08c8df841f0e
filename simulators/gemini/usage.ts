/** What a call is billed by: the `usageMetadata` of Gemini's answers, and its list prices. */

/** Tokens of one picture by its class (price page of October 2026, as third parties quote it). */
const IMAGE_TOKENS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'gemini-nano-banana-2.1': { '1K': 1120, '2K': 1680, '4K': 3780 },
  'gemini-3.1-flash-image': { '512': 747, '1K': 1120, '2K': 1680, '4K': 2520 },
};

/** Micro-dollars a token: read, written as text (thoughts), written as a picture. */
const PRICES: Readonly<Record<string, { input: number; text: number; image: number }>> = {
  'gemini-nano-banana-2.1': { input: 1.5, text: 7.5, image: 30 },
  'gemini-3.1-flash-image': { input: 0.5, text: 3, image: 60 },
};

/** Sizes that a model makes, by the model. */
export const CLASSES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(IMAGE_TOKENS).map(([model, tokens]) => [model, Object.keys(tokens)]),
);
export const MODELS = Object.keys(IMAGE_TOKENS);

/** A picture that is sent along counts as much as one that is made at 1K. */
const TOKENS_PER_INPUT_IMAGE = 1120;
/** What a model thinks before it paints, or finds that it may not: our choice, of the usual order. */
const THOUGHTS = { least: 200, most: 1600 };

export interface Usage {
  readonly text: number;
  readonly imagesIn: number;
  readonly imagesOut: number;
  readonly thoughts: number;
}

export function usageOf(asked: {
  readonly model: string;
  readonly prompt: string;
  readonly inputImages: number;
  readonly imageSize: string;
  /** Decides how much is thought: from 0 to below 1. */
  readonly chance: number;
  /** How far it came: blocked before it began, refused or given up on, or painted. */
  readonly end: 'blocked' | 'unpainted' | 'painted';
}): Usage {
  return {
    // About four bytes a token, never more tokens than bytes.
    text: tokensOfText(asked.prompt),
    imagesIn: asked.inputImages * TOKENS_PER_INPUT_IMAGE,
    imagesOut: asked.end === 'painted' ? IMAGE_TOKENS[asked.model]![asked.imageSize]! : 0,
    thoughts: asked.end === 'blocked' ? 0 : thoughtsOf(asked.chance),
  };
}

function thoughtsOf(chance: number): number {
  return Math.floor(THOUGHTS.least + chance * (THOUGHTS.most - THOUGHTS.least));
}

export function tokensOfText(prompt: string): number {
  return Math.ceil(Buffer.byteLength(prompt) / 4);
}

/** Whole micro-dollars; a batch costs one half. */
export function usdMicrosOf(model: string, usage: Usage, share: 1 | 0.5): number {
  const { input, text, image } = PRICES[model]!;
  const read = (usage.text + usage.imagesIn) * input;
  return Math.round((read + usage.thoughts * text + usage.imagesOut * image) * share);
}

/** As it stands in an answer: what is nothing is left out. */
export function usageMetadata(usage: Usage): Record<string, unknown> {
  const { text, imagesIn, imagesOut, thoughts } = usage;
  return {
    promptTokenCount: text + imagesIn,
    ...(imagesOut > 0 && { candidatesTokenCount: imagesOut }),
    totalTokenCount: text + imagesIn + imagesOut + thoughts,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: text },
      ...(imagesIn > 0 ? [{ modality: 'IMAGE', tokenCount: imagesIn }] : []),
    ],
    ...(imagesOut > 0 && {
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: imagesOut }],
    }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}
