import type { LaneRequest } from '../../src/engine/vendors/vendor.ts';

/** A request for one 1024x1024 picture of a fox, with what is given put over it. */
export function laneRequest(given: Partial<LaneRequest> = {}): LaneRequest {
  return {
    key: 'run-7f3a-request-1',
    model: 'a-model',
    prompt: 'a red fox in fresh snow',
    size: { width: 1024, height: 1024 },
    quality: 'medium',
    count: 1,
    references: [],
    format: 'png',
    ...given,
  };
}
