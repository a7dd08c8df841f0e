/** What somebody wants to be made again, while they say it, and the order that it comes to. */
import type { FollowUpOrder } from '../../../../src/api/client/index.ts';
import { parseSize, formatSize, sizeOfRatio } from '../../../../src/engine/core/size.ts';
import type { ReviewFilter, SourceKind } from '../../../../src/engine/core/review.ts';

export type FollowedItems = readonly string[] | { readonly review: ReviewFilter };

/** What is done to the prompts of several images. */
export const PROMPT_WAYS = ['keep', 'note', 'replace'] as const;
export type PromptWay = (typeof PROMPT_WAYS)[number];

export interface FollowUpDraft {
  /** Of one image: its prompt; absent: not touched. */
  readonly prompt?: string;
  readonly way: PromptWay;
  readonly note: string;
  readonly find: string;
  readonly replaceWith: string;
  /** Empty: each image's own, as of size and quality. */
  readonly model: string;
  readonly size: string;
  readonly quality: '' | 'low' | 'medium' | 'high';
  readonly lane: 'live' | 'batch' | 'auto';
  readonly seed: 'new' | 'same' | 'number';
  readonly seedNumber: number;
  readonly count: number;
  readonly withImage: boolean;
}

export function newDraft(kind: SourceKind): FollowUpDraft {
  return {
    way: 'keep',
    note: '',
    find: '',
    replaceWith: '',
    model: '',
    size: '',
    quality: kind === 'finals' ? 'high' : '',
    lane: 'live',
    seed: kind === 'finals' ? 'same' : 'new',
    seedNumber: 1,
    count: 1,
    withImage: false,
  };
}

export function orderOf(
  kind: SourceKind,
  items: FollowedItems,
  draft: FollowUpDraft,
): FollowUpOrder {
  return {
    kind,
    ...('review' in items ? { review: items.review } : { items: [...items] }),
    changes: {
      ...promptChanges(draft),
      seed: draft.seed === 'number' ? draft.seedNumber : draft.seed,
    },
    settings: {
      ...(draft.model !== '' && { models: [draft.model] }),
      ...(draft.size !== '' && { size: draft.size }),
      ...(draft.quality !== '' && { quality: draft.quality }),
      lane: draft.lane,
      ...(draft.count > 1 && { count: draft.count }),
    },
    with_image: draft.withImage,
  };
}

function promptChanges({ prompt, way, note, find, replaceWith }: FollowUpDraft) {
  if (prompt !== undefined) return prompt.trim() === '' ? {} : { prompt: prompt.trim() };
  if (way === 'note' && note.trim() !== '') return { note: note.trim() };
  if (way === 'replace' && find !== '') return { replace: { find, with: replaceWith } };
  return {};
}

const MEGAPIXELS = [1, 2, 4, 8] as const;

/** Sizes of the shape that the run has. */
export function sizesLike(size: string): { readonly id: string; readonly text: string }[] {
  const { width, height } = parseSize(size) ?? { width: 1, height: 1 };
  return MEGAPIXELS.map((pixels) => {
    const side = Math.round(1024 * Math.sqrt(pixels));
    const made = formatSize(sizeOfRatio(width, height, { width: side, height: side }));
    return { id: made, text: `${made.replace('x', ' × ')} · ${pixels} MP` };
  });
}
