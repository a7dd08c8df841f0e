/** Credits, the ledger and packs as they travel; `json/credits-json.ts` makes them. */
import { ENTRY_KINDS } from '../../engine/core/credit-entry.ts';
import { LEDGER_ORDERS } from '../../engine/core/workspace-ledger.ts';
import { pageQuery } from '../page.ts';
import { z } from '../zod.ts';

/** Most credits of one entry. */
export const MOST_ENTRY_CREDITS = 1e8;
/** A billionth part of a credit is none; entries are counted in millionths. */
const SMALLEST_CREDITS = 0.000_001;

export const operatorsWorkspace = z
  .string()
  .max(64)
  .optional()
  .openapi({ description: "For operators: another workspace than the calling key's." });

export const creditsSchema = z
  .object({
    workspace: z.string().openapi({ example: 'acme' }),
    balance: z.number().nullable().openapi({
      description:
        'Credits that may still be held; below 0 nothing is sent. Null: no balance is kept, and it may spend freely.',
      example: 812.5,
    }),
    held: z.number().openapi({ description: 'Reserved for what is being made.', example: 12 }),
    posted: z.number().openapi({ description: 'Spent, ever.', example: 175.5 }),
    bought: z.number().openapi({
      description: 'All that was ever bought, less what was given back for it.',
      example: 1000,
    }),
    ceiling: z.object({
      images_per_hour: z
        .int()
        .nullable()
        .openapi({ description: 'Most images in any 60 minutes; null: no ceiling.', example: 500 }),
      follows: z.enum(['purchases', 'operator']).openapi({
        description: 'Whether it rises with what is bought, or was set by hand.',
      }),
      next: z
        .object({
          images_per_hour: z.int().nullable().openapi({ example: 1000 }),
          bought: z.number().openapi({ example: 5000 }),
          to_buy: z.number().openapi({ description: 'Still, until then.', example: 4000 }),
        })
        .nullable()
        .openapi({ description: 'The next higher one; null: there is none that can be bought.' }),
    }),
  })
  .openapi('Credits');

export const entrySchema = z
  .object({
    entry: z.string().openapi({ example: 'entry_7hd2mq9xk4bt' }),
    workspace: z.string().openapi({ example: 'acme' }),
    kind: z.enum(ENTRY_KINDS),
    credits: z.number().openapi({ description: 'Below 0: taken away.', example: 250 }),
    reason: z.string().openapi({ example: 'Welcome' }),
    reference: z.string().nullable(),
    paid: z.object({ amount: z.int(), currency: z.string() }).nullable(),
    at: z.iso.datetime(),
    balance: z.number().nullable().openapi({ description: 'After it; null: none is kept.' }),
    warning: z.string().nullable().openapi({
      description: 'Said when the balance is below 0: nothing is sent until it is not.',
      example: null,
    }),
    is_new: z
      .boolean()
      .openapi({ description: 'False: there was an entry of this reference already.' }),
    runs_resumed: z.int().openapi({ description: 'Runs that had stopped for want of credits.' }),
  })
  .openapi('CreditEntry');

export const newEntrySchema = z
  .strictObject({
    kind: z.enum(ENTRY_KINDS).openapi({
      description:
        '`grant`: for nothing. `purchase`: paid for elsewhere; it raises the ceiling. `refund`: takes back what was bought, and may bring the balance below 0. `correction`: either way.',
    }),
    credits: z
      .number()
      .min(-MOST_ENTRY_CREDITS)
      .max(MOST_ENTRY_CREDITS)
      .refine((credits) => Math.abs(credits) >= SMALLEST_CREDITS, 'At least 0.000001 credits')
      .openapi({
        description: 'Above 0; of a correction below 0 as well.',
        example: 250,
      }),
    reason: z.string().trim().min(1).max(500).openapi({ example: 'Welcome' }),
    reference: z.string().trim().min(1).max(200).optional().openapi({
      description: 'Of a payment: an entry with the same one is written once.',
      example: 'invoice-2026-117',
    }),
    paid: z
      .strictObject({
        amount: z.int().min(0).max(1e12).openapi({
          description: "In the currency's smallest unit.",
          example: 2500,
        }),
        currency: z
          .string()
          .regex(/^[a-z]{3}$/)
          .openapi({ example: 'usd' }),
      })
      .optional(),
    begin_balance: z.boolean().default(false).openapi({
      description: 'Begins a balance where none is kept; otherwise the entry is refused there.',
    }),
  })
  .openapi('NewCreditEntry');

