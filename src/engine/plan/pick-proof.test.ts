import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pickProof, type ProofCandidate } from './pick-proof.ts';

function candidate(number: number, part: Partial<ProofCandidate> = {}): ProofCandidate {
  const key = createHash('sha256').update(String(number)).digest('hex').slice(0, 32);
  return { key, model: 'demo', promptLength: (number * 37) % 500, number, ...part };
}

function candidates(count: number, part: (number: number) => Partial<ProofCandidate> = () => ({})) {
  return Array.from({ length: count }, (_, index) => candidate(index + 1, part(index + 1)));
}

async function picked(n: number, all: readonly ProofCandidate[]): Promise<ProofCandidate[]> {
  const keys = await pickProof(n, all);
  return all.filter((each) => keys.has(each.key));
}

describe('a proof', () => {
  test('has rows of every model and style, even of rare ones', async () => {
    const sheet = candidates(2_000, (number) => ({
      model: number % 500 === 0 ? 'rare' : 'usual',
      style: number % 2 === 0 ? 'oil' : 'ink',
    }));
    const proof = await picked(10, sheet);
    expect(proof).toHaveLength(10);
    expect(new Set(proof.map(({ model, style }) => `${model} ${style}`))).toEqual(
      new Set(['usual oil', 'usual ink', 'rare oil']),
    );
  });

  test('has short, middling and long prompts', async () => {
    const sheet = candidates(900, (number) => ({ promptLength: number }));
    const lengths = (await picked(9, sheet)).map((each) => each.promptLength);
    const thirds = lengths.map((length) => Math.floor((length - 1) / 300));
    expect(new Set(thirds)).toEqual(new Set([0, 1, 2]));
  });

  test('alternates between models when there are more styles than rows', async () => {
    const sheet = candidates(600, (number) => ({
      model: number % 3 === 0 ? 'a' : 'b',
      style: `style ${number % 50}`,
    }));
    const proof = await picked(8, sheet);
    expect(proof.filter((each) => each.model === 'a')).toHaveLength(4);
    expect(new Set(proof.map((each) => each.style)).size).toBeGreaterThan(5);
  });

  test('takes a stream as well, and nothing when it is off', async () => {
    async function* stream() {
      yield* candidates(5);
    }
    expect((await pickProof(3, stream())).size).toBe(3);
    expect((await pickProof(0, candidates(5))).size).toBe(0);
  });

  test('holds its size when styles are beyond counting', async () => {
    const sheet = candidates(20_000, (number) => ({ style: `style ${number}` }));
    expect((await pickProof(50, sheet)).size).toBe(50);
  });

  test('is as many rows as asked, or all, and the same in any order', async () => {
    const part = fc.record({
      model: fc.constantFrom('a', 'b', 'c'),
      style: fc.constantFrom('oil', 'ink'),
      promptLength: fc.integer({ min: 1, max: 900 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 200 }),
        fc.nat({ max: 40 }),
        async (parts, n) => {
          const sheet = parts.map((each, index) => candidate(index + 1, each));
          const keys = await pickProof(n, sheet);
          expect(keys.size).toBe(Math.min(n, sheet.length));
          expect(await pickProof(n, sheet.toReversed())).toEqual(keys);
        },
      ),
      { numRuns: 60 },
    );
  });
});
