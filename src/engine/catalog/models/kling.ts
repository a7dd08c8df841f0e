/** Kling's image models. */
import type { Model } from '../../core/model.ts';
import {
  ACTIVE,
  CATALOG_DATE,
  MEGABYTE,
  MINUTE,
  sameForAll,
  SECOND,
  SQUARE,
  squareOf,
} from './figures.ts';

const KLING_SOURCE = 'Kling API documentation, image generation, November 2026';
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];

const klingV3: Model = {
  id: 'kling-v3',
  title: 'Kling 3.0',
  vendor: 'kling',
  aliases: ['kling', 'kling-3.0', 'kling-3', 'kling 3.0'],
  lifecycle: ACTIVE,
  batchMaximum: 10,
  imagesPerRequest: 9,
  inAuto: false,
  sizes: {
    kind: 'ratio',
    ratios: RATIOS,
    classes: [
      { name: '1k', square: 1024 },
      { name: '2k', square: 2048 },
    ],
  },
  promptCharacters: 2_500,
  negativePrompt: 'without-references',
  seed: false,
  formats: [],
  references: {
    count: 1,
    bytes: 10 * MEGABYTE,
    smallestSide: 300,
    longestRatio: 2.5,
    mediaTypes: ['image/png', 'image/jpeg'],
  },
  prices: {
    creditMicros: 1_330_000,
    creditSource: 'ours',
    usd: [{ size: SQUARE, usdMicros: 28_000 }],
    // 1k and 2k cost the same.
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: KLING_SOURCE,
    date: CATALOG_DATE,
  },
  refusalCost: {
    input: 'nothing',
    output: 'nothing',
    source: 'a failed task has no deduction (final_unit_deduction); third parties',
  },
  limits: [
    // How many an account has depends on its resource pack and is published nowhere.
    {
      kind: 'slots',
      name: 'parallel-images',
      unit: 'images',
      max: undefined,
      source: KLING_SOURCE,
    },
  ],
  tiers: {},
  longestCallMs: sameForAll(10 * MINUTE),
  typicalCallMs: sameForAll(20 * SECOND),
  source: KLING_SOURCE,
};

const klingV3Omni: Model = {
  ...klingV3,
  id: 'kling-v3-omni',
  title: 'Kling 3.0 Omni',
  aliases: ['kling-omni', 'kling omni', 'kling 3.0 omni', 'kling-3.0-omni'],
  sizes: {
    kind: 'ratio',
    ratios: RATIOS,
    classes: [
      { name: '1k', square: 1024 },
      { name: '2k', square: 2048 },
      { name: '4k', square: 4096 },
    ],
  },
  negativePrompt: 'no',
  references: { ...klingV3.references, count: 10 },
  prices: {
    ...klingV3.prices,
    usd: [
      { size: SQUARE, usdMicros: 28_000 },
      { size: squareOf(2048), usdMicros: 28_000 },
      { size: squareOf(4096), usdMicros: 56_000 },
    ],
    flat: false,
  },
};

export const klingModels: readonly Model[] = [klingV3, klingV3Omni];
