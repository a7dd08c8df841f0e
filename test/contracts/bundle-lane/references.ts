import { describe, expect, test } from 'vitest';
import {
  BUNDLE,
  NOBODY_STOPS,
  PROMPTS,
  finish,
  linesOf,
  failureOf,
  redSquare,
  hasUploads,
  type Subject,
} from './subject.ts';

/** Requests of another kind, and pictures that they refer to. */
export function describeReferences({ harness, createWorld, bundleOf, carry }: Subject): void {
  describe.runIf(harness.otherKind !== undefined)('with kinds of requests', () => {
    test('takes a bundle of each kind', async () => {
      const { ended, simulator } = await carry({}, bundleOf(PROMPTS, harness.otherKind));
      expect(linesOf(ended).every(({ answer }) => answer.kind === 'answered')).toBe(true);
      expect(simulator.bill.images).toBe(PROMPTS.length);
    });

    test('sends nothing of a bundle in which they are mixed', async () => {
      const { lane, simulator } = createWorld();
      const [first, second] = bundleOf(PROMPTS).requests;
      const other = { ...second!, ...harness.otherKind };
      const mixed = { key: BUNDLE, model: harness.model, requests: [first!, other] };
      const submitted = await lane.submit(mixed, NOBODY_STOPS);
      expect(failureOf(submitted).kind).toBe('invalid-request');
      expect(simulator.log.entries).toHaveLength(0);
    });
  });

  describe.runIf(hasUploads(harness))('as a lane that keeps references', () => {
    test('refers to a picture that was uploaded once', async () => {
      const { lane, simulator, ...world } = createWorld();
      const bytes = await redSquare();
      const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
      const kept = await lane.uploadReference!(reference, NOBODY_STOPS);
      if (kept.kind === 'failed') throw new Error(kept.failure.words);
      expect(kept.expiresAt ?? Infinity).toBeGreaterThan(world.clock.now());
      const bundle = bundleOf(PROMPTS, {
        references: [{ kind: 'uploaded', handle: kept.handle, mediaType: 'image/png' }],
      });
      const submitted = await lane.submit(bundle, NOBODY_STOPS);
      const ended = await finish({ lane, ...world }, submitted, bundle.requests);
      expect(linesOf(ended).every(({ answer }) => answer.kind === 'answered')).toBe(true);
      expect(simulator.bill.images).toBe(PROMPTS.length);
    });

    test('says when a picture could not be uploaded', async () => {
      const { lane } = createWorld({}, 'wrong-key-that-nobody-may-see');
      const bytes = await redSquare();
      const reference = { kind: 'bytes', bytes, mediaType: 'image/png' } as const;
      const kept = await lane.uploadReference!(reference, NOBODY_STOPS);
      expect(failureOf(kept).kind).toBe('key-unusable');
    });
  });
}
