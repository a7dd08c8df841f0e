import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { IdentityTable } from './identity-table.ts';

test('keeps a number for each of many identities while it grows', () => {
  const table = new IdentityTable();
  const identities = Array.from({ length: 20_000 }, (_, index) => hash('sha256', String(index)));
  for (const [index, identity] of identities.entries()) {
    expect(table.get(identity)).toBe(0);
    table.set(identity, index + 1);
  }
  for (const [index, identity] of identities.entries()) expect(table.get(identity)).toBe(index + 1);
  table.set(identities[0] ?? '', 77);
  expect(table.get(identities[0] ?? '')).toBe(77);
});

test('tells identities apart that begin alike, also where they meet at the end of the table', () => {
  const table = new IdentityTable();
  const alike = Array.from(
    { length: 50 },
    (_, index) => `ffffffffffffffff${String(index).padStart(8, '0')}`,
  );
  for (const [index, identity] of alike.entries()) table.set(identity, index + 1);
  expect(alike.map((identity) => table.get(identity))).toEqual(alike.map((_, index) => index + 1));
});
