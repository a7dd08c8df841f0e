import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { mapInOrder } from './map-in-order.ts';

describe('mapInOrder()', () => {
  test('gives results in the order of the source, whichever is ready first', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* source() {
      yield* [0, 1];
    }
    const results: number[] = [];
    const reading = (async () => {
      for await (const each of mapInOrder(source(), 3, async (at) => {
        await gates[at]!.promise;
        return at;
      })) {
        results.push(each);
      }
    })();
    gates[1]!.resolve();
    gates[0]!.resolve();
    await reading;
    expect(results).toEqual([0, 1]);
  });

  test('lets the others end before it fails', async () => {
    const slow = Promise.withResolvers<void>();
    async function* source() {
      yield* ['bad', 'slow'];
    }
    const reading = Array.fromAsync(
      mapInOrder(source(), 2, async (word) => {
        if (word === 'bad') throw new Error('bad');
        await slow.promise;
        return word;
      }),
    );
    let hasFailed = false;
    const failing = reading.catch(() => (hasFailed = true));
    await setImmediate();
    expect(hasFailed).toBe(false);
    slow.resolve();
    await failing;
    await expect(reading).rejects.toThrow('bad');
  });
});
