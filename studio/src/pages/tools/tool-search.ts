/** What the address of the page says: which tool, on which pictures, which job is open. */
import { REVIEW_FILTERS, type ReviewFilter } from '../../../../src/engine/core/review.ts';

export const TOOLS = ['upscale', 'convert', 'crop', 'recipe', 'mark', 'check', 'inspect'] as const;
export type Tool = (typeof TOOLS)[number];

/** Of a run: all delivered images, those chosen on its page, or those of a review. */
export type Only = 'all' | 'selected' | ReviewFilter;
const ONLY: readonly Only[] = ['all', 'selected', ...REVIEW_FILTERS];

export interface ToolSearch {
  readonly run?: string;
  readonly only?: Only;
  readonly tool?: Tool;
  readonly job?: string;
}

/** `review=kept` is another way to say `only=kept`. */
export function toolSearch(search: Record<string, unknown>): ToolSearch {
  const said = search['only'] ?? search['review'];
  const only = ONLY.find((each) => each === said);
  const tool = TOOLS.find((each) => each === search['tool']);
  return {
    ...(typeof search['run'] === 'string' && { run: search['run'] }),
    ...(only && { only }),
    ...(tool && { tool }),
    ...(typeof search['job'] === 'string' && { job: search['job'] }),
  };
}
