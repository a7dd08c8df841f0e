/** What a call is told whose run gave it no image. */
import type { ItemRecord } from '../../engine/core/item-record.ts';
import type { StoredRun } from '../../engine/engine-types.ts';
import { OpenaiError, type OpenaiErrorFacts } from './openai-error.ts';

/** Of a run that has settled, without a delivered image. */
export function callError(run: StoredRun, records: readonly ItemRecord[]): OpenaiError {
  const first = (state: ItemRecord['state']) => records.find((each) => each.state === state);
  const unknown = first('unknown');
  if (unknown !== undefined) return new OpenaiError({ ...outcomeUnknown(unknown), run: run.id });
  const refused = first('refused');
  if (refused !== undefined) return new OpenaiError({ ...refusal(refused), run: run.id });
  const failed = first('failed');
  if (failed !== undefined) return new OpenaiError({ ...failure(failed), run: run.id });
  return new OpenaiError({ ...stopped(run), run: run.id });
}

function outcomeUnknown({ reason = '' }: ItemRecord): OpenaiErrorFacts {
  return {
    status: 500,
    type: 'server_error',
    code: 'outcome_unknown',
    message: `The vendor did not say whether the images were made, and they may have been paid for (${reason}). It is not safe to send this again without thought: the run shows what became of it.`,
    mayRepeat: false,
  };
}

function refusal({ refusal: facts, reason }: ItemRecord): OpenaiErrorFacts {
  const category = facts?.category;
  const about = category === undefined || category === 'unspecified' ? '' : ` (${category})`;
  return {
    status: 400,
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
    param: 'prompt',
    message: `The vendor's policy refused this${about}. ${reason ?? ''}`.trim(),
    mayRepeat: false,
  };
}

function failure({ reason = 'no reason was given' }: ItemRecord): OpenaiErrorFacts {
  return {
    status: 500,
    type: 'image_generation_server_error',
    code: 'generation_failed',
    message: `The images could not be made: ${reason.replace(/\.$/, '')}. Nothing was charged.`,
    mayRepeat: false,
  };
}

function stopped({ reason, reasonText, state }: StoredRun): OpenaiErrorFacts {
  const words = reasonText === undefined ? '' : ` ${reasonText}.`;
  switch (reason) {
    case 'budget':
    case 'credits':
      return insufficientQuota(words);
    case 'interrupted':
      return {
        ...UNAVAILABLE,
        code: 'interrupted',
        message: 'The server is being stopped. The images are made when it is there again.',
        mayRepeat: false,
      };
    case 'cancelled':
      return {
        status: 409,
        type: 'invalid_request_error',
        code: 'cancelled',
        message: 'The run of this call was cancelled.',
        mayRepeat: false,
      };
    default:
      return {
        ...UNAVAILABLE,
        code: reason === 'vendor' ? 'vendor_unavailable' : 'unavailable',
        message: `The images cannot be made now (${reason ?? state}).${words}`,
      };
  }
}

export function insufficientQuota(words: string): OpenaiErrorFacts {
  return {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: `The credits do not reach, and nothing was sent.${words}`,
    mayRepeat: false,
  };
}

const UNAVAILABLE = { status: 503, type: 'server_error' } as const;

/** The images are still to come: the same `Idempotency-Key` waits for the same ones again. */
export function waitedTooLong(run: string, waitedMs: number, hasKey: boolean): OpenaiError {
  const again = hasKey
    ? 'Send it again with the same Idempotency-Key to wait for them further.'
    : 'Sending it again would make others: take them from the run, or send an Idempotency-Key next time.';
  return new OpenaiError({
    status: 504,
    type: 'server_error',
    code: 'wait_timeout',
    message: `The images are not there after ${Math.round(waitedMs / 1000)} s. They will be in run ${run}. ${again}`,
    run,
    mayRepeat: hasKey,
  });
}
