import type { PlannedRequest } from '../core/plan.ts';

/** Images of consecutive numbers, in as few requests as possible, full ones first: 10 by 9 is 9 + 1. */
export function splitRequests(
  count: number,
  imagesPerRequest: number,
): Pick<PlannedRequest, 'firstIndex' | 'count'>[] {
  const requests = [];
  for (let made = 0; made < count; made += imagesPerRequest) {
    requests.push({ firstIndex: made + 1, count: Math.min(imagesPerRequest, count - made) });
  }
  return requests;
}
