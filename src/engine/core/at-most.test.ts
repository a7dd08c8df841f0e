import { expect, test } from 'vitest';
import { atMost } from './at-most.ts';

test('atMost(2) runs two at a time, in order, whatever fails', async () => {
  const gate = atMost(2);
  const begun: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const work = [0, 1, 2, 3].map((number) =>
    gate(async () => {
      begun.push(number);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return number;
    }),
  );
  const settle = () => new Promise(setImmediate);
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]!.reject(new Error('no'));
  await expect(work[1]).rejects.toThrow('no');
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]!.resolve();
  ends[2]!.resolve();
  await settle();
  ends[3]!.resolve();
  expect(await Promise.all([work[0], work[2], work[3]])).toEqual([0, 2, 3]);
  // A place that was handed on is not lost.
  expect(await Promise.all([gate(async () => 'a'), gate(async () => 'b')])).toEqual(['a', 'b']);
});
