/** What a plan waits for, in words: limits have keys that name accounts and models. */
import type { Entry } from '../../../../src/api/client/endpoint.ts';
import type { listLimitsRoute } from '../../../../src/api/routes/limits.ts';

type Limit = Entry<typeof listLimitsRoute>;

export interface LimitWords {
  readonly text: string;
  /** ISO; when some of it returns, where none is left now. */
  readonly freeAt: string | undefined;
}

export function limitWords(key: string, limits: readonly Limit[]): LimitWords {
  if (key === 'finishing') return { text: 'the finishing of the images', freeAt: undefined };
  if (key === 'credits') return { text: 'credits', freeAt: undefined };
  const parts = key.replace(/@[^/]*$/, '').split('/');
  const name = parts.at(-1) ?? key;
  const isOwn = key.startsWith('workspace:');
  const vendor = isOwn ? undefined : parts[0]!.split(':')[0];
  const model =
    parts.length > 2
      ? parts
          .slice(1, -1)
          .join('/')
          .replace(/:batch$/, '')
      : undefined;
  const found = limits.find((limit) =>
    vendor === undefined
      ? limit.scope === 'workspace'
      : limit.limit === name &&
        limit.vendor === vendor &&
        (model === undefined || limit.model === model),
  );
  const whose = vendor === undefined ? 'your ' : `${model ?? vendor}’s `;
  const words =
    vendor === undefined ? 'images an hour' : name.replaceAll('-per-', ' a ').replaceAll('-', ' ');
  const most = found?.max === null || found?.max === undefined ? '' : ` (${found.max})`;
  const isUsedUp = found?.left === 0 || found?.blocked_until !== null;
  return {
    text: `${whose}limit of ${words}${most}`,
    freeAt:
      found !== undefined && isUsedUp
        ? (found.blocked_until ?? found.next_at ?? undefined)
        : undefined,
  };
}