export const ledgerLineSchema = z
  .object({
    at: z.iso.datetime(),
    kind: z.enum(['hold', 'post', 'void', ...ENTRY_KINDS]),
    account: z.enum(['available', 'held', 'spent', 'issued']),
    credits: z.number().openapi({ description: 'Below 0: they left the account.', example: -2.4 }),
    source: z.string().openapi({
      description: 'The sending or entry; lines of one source and kind sum to 0.',
    }),
    run: z.string().nullable().openapi({ example: 'rk7m2p9qx4bt3' }),
    key: z.string().nullable().openapi({ example: 'key_7hd2mq9xk4bt3wpz' }),
    items: z.array(z.string()).openapi({ description: 'The images that it was for.' }),
    reason: z.string().nullable().openapi({ example: null }),
    reference: z.string().nullable().openapi({ example: null }),
  })
  .openapi('LedgerLine');

const momentSchema = z.iso.datetime({ offset: true });

export const formatSchema = z
  .enum(['json', 'csv'])
  .optional()
  .openapi({ description: '`csv`: all lines as a table; `Accept: text/csv` asks for the same.' });

export const ledgerQuery = pageQuery.extend({
  order: z
    .enum(LEDGER_ORDERS)
    .default('newest')
    .openapi({ description: 'Which lines come first.' }),
  from: momentSchema.optional().openapi({ description: 'From this moment on.' }),
  to: momentSchema.optional().openapi({ description: 'Before this moment.' }),
  run: z.string().max(64).optional().openapi({ description: 'Of this run only.' }),
  workspace: operatorsWorkspace,
  format: formatSchema,
});

export const packSchema = z
  .object({
    pack: z.string().openapi({ example: 'studio' }),
    title: z.string().openapi({ example: '1,000 credits' }),
    credits: z.number().openapi({ example: 1000 }),
    amount: z.int().openapi({ description: "In the currency's smallest unit.", example: 3000 }),
    currency: z.string().openapi({ example: 'usd' }),
  })
  .openapi('Pack');

export const packsSchema = z
  .object({
    data: z.array(packSchema),
    payment: z.enum(['stripe']).nullable().openapi({
      description: 'How they are paid; null: not here, ask whoever runs this server.',
    }),
  })
  .openapi('Packs');

export const newCheckoutSchema = z
  .strictObject({
    pack: z.string().min(1).max(64).openapi({ example: 'studio' }),
    success_url: z.url().max(2_000).optional().openapi({
      description: 'Where the browser goes after paying: on this server, or a configured origin.',
      example: 'http://127.0.0.1:8787/dashboard?checkout=paid',
    }),
    cancel_url: z.url().max(2_000).optional().openapi({
      description: 'Where it goes when it is not paid.',
      example: 'http://127.0.0.1:8787/dashboard?checkout=cancelled',
    }),
  })
  .openapi('NewCheckout');

export const checkoutSchema = z
  .object({
    order: z.string().openapi({ example: 'order_7hd2mq9xk4bt' }),
    pack: packSchema,
    url: z.url().openapi({
      description: 'Where it is paid; credits come when the payment is certain.',
      example: 'https://checkout.stripe.com/c/pay/cs_test_a1',
    }),
    expires_at: z.iso.datetime().nullable(),
  })
  .openapi('Checkout');
