import type { LaneKind } from '../core/lane.ts';
import type { Model } from '../core/model.ts';
import type { RunSettings } from '../core/settings.ts';
import type { RowProblem } from './row-problem.ts';

/** The lane that a row begins on. `auto` needs a deadline to take the cheap one; without, it is live. */
export function beginningLane(
  { lane, deadlineAt }: Pick<RunSettings, 'lane' | 'deadlineAt'>,
  model: Model,
): LaneKind {
  if (model.batch === undefined || lane === 'live') return 'live';
  return lane === 'batch' || deadlineAt !== undefined ? 'batch' : 'live';
}

/** Asked for by name, a batch lane must be there. */
export function missingLane(
  { lane }: Pick<RunSettings, 'lane'>,
  model: Model,
): RowProblem | undefined {
  if (lane !== 'batch' || model.batch !== undefined) return undefined;
  return {
    column: 'model',
    value: model.id,
    message: `${model.title} has no batch lane`,
    remedy: 'Use --lane auto (which takes it where there is one) or --lane live, or another model.',
  };
}
