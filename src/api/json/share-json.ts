/** Shared pages as they travel. */
import { isoTime } from '../../engine/core/iso-time.ts';
import type { MarkCounts, SharedItem, StoredShare } from '../../engine/engine-types.ts';

interface Counts extends MarkCounts {
  readonly items: number;
}

export function shareJson(share: StoredShare, counts: Counts, now: number) {
  const { id, title, terms, createdAt, expiresAt, revokedAt, openedAt } = share;
  return {
    share: id,
    title,
    state: stateOf(share, now),
    only: terms.only ?? null,
    shows_prompts: terms.showsPrompts,
    takes_marks: terms.takesMarks,
    ...counts,
    created_at: isoTime(createdAt),
    expires_at: timeOf(expiresAt),
    revoked_at: timeOf(revokedAt),
    opened_at: timeOf(openedAt),
  };
}

/** For visitors: what they need to know, and nothing else. */
export function sharedJson(
  { id, title, terms, expiresAt }: StoredShare,
  from: string,
  counts: Counts,
) {
  return {
    share: id,
    title,
    from,
    shows_prompts: terms.showsPrompts,
    takes_marks: terms.takesMarks,
    expires_at: timeOf(expiresAt),
    ...counts,
  };
}

export function sharedItemJson({ record, mark }: SharedItem, { terms }: StoredShare) {
  const { itemId, row, index, image } = record;
  return {
    item: itemId,
    row: row.number,
    index,
    name: row.name ?? null,
    prompt: terms.showsPrompts ? row.prompt : null,
    width: image?.width ?? 1,
    height: image?.height ?? 1,
    mark: mark === undefined ? null : sharedMarkJson(mark),
  };
}

export function sharedMarkJson({ mark, note, markedBy, at }: NonNullable<SharedItem['mark']>) {
  return { mark, note, by: markedBy, at: isoTime(at) };
}

function stateOf({ revokedAt, expiresAt }: StoredShare, now: number) {
  if (revokedAt !== undefined) return 'revoked' as const;
  return (expiresAt ?? Infinity) <= now ? ('expired' as const) : ('open' as const);
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
