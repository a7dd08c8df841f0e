import { describe, expect, test } from 'vitest';
import { laneRequest } from '../../test/support/lane-request.ts';
import { memoryBlobs } from '../../test/support/memory-blobs.ts';
import { paintPicture } from '../../test/support/pictures.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { inspectImage } from './finish/check-image.ts';
import { storeImages } from './store-images.ts';
import type { LaneImage } from './vendors/vendor.ts';

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
