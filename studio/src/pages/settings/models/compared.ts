/** What models are compared by. */
import { creditsText, usdText } from '../../../parts/credits.tsx';
import type { Model } from './find-models.ts';
import {
  formatsText,
  lanesText,
  limitsText,
  negativeText,
  referencesText,
  refusalText,
  sizesText,
  speedText,
} from './model-words.ts';

interface Compared {
  readonly name: string;
  readonly isOfPrice?: true;
  readonly words: (model: Model) => string;
}

const SQUARE = '1024x1024';

export const COMPARED: readonly Compared[] = [
  { name: 'Usable here', isOfPrice: true, words: ({ to_use: toUse }) => toUse ?? 'yes' },
  ...(['low', 'medium', 'high'] as const).map((quality) => ({
    name: `1024x1024, ${quality}`,
    isOfPrice: true as const,
    words: (model: Model) => priceText(model, quality),
  })),
  { name: 'Speed of a call', words: speedText },
  { name: 'Sizes', words: sizesText },
  { name: 'References', words: referencesText },
  { name: 'Negative prompts', words: negativeText },
  { name: 'Seed', words: ({ seed }) => (seed ? 'yes' : 'no') },
  { name: 'Formats', words: formatsText },
  {
    name: 'Prompt',
    words: (model) => `${model.prompt_characters.toLocaleString('en-US')} characters`,
  },
  { name: 'Prompts of a batch', words: (model) => String(model.batch_maximum) },
  { name: 'Images of a request', words: (model) => String(model.images_per_request) },
  { name: 'Lanes', words: lanesText },
  { name: 'Limits', words: limitsText },
  { name: 'A refusal', words: refusalText },
];

function priceText(model: Model, quality: 'low' | 'medium' | 'high'): string {
  const price = model.prices.find((each) => each.size === SQUARE && each.quality === quality);
  if (price === undefined) return 'not made';
  return `${creditsText(price.credits)}, ${usdText(price.usd)}`;
}
