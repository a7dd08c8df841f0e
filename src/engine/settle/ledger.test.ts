import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../core/ledger.ts';
import { endHold, holdEntry } from './ledger.ts';

/** What the entries leave in each account. */
function balance(entries: readonly LedgerEntry[]) {
  const accounts = { available: 0, held: 0, spent: 0, issued: 0 };
  for (const line of entries.flatMap((entry) => entry.lines)) {
    accounts[line.account] += line.creditMicros;
  }
  return accounts;
}

const request = fc
  .record({ images: fc.integer({ min: 1, max: 10 }), price: fc.nat(100_000_000) })
  .chain(({ images, price }) =>
    fc.record({
      held: fc.constant(images * price),
      price: fc.constant(price),
      delivered: fc.nat(images),
    }),
  );

describe('the ledger', () => {
  test('moves credits without making or losing any', () => {
    fc.assert(
      fc.property(request, ({ held, price, delivered }) => {
        const hold = holdEntry(held);
        const end = endHold(held, delivered, price);
        for (const { lines } of [hold, ...end.entries]) {
          expect(lines.reduce((sum, line) => sum + line.creditMicros, 0)).toBe(0);
        }
        expect(balance([hold])).toEqual({
          available: 0 - held,
          held,
          spent: 0,
          issued: 0,
        });
      }),
    );
  });

  test('ends a hold exactly: posted for what was delivered, voided for the rest', () => {
    fc.assert(
      fc.property(request, ({ held, price, delivered }) => {
        const end = endHold(held, delivered, price);
        const posted = delivered * price;
        expect(balance([holdEntry(held), ...end.entries])).toEqual({
          available: 0 - posted,
          held: 0,
          spent: posted,
          issued: 0,
        });
        expect(end.postedCreditMicros).toBe(posted);
        expect(end.voidedCreditMicros).toBe(held - posted);
        expect(end.entries.map((entry) => entry.kind)).toEqual(['post', 'void']);
      }),
    );
  });

  test('refuses to post more than was held', () => {
    expect(() => endHold(200, 3, 100)).toThrow('a hold of 200 cannot post 300');
    expect(() => endHold(200, -1, 100)).toThrow('cannot post -100');
    expect(() => endHold(200, 0.5, 1)).toThrow('cannot post 0.5');
  });
});
