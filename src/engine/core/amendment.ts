import type { Quality } from './quality.ts';

/**
 * What a decision changed of a row for one request: another model (a fallback, `retry --model`) or other
 * words (`retry --rewrite`). The row itself stays as the sheet has it, so that it keeps its key.
 */
export interface Amendment {
  readonly model?: string;
  readonly vendor?: string;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly seed?: number;
  readonly quality?: Quality;
  /** Who decided: `fallback` of the run, or a person's `retry`. */
  readonly by: 'fallback' | 'retry';
}
