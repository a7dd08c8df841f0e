/**
 * What the config file may say of the credits of a service: `packs` that are sold, `ceilings` that rise with
 * what was bought, `low_balance`, and `stripe`, by which packs are paid. Keys of Stripe belong in the
 * environment; a value that looks like one is never repeated.
 */
import { z } from 'zod';
import type { CeilingStep } from '../engine/core/ceiling.ts';
import type { CreditSettings } from '../engine/core/credit-settings.ts';
import { toMicros } from '../engine/core/credits.ts';
import type { Problem } from '../engine/core/errors.ts';
import type { Pack } from '../engine/core/payment.ts';

/** Far beyond what anybody sells. */
const MOST_CREDITS = 1e8;
const MOST_PACKS = 50;
const MOST_STEPS = 50;

const credits = z.number().positive().max(MOST_CREDITS);

const packSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Write small letters, digits and hyphens'),
  title: z.string().trim().min(1).max(200),
  credits,
  price_cents: z.int().positive().max(1e8),
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, 'Write the three letters of ISO 4217: usd, eur')
    .transform((text) => text.toLowerCase())
    .default('usd'),
});

const stepSchema = z.strictObject({
  bought: z.number().min(0).max(MOST_CREDITS),
  images_per_hour: z.union([z.int().positive().max(1e9), z.literal('none')]),
});

const sections = {
  packs: z.array(packSchema).max(MOST_PACKS),
  ceilings: z.array(stepSchema).min(1).max(MOST_STEPS),
  low_balance: z.number().min(0).max(MOST_CREDITS),
  stripe: z.strictObject({ checkout_origins: z.array(z.url()).max(20).optional() }),
};

/** Names of these sections; the config file's own schema leaves them to this one. */
export const SERVICE_SECTIONS = Object.keys(sections) as readonly (keyof typeof sections)[];

/** What is not said is as usual. */
export interface ServiceConfig {
  /** The smallest first. */
  readonly packs?: readonly Pack[];
  readonly credits?: CreditSettings;
  readonly checkoutOrigins?: readonly string[];
}

/** Checks the sections that are there; their problems are added to `problems`. */
export function checkServiceSections(
  raw: unknown,
  file: string,
  problems: Problem[],
): ServiceConfig {
  if (typeof raw !== 'object' || raw === null) return {};
  const given = raw as Readonly<Record<string, unknown>>;
  const add = (found: readonly Omit<Problem, 'file'>[]) =>
    problems.push(...found.map((problem) => ({ file, ...problem })));
  const read = <Name extends keyof typeof sections>(name: Name) => {
    if (given[name] === undefined) return undefined;
    const result = sections[name].safeParse(given[name]);
    if (!result.success) add(result.error.issues.flatMap((issue) => problemsOf(name, issue)));
    return result.data as z.infer<(typeof sections)[Name]> | undefined;
  };
  const [packs, steps] = [read('packs'), read('ceilings')];
  const [low, stripe] = [read('low_balance'), read('stripe')];
  add(twice(packs ?? []));
  add(stepProblems(steps ?? []));
  const origins = (stripe?.checkout_origins ?? []).map((url, place) => originOf(url, place));
  add(origins.flatMap((each) => (typeof each === 'string' ? [] : [each])));
  return {
    ...(packs !== undefined && { packs: packsOf(packs) }),
    ...((steps !== undefined || low !== undefined) && {
      credits: {
        ...(steps !== undefined && { ceilings: steps.map(stepOf) }),
        ...(low !== undefined && { lowCreditMicros: toMicros(low) }),
      },
    }),
    ...(stripe?.checkout_origins !== undefined && {
      checkoutOrigins: origins.filter((each) => typeof each === 'string'),
    }),
  };
}

function packsOf(packs: z.infer<typeof sections.packs>): Pack[] {
  return packs
    .map(({ price_cents: amount, credits: sold, ...pack }) => ({
      ...pack,
      creditMicros: toMicros(sold),
      amount,
    }))
    .toSorted((a, b) => a.creditMicros - b.creditMicros);
}

function twice(packs: z.infer<typeof sections.packs>): Omit<Problem, 'file'>[] {
  return packs.flatMap(({ id }, place) =>
    packs.findIndex((each) => each.id === id) === place
      ? []
      : [
          {
            column: `packs.${place}.id`,
            value: id,
            message: 'Another pack has this id',
            remedy: 'Give each pack an id of its own: orders are kept by it.',
          },
        ],
  );
}

function stepOf({ bought, images_per_hour: figure }: z.infer<typeof stepSchema>): CeilingStep {
  return {
    boughtCreditMicros: toMicros(bought),
    ...(figure !== 'none' && { imagesPerHour: figure }),
  };
}

/** Steps lead upwards only: who bought more never makes fewer images. */
function stepProblems(steps: z.infer<typeof sections.ceilings>): Omit<Problem, 'file'>[] {
  return steps.flatMap(({ bought, images_per_hour: figure }, place) => {
    const column = `ceilings.${place}`;
    const before = steps[place - 1];
    if (before === undefined) {
      if (bought === 0) return [];
      const remedy = 'Begin with { bought: 0, images_per_hour: 200 }.';
      const message = 'The first step is that of everybody';
      return [{ column: `${column}.bought`, value: String(bought), message, remedy }];
    }
    if (bought <= before.bought) {
      const remedy = `Write more than ${before.bought}, or put the steps in order.`;
      const message = 'Each step takes more bought credits than the one before';
      return [{ column: `${column}.bought`, value: String(bought), message, remedy }];
    }
    if (heightOf(figure) > heightOf(before.images_per_hour)) return [];
    const message = 'Each step allows more images than the one before';
    const remedy = `Write more than ${before.images_per_hour}, or none on the last step.`;
    return [{ column: `${column}.images_per_hour`, value: String(figure), message, remedy }];
  });
}

function heightOf(figure: number | 'none'): number {
  return figure === 'none' ? Infinity : figure;
}

function originOf(text: string, place: number): string | Omit<Problem, 'file'> {
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (isWeb && (text === url.origin || text === `${url.origin}/`)) return url.origin;
  return {
    column: `stripe.checkout_origins.${place}`,
    value: text,
    message: 'This is no origin',
    remedy: 'Write the scheme and the host only: https://studio.example.com.',
  };
}

function problemsOf(section: string, issue: z.core.$ZodIssue): Omit<Problem, 'file'>[] {
  const column = [section, ...issue.path.map(String)].join('.');
  if (issue.code !== 'unrecognized_keys') {
    const remedy = 'Correct the value; `imagemill help configuration` shows an example.';
    return [{ column, message: issue.message, remedy }];
  }
  return issue.keys.map((key) => {
    const isSecret = section === 'stripe' && /key|secret/i.test(key);
    return {
      column: `${column}.${key}`,
      message: isSecret
        ? 'A key does not belong in a file, which is copied and committed'
        : 'There is no setting of this name',
      remedy: isSecret
        ? 'Remove it here (and replace the key if others could read it), and set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET in the environment.'
        : `Remove it; \`imagemill help configuration\` shows an example.`,
    };
  });
}
