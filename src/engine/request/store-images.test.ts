import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../../test/support/lane-request.ts';
import { memoryBlobs } from '../../../test/support/memory-blobs.ts';
import { paintPicture } from '../../../test/support/pictures.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { inspectImage } from '../finish/check/check-image.ts';
import { type ImageLane, storeImages } from './store-images.ts';
import type { FetchAnswer, LaneImage, PollAnswer } from '../vendors/vendor.ts';

const wanted = { width: 256, height: 256 };

async function outcomeOf(
  leftOut: { readonly words: string; readonly spoils: boolean },
  size = wanted,
) {
  const bytes = await paintPicture(size.width, size.height);
  const image: LaneImage = { index: 0, kind: 'image', source: { kind: 'bytes', bytes }, leftOut };
  const deps = {
    blobs: memoryBlobs(),
    inspect: inspectImage,
    clock: new VirtualClock(),
    stop: new AbortController().signal,
  };
  const stored = await storeImages(deps, {}, laneRequest(), [image], { wanted });
  if (stored.kind !== 'stored') throw new Error(stored.kind);
  return stored.outcomes[0];
}

describe('a picture for which the vendor left a part of the request out', () => {
  test('is delivered where it is as wanted all the same', async () => {
    const outcome = await outcomeOf({ words: 'no seed', spoils: false });
    expect(outcome?.state).toBe('delivered');
  });

  test('has failed where it is useless without that part, and is kept', async () => {
    const outcome = await outcomeOf({ words: 'no references', spoils: true });
    expect(outcome).toMatchObject({ state: 'failed', reason: 'no references', image: wanted });
  });

  test('that shows it in its size says both', async () => {
    const leftOut = { words: 'the size was left out', spoils: false };
    const outcome = await outcomeOf(leftOut, { width: 128, height: 128 });
    expect(outcome).toMatchObject({ state: 'failed', image: { width: 128 } });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('(the size was left out)'));
  });
});

describe('a picture whose address has expired', () => {
  const LATE = 'https://vendor.example/late.png';
  const FRESH = 'https://vendor.example/fresh.png';
  const pictureAt = (url: string) =>
    ({ index: 0, kind: 'image', source: { kind: 'url', url } }) as const;
  const failedAs = (kind: 'overloaded' | 'task-failed'): PollAnswer => ({
    kind: 'failed',
    failure: { kind, words: 'No.' },
  });

  /** Asks for the task get `polls`, one after the other; only the fresh address has a picture. */
  async function outcomeAfter(...polls: readonly PollAnswer[]) {
    const bytes = await paintPicture(wanted.width, wanted.height);
    const left = [...polls];
    const lane: ImageLane = {
      fetch: async (url): Promise<FetchAnswer> =>
        url === FRESH ? { kind: 'fetched', bytes } : { kind: 'expired', words: 'HTTP 403' },
      poll: async () => left.shift()!,
    };
    const clock = new VirtualClock();
    const { signal: stop } = new AbortController();
    const deps = { blobs: memoryBlobs(), inspect: inspectImage, clock, stop };
    const work = storeImages(deps, lane, laneRequest(), [pictureAt(LATE)], { wanted, ref: 'a' });
    let ended = false;
    void work.finally(() => {
      ended = true;
    });
    while (!ended) await clock.step();
    const stored = await work;
    if (stored.kind !== 'stored') throw new Error(stored.kind);
    return stored.outcomes[0];
  }

  test('is asked for again until the vendor tells a fresh one', async () => {
    const fresh: PollAnswer = { kind: 'answered', images: [pictureAt(FRESH)] };
    const outcome = await outcomeAfter(failedAs('overloaded'), failedAs('overloaded'), fresh);
    expect(outcome?.state).toBe('delivered');
  });

  test('has failed once a fresh one has expired too, or there is none', async () => {
    const late: PollAnswer = { kind: 'answered', images: [pictureAt(LATE)] };
    for (const answer of [late, failedAs('task-failed')]) {
      expect(await outcomeAfter(answer)).toMatchObject({
        state: 'failed',
        reason: 'the address of the picture has expired: HTTP 403',
      });
    }
  });
});
