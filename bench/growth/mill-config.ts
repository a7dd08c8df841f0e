/** How every process of these measurements is configured: two painters of tiny pictures, one slow, one at once. */
import type { EngineConfig } from '../../src/engine/index.ts';

export interface Painters {
  /** Base URLs of the simulated vendors, ending in `/v1`. */
  readonly slow: string;
  readonly quick: string;
}

export interface MillOptions {
  readonly home: string;
  readonly databaseUrl: string;
  readonly painters: Painters;
  /** Most calls of one process in flight. */
  readonly concurrency: number;
  /** Most calls of the quick painter in flight over all processes; absent: not bounded. */
  readonly slots?: number;
  /** Images go to a bucket; absent: to the home that all processes share. */
  readonly s3?: { readonly bucket: string; readonly endpoint: string };
}

export const CREDIT_MICROS = 1_000_000;
/** Far above what is reached: the window is kept and added up, and never full. */
const IMAGES_PER_MINUTE = 1_000_000;
/** The smallest picture: some 600 bytes, so that pixels cost next to nothing. */
export const SIZE = { width: 64, height: 64 };
/** Model by its painter. */
export const MODELS = { slow: 'slow-painter', quick: 'quick-painter' } as const;
export type Painter = keyof typeof MODELS;

export function millConfig({ painters, concurrency, slots }: MillOptions): EngineConfig {
  const limits = { 'images-per-minute': IMAGES_PER_MINUTE };
  const account = (baseUrl: string) => ({ apiKey: 'simulated-key', baseUrl, concurrency });
  // OpenAI itself knows no such field, and its simulator neither.
  const options = { response_format: null };
  const kind = 'openai-compatible';
  const vendor = { kind, keyVariable: 'PAINTER_API_KEY', limits, options } as const;
  const model = { wire: 'gpt-image-2', credits: CREDIT_MICROS / 1e6, usd: 0.02 };
  return {
    vendors: { slow: account(painters.slow), quick: account(painters.quick) },
    configured: { slow: vendor, quick: { ...vendor, ...(slots !== undefined && { slots }) } },
    models: {
      [MODELS.slow]: { vendor: 'slow', ...model },
      [MODELS.quick]: { vendor: 'quick', ...model },
    },
  };
}
