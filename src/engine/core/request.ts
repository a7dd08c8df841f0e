import type { TransitionTable } from './transition.ts';

/**
 * A request is `waiting` until it is admitted, `sent` while an attempt of it is alive, `unknown` when
 * nobody can tell what became of it, and `done` when each of its items has an outcome.
 */
export type RequestState = 'waiting' | 'sent' | 'unknown' | 'done' | 'cancelled';

export const REQUEST_TRANSITIONS: TransitionTable<RequestState> = {
  waiting: ['sent', 'cancelled'],
  sent: ['waiting', 'done', 'unknown'],
  unknown: ['waiting', 'sent', 'done'],
  done: [],
  cancelled: [],
};

/**
 * One sending of a request. `sent` is written before the socket opens, `accepted` when the vendor's id
 * is stored. It ends as `settled` (outcomes known), `returned` (nothing was made, the request waits
 * again) or `unknown`; an unknown one is settled when it is found, or `written-off` by a decision.
 */
export type AttemptState = 'sent' | 'accepted' | 'settled' | 'returned' | 'unknown' | 'written-off';

export const ATTEMPT_TRANSITIONS: TransitionTable<AttemptState> = {
  sent: ['accepted', 'settled', 'returned', 'unknown'],
  accepted: ['settled', 'returned', 'unknown'],
  unknown: ['accepted', 'settled', 'returned', 'written-off'],
  settled: [],
  returned: [],
  'written-off': [],
};
