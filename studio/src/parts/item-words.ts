/** States, flags and waits in the words of people. */
import type { FlagKind } from '../../../src/engine/core/flag.ts';
import type { ItemState } from '../../../src/engine/core/outcome.ts';

export const STATE_WORDS: Readonly<Record<ItemState, string>> = {
  delivered: 'delivered',
  sent: 'being made',
  waiting: 'waiting',
  refused: 'refused',
  failed: 'failed',
  unknown: 'unknown',
  cancelled: 'cancelled',
};

/** In the order of a bar: what is done first. */
export const STATES_SHOWN: readonly ItemState[] = [
  'delivered',
  'refused',
  'failed',
  'unknown',
  'cancelled',
  'sent',
  'waiting',
];

/** Background colours; the states stand beside them as words. */
export const STATE_COLORS: Readonly<Record<ItemState, string>> = {
  delivered: 'bg-success',
  refused: 'bg-warning',
  failed: 'bg-danger',
  unknown: 'bg-danger/50',
  cancelled: 'bg-muted/50',
  sent: 'bg-accent',
  waiting: 'bg-default',
};

export const FLAG_WORDS: Readonly<Record<FlagKind, string>> = {
  blank: 'blank',
  'wrong-size': 'wrong size',
  broken: 'broken',
  'near-duplicate': 'near duplicate',
  drifted: 'drifted',
  'exact-duplicate': 'exact duplicate',
  'low-detail': 'low detail',
  screened: 'flagged for review',
  'missing-file': 'file missing',
  'changed-file': 'file changed',
  unmarked: 'marks gone',
  'broken-credentials': 'credentials broken',
};

/** `images-per-minute` of `openai:account/images-per-minute`: "images per minute". */
export function limitText(limit: string): string {
  return (limit.split('/').at(-1) ?? limit).replaceAll('-', ' ');
}
