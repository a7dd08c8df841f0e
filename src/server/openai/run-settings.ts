/** How runs of this door are made: light, and with nobody to ask. */
import { DEFAULT_SETTINGS, type RunSettings } from '../../engine/core/settings.ts';
import type { ImageOrder } from './image-order.ts';

export function settingsOf(model: string, change: Partial<RunSettings> = {}): RunSettings {
  return {
    ...DEFAULT_SETTINGS,
    models: [model],
    deliver: 'none',
    spendingAllowed: true,
    // A call of a few images is no flood, and each program sees its own refusals.
    refusalBreaker: 'off',
    ...change,
  };
}

/** An order as a row of a sheet. */
export function rowOf(order: ImageOrder, references: readonly string[]): Record<string, unknown> {
  return {
    prompt: order.prompt,
    model: order.model,
    count: order.count,
    quality: order.quality,
    ...(order.size !== undefined && { size: order.size }),
    ...(order.aspectRatio !== undefined && { aspect_ratio: order.aspectRatio }),
    ...(order.seed !== undefined && { seed: order.seed }),
    ...(order.negativePrompt !== undefined && { negative_prompt: order.negativePrompt }),
    ...(references.length > 0 && { image: references }),
  };
}
