/** How a lane stands, from what was sent on it lately, what waits, and what ended badly. Pure. */
import type {
  LaneEnd,
  LaneFailure,
  LaneHealth,
  LaneLoad,
  LaneVerdict,
  LaneWait,
} from '../core/dashboard.ts';
import type { FailureKind } from '../core/failure.ts';
import type { UsageSums } from '../core/usage.ts';

export interface LaneFacts {
  readonly load: Omit<LaneLoad, 'lane'>;
  readonly waits: readonly LaneWait[];
  /** Newest first. */
  readonly ends: readonly LaneEnd[];
  readonly recent: UsageSums;
  /** When an image came last, where no sending that is looked at made one. */
  readonly deliveredAt?: number;
}

export type LaneStanding = Omit<LaneHealth, 'vendor' | 'model' | 'lane'>;

/** Everything that is sent until somebody has done something comes back the same way. */
const STOPPING: Partial<Record<FailureKind, LaneVerdict>> = {
  'account-exhausted': 'account-empty',
  'key-unusable': 'key-refused',
  'model-gone': 'model-gone',
};

/** One that fails says nothing of a lane; that none of the last few came does. */
const FEW = 3;

/** A vendor that asks to send later says nothing bad of itself. */
const PACE: readonly (FailureKind | undefined)[] = ['rate-limited', 'slots-full'];

export function laneStanding({ load, waits, ends, recent, deliveredAt }: LaneFacts): LaneStanding {
  const lastSuccessAt = ends.find(({ made }) => made > 0)?.at ?? deliveredAt;
  const lastFailure = failureOf(ends);
  const standing = { sent: load.sent, waiting: load.waiting, waits, recent };
  return {
    ...standing,
    verdict: verdictOf({ ...standing, ends, lastSuccessAt: lastSuccessAt ?? -Infinity }),
    ...(lastSuccessAt !== undefined && { lastSuccessAt }),
    ...(lastFailure !== undefined && { lastFailure }),
  };
}

function failureOf(ends: readonly LaneEnd[]): LaneFailure | undefined {
  const failed = ends.find(({ words }) => words !== undefined);
  if (failed === undefined) return undefined;
  const { at, failure, words = '' } = failed;
  return { at, words, ...(failure !== undefined && { kind: failure }) };
}

/** Nothing came of it; a picture that was of no use came all the same. */
function isFailure({ made, words }: LaneEnd): boolean {
  return made === 0 && words !== undefined;
}

interface VerdictFacts extends Pick<LaneFacts, 'waits' | 'ends' | 'recent'> {
  readonly sent: number;
  readonly lastSuccessAt: number;
}

function verdictOf({ sent, waits, ends, recent, lastSuccessAt }: VerdictFacts): LaneVerdict {
  const [newest, ...others] = ends.filter(({ failure }) => !PACE.includes(failure)).slice(0, FEW);
  const stopped = newest?.failure === undefined ? undefined : STOPPING[newest.failure];
  if (stopped !== undefined && newest!.at > lastSuccessAt) return stopped;
  if (newest !== undefined && [newest, ...others].every(isFailure)) return 'failing';
  if (sent > 0) return 'working';
  if (waits.length > 0) return 'waiting';
  return recent.delivered + recent.refused > 0 ? 'working' : 'idle';
}
