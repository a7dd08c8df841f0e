import { fromMicros } from '../../engine/core/credits.ts';
import { isoTime } from '../../engine/core/iso-time.ts';
import type { ApiKey } from '../../engine/core/workspace.ts';

/** `now`: milliseconds since 1970; it decides what has expired. */
export function keyJson(key: ApiKey, now: number) {
  const { budgetCreditMicros: budget } = key;
  return {
    key: key.id,
    workspace: key.workspace,
    name: key.name,
    role: key.role,
    scopes: [...key.scopes],
    hint: key.hint,
    state: keyState(key, now),
    credits: {
      budget: budget === undefined ? null : fromMicros(budget),
      posted: fromMicros(key.postedCreditMicros),
      held: fromMicros(key.heldCreditMicros),
    },
    created_at: isoTime(key.createdAt),
    last_used_at: timeOrNull(key.lastUsedAt),
    expires_at: timeOrNull(key.expiresAt),
    revoked_at: timeOrNull(key.revokedAt),
    old_secret_until: timeOrNull((key.previousUntil ?? 0) > now ? key.previousUntil : undefined),
    holder: key.holder,
    invited_until: timeOrNull(key.invitedUntil),
  };
}

function keyState(key: ApiKey, now: number) {
  if (key.revokedAt !== undefined) return 'revoked' as const;
  return (key.expiresAt ?? Infinity) <= now ? ('expired' as const) : ('active' as const);
}

function timeOrNull(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
