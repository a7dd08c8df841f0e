import { expect, test } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

test('the second waits for the first, whatever came of it; another does not', async () => {
  const turns = new OneAtATime();
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const first = turns.do('a', async () => {
    told.push('first begins');
    await gate.promise;
    told.push('first ends');
    throw new Error('broken');
  });
  const second = turns.do('a', async () => told.push('second'));
  await turns.do('b', async () => told.push('other'));
  expect(told).toEqual(['first begins', 'other']);
  gate.resolve();
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(told).toEqual(['first begins', 'other', 'first ends', 'second']);
});
