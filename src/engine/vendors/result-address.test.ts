import { describe, expect, test } from 'vitest';
import { refusedAddress } from './result-address.ts';

const VENDOR = 'https://api.bfl.ai';

describe('refusedAddress()', () => {
  test.each(['https://delivery.bfl.ai/a.png?sig=1', 'https://8.8.8.8/a.png', `${VENDOR}/a.png`])(
    'lets a public vendor answer from %s',
    (address) => {
      expect(refusedAddress(address, VENDOR)).toBeUndefined();
    },
  );

  test.each([
    'http://127.0.0.1/a.png',
    'https://127.1/a.png',
    'https://2130706433/a.png',
    'https://[::1]/a.png',
    'https://[::ffff:10.0.0.1]/a.png',
    'https://10.1.2.3/a.png',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost:8787/a.png',
    'https://db.internal/a.png',
    'http://delivery.bfl.ai/a.png',
    'file:///etc/passwd',
    'nonsense',
  ])('does not follow a public vendor to %s', (address) => {
    expect(refusedAddress(address, VENDOR)).toBeTypeOf('string');
  });

  test('lets a vendor that the user placed in his own network answer from there', () => {
    const local = 'http://127.0.0.1:9411';
    expect(refusedAddress('http://127.0.0.1:9999/a.png', local)).toBeUndefined();
    expect(refusedAddress('http://localhost:9999/a.png', local)).toBeUndefined();
  });
});
