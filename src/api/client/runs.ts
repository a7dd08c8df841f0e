/** Runs: planned, made, watched, decided about. */
import type { progressJson } from '../json/event-json.ts';
import type { journalJson } from '../json/journal-json.ts';
import type { runEventsRoute } from '../routes/events.ts';
import type { journalRoute } from '../routes/items.ts';
import type { createPlanRoute } from '../routes/plan.ts';
import type {
  approveRunRoute,
  cancelRunRoute,
  changeRunRoute,
  createRunRoute,
  getRunRoute,
  listRunsRoute,
  pauseRunRoute,
  resumeRunRoute,
  retryRunRoute,
} from '../routes/runs.ts';
import type { Caller } from './caller.ts';
import {
  type Answer,
  type CallOptions,
  endpoint,
  type JsonInputOf,
  type QueryInputOf,
} from './endpoint.ts';
import { streamEvents, type StreamOptions } from './event-stream.ts';
import { type SheetUpload, sheetForm } from './sheet-form.ts';

const get = endpoint<typeof getRunRoute>('get', '/v1/runs/{run}');
const events = endpoint<typeof runEventsRoute>('get', '/v1/runs/{run}/events');

export type Run = Answer<typeof getRunRoute>;

/** What a run's stream tells: how it stands, what was written to its journal, and its end. */
export type WatchedRunEvent = { readonly id: string | undefined } & (
  | {
      readonly event: 'snapshot' | 'progress' | 'end';
      readonly data: ReturnType<typeof progressJson>;
    }
  | { readonly event: 'journal'; readonly data: ReturnType<typeof journalJson> }
);

export function runsOf(caller: Caller) {
  const runs = {
    /** What it would do and cost; spends and keeps nothing. */
    plan: (json: JsonInputOf<typeof createPlanRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createPlanRoute>('post', '/v1/plans'), { json }, options),
    planSheet: (sheet: SheetUpload, options?: CallOptions) =>
      caller.call(
        endpoint<typeof createPlanRoute>('post', '/v1/plans'),
        { form: sheetForm(sheet) },
        options,
      ),
    create: (json: JsonInputOf<typeof createRunRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof createRunRoute>('post', '/v1/runs'), { json }, options),
    /** From a file of prompts, with the pictures that it names. */
    upload: (sheet: SheetUpload, options?: CallOptions) =>
      caller.call(
        endpoint<typeof createRunRoute>('post', '/v1/runs'),
        { form: sheetForm(sheet) },
        options,
      ),
    get: (run: string, options?: CallOptions) => caller.call(get, { params: { run } }, options),
    /** A page of them, the newest first. */
    list: (query?: QueryInputOf<typeof listRunsRoute>, options?: CallOptions) =>
      caller.call(endpoint<typeof listRunsRoute>('get', '/v1/runs'), { query }, options),
    /** All of them, page after page. */
    all: (query?: QueryInputOf<typeof listRunsRoute>, options?: CallOptions) =>
      caller.entries(endpoint<typeof listRunsRoute>('get', '/v1/runs'), { query }, options),
    change: (run: string, json: JsonInputOf<typeof changeRunRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof changeRunRoute>('patch', '/v1/runs/{run}'),
        { params: { run }, json },
        options,
      ),
    approve: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof approveRunRoute>('post', '/v1/runs/{run}/approve'),
        { params: { run } },
        options,
      ),
    pause: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof pauseRunRoute>('post', '/v1/runs/{run}/pause'),
        { params: { run } },
        options,
      ),
    resume: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof resumeRunRoute>('post', '/v1/runs/{run}/resume'),
        { params: { run } },
        options,
      ),
    cancel: (run: string, options?: CallOptions) =>
      caller.call(
        endpoint<typeof cancelRunRoute>('post', '/v1/runs/{run}/cancel'),
        { params: { run } },
        options,
      ),
    retry: (run: string, json: JsonInputOf<typeof retryRunRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof retryRunRoute>('post', '/v1/runs/{run}/retry'),
        { params: { run }, json },
        options,
      ),
    journal: (run: string, options?: CallOptions) =>
      caller.entries(
        endpoint<typeof journalRoute>('get', '/v1/runs/{run}/journal'),
        { params: { run } },
        options,
      ),
    journalPage: (run: string, query?: QueryInputOf<typeof journalRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof journalRoute>('get', '/v1/runs/{run}/journal'),
        { params: { run }, query },
        options,
      ),
    /** As it happens, to the run's end; goes on by itself where a connection was lost. */
    events: (run: string, options?: StreamOptions) =>
      streamEvents(
        caller,
        { to: events, input: { params: { run } }, last: 'end' },
        options,
      ) as AsyncGenerator<WatchedRunEvent, void, undefined>,
    /** Resolves when the run has ended, or waits for somebody: see its `state`. */
    wait: async (run: string, options: StreamOptions = {}): Promise<Run> => {
      const now = await runs.get(run, options);
      if (hasSettled(now)) return now;
      for await (const { event, data } of runs.events(run, options)) {
        if (event === 'progress' || (event === 'journal' && data.type !== 'run-stopped')) continue;
        const then = await runs.get(run, options);
        if (hasSettled(then)) return then;
      }
      return runs.get(run, options);
    },
  };
  return runs;
}

/** Nothing more happens by itself; what was interrupted goes on with the next server. */
function hasSettled({ state, reason }: Run): boolean {
  if (state === 'planned' || state === 'running') return false;
  return !(state === 'stopped' && reason === 'interrupted');
}
