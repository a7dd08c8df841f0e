/** Runs as a client of the service makes and watches them. */
import { expect } from 'vitest';
import type { LiveServer } from './live-server.ts';

type Call = LiveServer['call'];

/** What a test reads of a run. */
export interface SeenRun {
  readonly run: string;
  readonly state: string;
  readonly title: string;
  readonly sheet: string;
  readonly items: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly actions: readonly string[];
  readonly budget: number | null;
  readonly plan_hash: string;
}

/** Painted in no time. */
export const DEMO = { models: ['demo'], size: '128x128' } as const;

/** A new run on the demo model unless the body says otherwise; answers its id. */
export async function newRun(call: Call, body: Readonly<Record<string, unknown>> = {}) {
  const answer = await call('POST', '/v1/runs', {
    body: { prompts: ['a red boat'], settings: DEMO, approve: true, ...body },
  });
  const made = (await answer.json()) as SeenRun;
  expect(answer.status, JSON.stringify(made)).toBe(201);
  return made.run;
}

export async function seenRun(call: Call, run: string): Promise<SeenRun> {
  return (await (await call('GET', `/v1/runs/${run}`)).json()) as SeenRun;
}

/** Waits until the run is in this state. */
export async function untilRun(call: Call, run: string, state = 'done'): Promise<SeenRun> {
  await expect.poll(async () => (await seenRun(call, run)).state, { timeout: 20_000 }).toBe(state);
  return seenRun(call, run);
}

export interface SeenItem {
  readonly item: string;
  readonly row: number;
  readonly index: number;
  readonly state: string;
  readonly prompt: string;
  readonly sha256: string;
  readonly file: string;
  readonly links: Readonly<Record<string, string>>;
}

export async function itemsOf(call: Call, run: string, query = ''): Promise<SeenItem[]> {
  const answer = await call('GET', `/v1/runs/${run}/items${query}`);
  const { data } = (await answer.json()) as { data: SeenItem[] };
  return data;
}

/** What a test reads of a problem. */
export interface SeenProblem {
  readonly code: string;
  readonly detail: string;
  readonly problems: readonly Readonly<Record<string, unknown>>[];
}

export async function problemOf(answer: Response, status: number): Promise<SeenProblem> {
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return JSON.parse(text) as SeenProblem;
}
