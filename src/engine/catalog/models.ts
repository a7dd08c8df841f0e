/**
 * The models that ship with Imagemill, as data. Every figure has a source; what is reported by third
 * parties only, or set by us, says so. A config file corrects any of it (`overrides.ts`).
 *
 * Credits: the guide's price list is 120 credits for 50 images of GPT-Image, 95 of FLUX Kontext and 70
 * of Gemini Flash, for 1024x1024 at medium quality. Other models' credits are ours, in proportion to
 * the vendor's dollars (FLUX Kontext: 1.9 credits for $0.04).
 */
import type { Model } from '../core/model.ts';
import { bflModels } from './models/bfl.ts';
import { dashscopeModels } from './models/dashscope.ts';
import { demoModels } from './models/demo.ts';
import { geminiModels } from './models/gemini.ts';
import { klingModels } from './models/kling.ts';
import { openaiModels } from './models/openai.ts';

export { CATALOG_DATE } from './models/figures.ts';

/** Every entry, those that may still be used first. */
export const MODELS: readonly Model[] = [
  ...demoModels,
  ...openaiModels,
  ...bflModels,
  ...geminiModels,
  ...klingModels,
  ...dashscopeModels,
].toSorted((one, other) => Number(isRetired(one)) - Number(isRetired(other)));

function isRetired(model: Model): boolean {
  return model.lifecycle.state === 'retired';
}
