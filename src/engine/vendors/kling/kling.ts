/**
 * Kling: a task that carries an id of ours, so that a lost answer can be looked up and a second
 * sending is refused by the vendor itself. HTTP 200 is not success: the body's `code` is.
 */
import { z } from 'zod';
import { toMicros } from '../../core/credits.ts';
import type { Failure } from '../../core/failure.ts';
import { download } from '../download.ts';
import { failed } from '../failures.ts';
import { type Asked, klingCaller, PARAMETER_INVALID, RESOURCE_NOT_FOUND } from './kling-call.ts';
import { klingOrder, klingPathOf } from './kling-orders.ts';
import { usdMicrosOfUnits } from './kling-price.ts';
import { klingUsage } from './kling-usage.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import { accountOf, scrubber } from '../secret.ts';
import type {
  Accepted,
  Answered,
  CallContext,
  Failed,
  LaneRequest,
  Pending,
  VendorLane,
} from '../vendor.ts';

/** A picture takes 10 to 60 s; asking is free and takes no slot. */
const POLL_AFTER_MS = 2000;

/** `baseUrl` is the host's root: `https://api-singapore.klingai.com`. */
export function createKlingLane(config: LaneConfig): VendorLane {
  const scrub = scrubber(config.apiKey);
  const callKling = klingCaller(config);

  /** `id` is the vendor's or ours: it takes either. */
  function ask(id: string, { model }: LaneRequest, context: CallContext): Promise<Asked<Task>> {
    const path = `${klingPathOf(model)}/${encodeURIComponent(id)}`;
    return callKling({ method: 'GET', path, data: taskSchema }, context);
  }

  return {
    vendor: 'kling',
    account: accountOf('kling', withoutSlash(config.baseUrl), config.apiKey),
    async submit(request, context) {
      const path = klingPathOf(request.model);
      const body = klingOrder(request);
      const asked = await callKling({ method: 'POST', path, body, data: taskSchema }, context);
      if (asked.data) return accepted(asked.data);
      if (asked.code !== PARAMETER_INVALID) return failed(asked.failure, scrub);
      // One code says both "wrong parameter" and "id used before": only asking for the id tells.
      return failed(whatRefusedIt(asked.failure, await ask(request.key, request, context)), scrub);
    },
    async poll(ref, request, context) {
      const asked = await ask(ref, request, context);
      return asked.data
        ? scrubbed(readTask(asked.data, request))
        : failed(pollFailure(asked), scrub);
    },
    async find(request, context) {
      const asked = await ask(request.key, request, context);
      if (asked.data) return accepted(asked.data);
      return isNothing(asked) ? { kind: 'nothing' } : failed(asked.failure, scrub);
    },
    fetch: (url, context) => download(config, url, context),
    async usage(period, context) {
      const report = await klingUsage(callKling, period, context);
      return 'failure' in report
        ? failed(report.failure, scrub)
        : { kind: 'usage', lines: report.lines };
    },
  };

  function scrubbed<State extends { readonly kind: string }>(
    state: State | Failed,
  ): State | Failed {
    return 'failure' in state ? { ...state, ...failed(state.failure, scrub) } : state;
  }
}

// The answers.

function accepted(task: Task): Accepted {
  const isOver = task.task_status === 'succeed' || task.task_status === 'failed';
  return { kind: 'accepted', ref: task.task_id, pollAfterMs: isOver ? 0 : POLL_AFTER_MS };
}

function readTask(task: Task, request: LaneRequest): Answered | Pending | Failed {
  switch (task.task_status) {
    case 'submitted':
    case 'processing':
      return { kind: 'pending', pollAfterMs: POLL_AFTER_MS };
    case 'succeed':
      return { kind: 'answered', images: readImages(task, request), ...billOf(task) };
    case 'failed': {
      const words = task.task_status_msg || 'The task failed.';
      return { kind: 'failed', failure: { kind: 'task-failed', words }, ...billOf(task) };
    }
  }
  return task.task_status satisfies never;
}

function readImages(task: Task, request: LaneRequest): Answered['images'] {
  const images = [...(task.task_result?.images ?? [])].sort(
    (a, b) => (a.index ?? 0) - (b.index ?? 0),
  );
  return images
    .slice(0, request.count)
    .map(({ url }, index) => ({ index, kind: 'image', source: { kind: 'url', url } }) as const);
}

/** The list price where money was taken, the units where a resource pack was used. */
function billOf({ final_balance_deduction, final_unit_deduction }: Task): { usdMicros?: number } {
  const listPrice = final_balance_deduction?.list_price;
  if (listPrice) return { usdMicros: toMicros(listPrice) };
  if (final_unit_deduction === undefined) return {};
  return { usdMicros: usdMicrosOfUnits(final_unit_deduction) };
}

// What an error means.

/** The vendor's own words that there is no such task; a proxy's 404 proves nothing. */
function isNothing({ code }: Asked<Task>): boolean {
  return code === RESOURCE_NOT_FOUND;
}

/** A task that was accepted cannot turn into "model gone": it is not found (any more). */
function pollFailure(asked: Asked<Task> & { readonly failure: Failure }): Failure {
  return isNothing(asked) ? { kind: 'unknown', words: asked.failure.words } : asked.failure;
}

function whatRefusedIt({ words }: Failure, asked: Asked<Task>): Failure {
  if (asked.data) return { kind: 'duplicate', words };
  if (isNothing(asked)) return { kind: 'invalid-request', words };
  return { kind: 'unknown', words: `${words}, and asking for it: ${asked.failure.words}` };
}

// The wire, as far as it is read.

/** The vendor writes amounts as texts. */
const amount = z.coerce.number().nonnegative().optional().catch(undefined);

const taskSchema = z.object({
  task_id: z.string().min(1),
  // `succeed`, not `succeeded`, on this interface.
  task_status: z.enum(['submitted', 'processing', 'succeed', 'failed']),
  task_status_msg: z.string().nullish(),
  task_result: z
    .object({
      images: z.array(z.object({ index: z.number().optional(), url: z.string() })).nullish(),
    })
    .nullish(),
  final_unit_deduction: amount,
  final_balance_deduction: z.object({ list_price: amount }).nullish().catch(undefined),
});
type Task = z.infer<typeof taskSchema>;
