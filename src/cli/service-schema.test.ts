import { describe, expect, test } from 'vitest';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { MICROS } from '../engine/core/credits.ts';
import { checkConfig } from './config.ts';
import { saleSettings } from './stripe-account.ts';

function problemsOf(text: string): readonly Problem[] {
  try {
    checkConfig(text, 'imagemill.yaml');
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error('The config was taken.');
}

const columns = (text: string) => problemsOf(text).map(({ column }) => column);

describe('what the config file says of credits', () => {
  test('is read into what the engine and the server take', () => {
    const { service } = checkConfig(
      `
packs:
  - { id: studio, title: "5,000 credits", credits: 5000, price_cents: 12000, currency: EUR }
  - { id: small, title: "1,000 credits", credits: 1000, price_cents: 3000 }
ceilings:
  - { bought: 0, images_per_hour: 100 }
  - { bought: 2000, images_per_hour: none }
low_balance: 20
stripe: { checkout_origins: ["https://studio.example.com/"] }
`,
      'imagemill.yaml',
    );
    expect(service).toEqual({
      packs: [
        {
          id: 'small',
          title: '1,000 credits',
          creditMicros: 1_000 * MICROS,
          amount: 3_000,
          currency: 'usd',
        },
        {
          id: 'studio',
          title: '5,000 credits',
          creditMicros: 5_000 * MICROS,
          amount: 12_000,
          currency: 'eur',
        },
      ],
      credits: {
        ceilings: [
          { boughtCreditMicros: 0, imagesPerHour: 100 },
          { boughtCreditMicros: 2_000 * MICROS },
        ],
        lowCreditMicros: 20 * MICROS,
      },
      checkoutOrigins: ['https://studio.example.com'],
    });
  });

  test('need not be there', () => {
    expect(checkConfig('auto: [kling-v3]', 'imagemill.yaml').service).toBeUndefined();
  });

  test('has all its problems told at once, each with its place', () => {
    const found = columns(`
packs:
  - { id: small, title: "", credits: -5, price_cents: 0.5, currency: dollars }
  - { id: Big one, title: Big, credits: 5, price_cents: 5, colour: red }
stripe: { checkout_origins: ["https://studio.example.com/path", "ftp://example.com"] }
nonsense: 1
`);
    expect(new Set(found)).toEqual(
      new Set([
        'packs.0.title',
        'packs.0.credits',
        'packs.0.price_cents',
        'packs.0.currency',
        'packs.1.id',
        'packs.1.colour',
        'stripe.checkout_origins.0',
        'stripe.checkout_origins.1',
        'nonsense',
      ]),
    );
  });

  test('sells no two packs under one id', () => {
    const pack = '{ id: small, title: Small, credits: 1, price_cents: 1 }';
    expect(columns(`packs: [${pack}, ${pack}]`)).toEqual(['packs.1.id']);
  });

  test.each([
    ['begin elsewhere', '[{ bought: 5, images_per_hour: 200 }]', 'ceilings.0.bought'],
    [
      'are out of order',
      '[{ bought: 0, images_per_hour: 1 }, { bought: 9, images_per_hour: 2 }, { bought: 9, images_per_hour: 3 }]',
      'ceilings.2.bought',
    ],
    [
      'lead down',
      '[{ bought: 0, images_per_hour: none }, { bought: 9, images_per_hour: 300 }]',
      'ceilings.1.images_per_hour',
    ],
    ['are none', '[]', 'ceilings'],
  ])('has no ceilings that %s', (_how, steps, column) => {
    expect(columns(`ceilings: ${steps}`)).toEqual([column]);
  });

  test('has no keys, and a key is not repeated', () => {
    const problems = problemsOf('stripe: { secret_key: sk_live_very_secret }');
    expect(problems).toMatchObject([
      {
        column: 'stripe.secret_key',
        message: 'A key does not belong in a file, which is copied and committed',
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain('sk_live_very_secret');
  });
});

describe('what is sold', () => {
  test('takes both secrets of Stripe from the environment', () => {
    const environment = { STRIPE_SECRET_KEY: ' sk_1 ', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
    expect(saleSettings({}, environment)).toEqual({
      stripe: { secretKey: 'sk_1', webhookSecret: 'whsec_1' },
    });
    expect(saleSettings({}, { ...environment, STRIPE_BASE_URL: 'http://127.0.0.1:9' })).toEqual({
      stripe: { secretKey: 'sk_1', webhookSecret: 'whsec_1', baseUrl: 'http://127.0.0.1:9' },
    });
    expect(saleSettings({}, {})).toEqual({});
  });

  test.each(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'])('is nothing with %s alone', (name) => {
    expect(() => saleSettings({}, { [name]: 'a-secret' })).toThrow(
      /is set and .* is not: packs need both/,
    );
    expect(() => saleSettings({}, { [name]: 'a-secret' })).not.toThrow('a-secret');
  });
});
