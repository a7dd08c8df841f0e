/** What `serve` and `worker` take of the shared work, and how long they may be silent. */
import { InputError, type Problem } from '../engine/core/errors.ts';
import { WORKER_KINDS, type WorkerKind } from '../engine/core/worker.ts';
import type { Environment } from './environment.ts';

export interface WorkerOptions {
  readonly take?: string;
  readonly lease?: string;
}

export interface WorkerPlan {
  readonly kinds: readonly WorkerKind[];
  readonly leaseMs: number;
}

const DEFAULT_LEASE_SECONDS = 60;
const LEAST_LEASE_SECONDS = 2;
const LONGEST_LEASE_SECONDS = 600;
const NOTHING = 'nothing';

/** Each option is also a variable: `IMAGEMILL_TAKE`, `IMAGEMILL_LEASE`. Throws `InputError` with all that is wrong. */
export function readWorkerOptions(
  options: WorkerOptions,
  environment: Environment,
  mayTakeNothing = false,
): WorkerPlan {
  const problems: Problem[] = [];
  const take = given(options.take, environment, 'IMAGEMILL_TAKE', '--take');
  const lease = given(options.lease, environment, 'IMAGEMILL_LEASE', '--lease');
  const kinds = take.text === undefined ? WORKER_KINDS : kindsOf(take.text, mayTakeNothing);
  const known = [...WORKER_KINDS, ...(mayTakeNothing ? [NOTHING] : [])].join(', ');
  if (kinds === undefined) {
    problems.push({
      column: take.column,
      value: take.text!,
      message: 'There is no such kind of work',
      remedy: `Write one or several of ${known}, with commas between them.`,
    });
  }
  const seconds = lease.text === undefined ? DEFAULT_LEASE_SECONDS : Number(lease.text);
  if (!(seconds >= LEAST_LEASE_SECONDS && seconds <= LONGEST_LEASE_SECONDS)) {
    problems.push({
      column: lease.column,
      value: lease.text ?? '',
      message: 'This is no time for a lease',
      remedy: `Use seconds from ${LEAST_LEASE_SECONDS} to ${LONGEST_LEASE_SECONDS}; all processes of a store should have the same.`,
    });
  }
  if (kinds === undefined || problems.length > 0) throw new InputError(problems);
  return { kinds, leaseMs: Math.round(seconds * 1000) };
}

function given(
  option: string | undefined,
  environment: Environment,
  variable: string,
  name: string,
) {
  const text = option ?? (environment[variable]?.trim() || undefined);
  return { text, column: option === undefined ? variable : name };
}

function kindsOf(text: string, mayTakeNothing: boolean): readonly WorkerKind[] | undefined {
  if (text === NOTHING) return mayTakeNothing ? [] : undefined;
  const names = text.split(',').map((each) => each.trim());
  const kinds = WORKER_KINDS.filter((kind) => names.includes(kind));
  return names.every((name) => kinds.includes(name as WorkerKind)) ? kinds : undefined;
}
