import { decideAdmission } from '../../src/engine/admit/decide-admission.ts';
import { learnedMax, learnLimit } from '../../src/engine/admit/learn-limit.ts';
import { staySuspected } from '../../src/engine/admit/isolate-refusals.ts';
import { pickBundle } from '../../src/engine/admit/pick-bundle.ts';
import { windowMarginMs } from '../../src/engine/admit/rolling-window.ts';
import { endHold, holdEntry } from '../../src/engine/settle/ledger.ts';
import type { Decisions } from '../../src/engine/store/store.ts';

/** The decisions that the engine gives to its store. */
export const DECISIONS: Decisions = {
  decideAdmission,
  pickBundle,
  staySuspected,
  learnLimit,
  learnedMax,
  windowMarginMs,
  holdEntry,
  endHold,
};
