/** Alibaba's Wan image models, served by Model Studio (DashScope). */
import type { Model } from '../../core/model.ts';
import { ACTIVE, MEGABYTE, MINUTE, sameForAll, SECOND, SQUARE } from './figures.ts';

const WAN_SOURCE = 'Model Studio documentation, Wan 2.7 image, 2026-10-11';

const wan27: Model = {
  id: 'wan2.7-image',
  title: 'Wan 2.7',
  vendor: 'dashscope',
  aliases: ['wan', 'wan-2.7', 'wan2.7', 'wan 2.7', 'dashscope'],
  lifecycle: ACTIVE,
  batchMaximum: 10,
  imagesPerRequest: 4,
  inAuto: false,
  sizes: {
    kind: 'free',
    // No step is documented; image models of this generation work in 16.
    multipleOf: 16,
    longestRatio: 8,
    largest: { width: 2048, height: 2048 },
    smallest: { width: 768, height: 768 },
  },
  promptCharacters: 5_000,
  // Earlier Wan models have the field; for 2.7 it is not established.
  negativePrompt: 'no',
  seed: true,
  formats: [],
  references: {
    count: 9,
    bytes: 20 * MEGABYTE,
    smallestSide: 240,
    largestSide: 8_000,
    longestRatio: 8,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/bmp'],
  },
  prices: {
    creditMicros: 1_430_000,
    creditSource: 'ours',
    usd: [{ size: SQUARE, usdMicros: 30_000 }],
    // Each picture that was made, whatever its size.
    flat: true,
    usdMicrosPerPromptByte: 0,
    source: 'price list of Singapore, quoted by third parties',
    date: '2026-10-11',
  },
  refusalCost: {
    input: 'nothing',
    output: 'nothing',
    source: 'pictures that were made are billed, failed tasks are not; third parties',
  },
  limits: [
    {
      kind: 'window',
      name: 'requests-per-second',
      unit: 'requests',
      max: undefined,
      windowMs: SECOND,
      source: WAN_SOURCE,
    },
    {
      kind: 'slots',
      name: 'active-tasks',
      unit: 'requests',
      max: undefined,
      source: WAN_SOURCE,
    },
  ],
  // The account's own figures can be asked for (`GET /api/v1/quotas`) and are published nowhere.
  tiers: {},
  // The vendor keeps a task for a day and names no longest time; ours.
  longestCallMs: sameForAll(15 * MINUTE),
  typicalCallMs: sameForAll(30 * SECOND),
  source: WAN_SOURCE,
};

const wan27Pro: Model = {
  ...wan27,
  id: 'wan2.7-image-pro',
  title: 'Wan 2.7 Pro',
  aliases: ['wan-pro', 'wan-2.7-pro', 'wan2.7-pro', 'wan 2.7 pro'],
  sizes: {
    kind: 'free',
    multipleOf: 16,
    longestRatio: 8,
    largest: { width: 4096, height: 4096 },
    smallest: { width: 768, height: 768 },
  },
  // 4K is for text alone.
  references: { ...wan27.references, largestPicture: { width: 2048, height: 2048 } },
  prices: {
    ...wan27.prices,
    creditMicros: 3_560_000,
    usd: [{ size: SQUARE, usdMicros: 75_000 }],
  },
};

export const dashscopeModels: readonly Model[] = [wan27, wan27Pro];
