import { expect, test } from 'vitest';
import { NameRegistry } from './unique-name.ts';

test('a name is free for the item that has it, and for nobody else in any letter case', () => {
  const names = new NameRegistry(['results.csv']);
  names.enter('Harbour.png', 'one');
  expect(names.isFree('harbour.PNG', 'one')).toBe(true);
  expect(names.isFree('harbour.PNG', 'other')).toBe(false);
  expect(names.isFree('RESULTS.csv', 'one')).toBe(false);
  names.enter('harbour.png', 'other');
  expect(names.isFree('Harbour.png', 'one')).toBe(false);
});

test('no name is forgotten among very many', () => {
  const names = new NameRegistry();
  for (let at = 0; at < 20_000; at += 1) names.enter(`${at}.png`, `item ${at}`);
  for (let at = 0; at < 20_000; at += 1) {
    expect(names.isFree(`${at}.png`, `item ${at}`)).toBe(true);
    expect(names.isFree(`${at}.PNG`, 'another')).toBe(false);
  }
  expect(names.isFree('20000.png', 'another')).toBe(true);
});
