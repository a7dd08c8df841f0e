/** Runs from some items of another one. */
import type { createFollowUpRoute, planFollowUpRoute } from '../routes/follow-ups.ts';
import type { Caller } from './caller.ts';
import { type Answer, type CallOptions, endpoint, type JsonInputOf } from './endpoint.ts';

export type FollowUpOrder = JsonInputOf<typeof planFollowUpRoute>;
export type FollowUpPlan = Answer<typeof planFollowUpRoute>;

export function followUpsOf(caller: Caller) {
  return {
    plan: (run: string, json: FollowUpOrder, options?: CallOptions) =>
      caller.call(
        endpoint<typeof planFollowUpRoute>('post', '/v1/runs/{run}/follow-ups/plan'),
        { params: { run }, json },
        options,
      ),
    create: (run: string, json: JsonInputOf<typeof createFollowUpRoute>, options?: CallOptions) =>
      caller.call(
        endpoint<typeof createFollowUpRoute>('post', '/v1/runs/{run}/follow-ups'),
        { params: { run }, json },
        options,
      ),
  };
}
