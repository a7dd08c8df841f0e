import type { BundleCost } from '../core/bundle.ts';
import type { Model } from '../core/model.ts';
import type { RefusalCost } from '../core/refusal.ts';

/**
 * $0.001: what a request is worth to somebody who waits for it. Nobody bills it; it takes its part of the
 * vendor's pace and some seconds. It matters only beside a refusal that costs money: below this figure
 * large bundles win, above it small ones.
 */
const REQUEST_MICROS = 1_000;
/** 200 bytes: a prompt of usual length. */
const USUAL_PROMPT_BYTES = 200;

/**
 * What asking costs at a vendor that refuses the whole for one, from the catalog: the dearer of a refusal
 * before and after painting. What is not known is taken for nothing, as the protocol of these vendors
 * promises (`docs/many-prompts-protocol.md`).
 */
export function bundleCost({ refusalCost, prices }: Model): BundleCost {
  const micros = (cost: RefusalCost | undefined): number => {
    switch (cost) {
      case 'prompt':
        return prices.usdMicrosPerPromptByte * USUAL_PROMPT_BYTES;
      case 'image':
        return imageMicros(prices) ?? REQUEST_MICROS;
      case 'nothing':
      case 'unknown':
      case undefined:
        return 0;
    }
  };
  return {
    requestMicros: REQUEST_MICROS,
    refusedPromptMicros: Math.max(micros(refusalCost?.input), micros(refusalCost?.output)),
  };
}

/** Of an image at the quality that is the default. */
function imageMicros({ usd }: Model['prices']): number | undefined {
  if (usd === 'unknown') return undefined;
  return (usd.find(({ quality }) => quality === 'medium') ?? usd[0])?.usdMicros;
}
