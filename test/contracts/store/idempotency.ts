import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type {
  KeptAnswer,
  KnownRequest,
  RequestClaim,
} from '../../../src/engine/store/idempotency-store.ts';
import type { Subject } from './subject.ts';

const ANSWER: KeptAnswer = {
  status: 201,
  headers: { 'content-type': 'application/json' },
  body: '{"run":"r1"}',
};

function claim(more: Partial<RequestClaim> = {}): RequestClaim {
  return {
    workspace: 'studio',
    key: randomUUID(),
    fingerprint: 'f'.repeat(64),
    workerId: 'w-one',
    resource: 'abc',
    keepMs: 60_000,
    ...more,
  };
}

export function describeIdempotency(subject: Subject): void {
  describe('requests that are sent twice', () => {
    test('are claimed by one, however many ask at once', async () => {
      const { store, others } = subject;
      const first = claim();
      const stores = [store, ...others, store, store];
      const answers = await Promise.all(
        stores.map((each, at) => each.claimRequest({ ...first, resource: `resource-${at}` })),
      );
      expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
      const winner = `resource-${answers.indexOf('claimed')}`;
      for (const known of answers.filter((answer) => answer !== 'claimed')) {
        expect(known).toMatchObject({ state: 'working', workerId: 'w-one', resource: winner });
      }
    });

    test('are known in their workspace only', async () => {
      const { store } = subject;
      const first = claim();
      expect(await store.claimRequest(first)).toBe('claimed');
      expect(await store.claimRequest({ ...first, workspace: 'other' })).toBe('claimed');
    });

    test('are answered with the first answer', async () => {
      const { store } = subject;
      const first = claim();
      await store.claimRequest(first);
      expect(await store.endRequest(first, 'w-two', { state: 'answered', answer: ANSWER })).toBe(
        false,
      );
      expect(await store.endRequest(first, 'w-one', { state: 'answered', answer: ANSWER })).toBe(
        true,
      );
      expect(await store.claimRequest({ ...first, fingerprint: 'other' })).toEqual({
        fingerprint: first.fingerprint,
        state: 'answered',
        workerId: 'w-one',
        resource: 'abc',
        answer: ANSWER,
      });
      expect(await store.endRequest(first, 'w-one', { state: 'open' }), 'an end is final').toBe(
        false,
      );
    });

    test('are free again when nothing was done, and keep their resource when something broke', async () => {
      const { store } = subject;
      const refused = claim();
      await store.claimRequest(refused);
      expect(await store.endRequest(refused, 'w-one', { state: 'refused' })).toBe(true);
      expect(await store.claimRequest({ ...refused, resource: 'new' })).toBe('claimed');

      const broken = claim();
      await store.claimRequest(broken);
      await store.endRequest(broken, 'w-one', { state: 'open' });
      expect(await store.claimRequest({ ...broken, resource: 'new' })).toMatchObject({
        state: 'open',
        resource: 'abc',
      });
    });

    test('are taken over by one of those who find the same dead worker', async () => {
      const { store, others } = subject;
      const first = claim();
      await store.claimRequest(first);
      const found = (await store.claimRequest(first)) as KnownRequest;
      const takers = [store, ...others, store].map((each, at) =>
        each.retakeRequest(first, found, `w-taker-${at}`),
      );
      expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1);
      expect(await store.endRequest(first, 'w-one', { state: 'refused' }), 'fenced').toBe(false);
    });

    test('are forgotten when their time has passed', async () => {
      const { store } = subject;
      const short = claim({ keepMs: 0 });
      const long = claim();
      await store.claimRequest(short);
      await store.claimRequest(long);
      expect(await store.claimRequest({ ...short, resource: 'new' })).toBe('claimed');
      expect(await store.forgetRequests()).toBe(1);
      expect(await store.forgetRequests()).toBe(0);
      expect(await store.claimRequest(long)).toMatchObject({ state: 'working' });
    });
  });
}
