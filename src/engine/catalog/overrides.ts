import { z } from 'zod';
import { toMicros } from '../core/credits.ts';
import { InputError, type Problem } from '../core/errors.ts';
import type { Model } from '../core/model.ts';

const count = z.number().int().positive();

/** What a config file may say of a model; amounts are decimal credits and US dollars an image. */
const modelSchema = z.strictObject({
  /** For a new model: the one of the same vendor whose wire protocol and abilities it shares. */
  like: z.string().min(1).optional(),
  title: z.string().min(1).optional(),
  aliases: z.array(z.string().min(1)).optional(),
  credits: z.number().nonnegative().optional(),
  usd: z.union([z.number().nonnegative(), z.literal('unknown')]).optional(),
  batchMaximum: count.optional(),
  imagesPerRequest: count.optional(),
  guideSide: count.optional(),
  inAuto: z.boolean().optional(),
  promptCharacters: count.optional(),
  /** One of the model's tiers, like `tier-3`: sets the figures of its limits. */
  tier: z.string().min(1).optional(),
  /** Figures of limits by name, like `images-per-minute: 50`; they come before the tier's. */
  limits: z.record(z.string(), count).optional(),
});

export const overridesSchema = z.record(z.string().min(1), modelSchema);

/** Corrections by model name (an id or an alias; a new name makes a new model). */
export type CatalogOverrides = z.infer<typeof overridesSchema>;
type ModelOverride = z.infer<typeof modelSchema>;

/**
 * Checks what a config file says of models. Throws `InputError` with all problems, each with the path
 * (`models.gpt-image-2.credits`), the value found and what to do.
 */
export function parseOverrides(raw: unknown, path = 'models'): CatalogOverrides {
  const result = overridesSchema.safeParse(raw);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map((issue) => ({
      column: [path, ...issue.path].join('.'),
      value: JSON.stringify(valueAt(raw, issue.path)) ?? 'nothing',
      message: issue.message,
      remedy: remedyOf(issue),
    })),
  );
}

/** The models with their corrections, new ones at the end. Throws `InputError` with all problems. */
export function applyOverrides(models: readonly Model[], overrides: CatalogOverrides): Model[] {
  const problems: Problem[] = [];
  const corrected = [...models];
  for (const [name, override] of Object.entries(overrides)) {
    const place = corrected.findIndex((model) => isNamed(model, name));
    const model = place >= 0 ? corrected[place] : newModel(name, override, models, problems);
    if (!model) continue;
    const result = correct(model, override, `models.${name}`, problems);
    if (place >= 0) corrected[place] = result;
    else corrected.push(result);
  }
  if (problems.length > 0) throw new InputError(problems);
  return corrected;
}

function newModel(
  id: string,
  override: ModelOverride,
  models: readonly Model[],
  problems: Problem[],
): Model | undefined {
  const base = models.find((model) => isNamed(model, override.like ?? ''));
  if (base) {
    const { guideSide: _ofTheOther, ...shared } = base;
    const prices = { ...base.prices, creditSource: 'ours' as const };
    return { ...shared, id, title: id, aliases: [], inAuto: false, prices };
  }
  const known = models.map((model) => model.id).join(', ');
  problems.push({
    column: override.like === undefined ? `models.${id}` : `models.${id}.like`,
    value: override.like ?? id,
    message: 'No such model is known',
    remedy: `Correct the name, or say which model it is like with "like": ${known}.`,
  });
  return undefined;
}

function correct(model: Model, override: ModelOverride, path: string, problems: Problem[]): Model {
  return {
    ...model,
    title: override.title ?? model.title,
    aliases: [...new Set([...model.aliases, ...(override.aliases ?? [])])],
    batchMaximum: override.batchMaximum ?? model.batchMaximum,
    imagesPerRequest: override.imagesPerRequest ?? model.imagesPerRequest,
    inAuto: override.inAuto ?? model.inAuto,
    promptCharacters: override.promptCharacters ?? model.promptCharacters,
    ...(override.guideSide === undefined ? {} : { guideSide: override.guideSide }),
    prices: correctPrices(model.prices, override),
    limits: correctLimits(model, override, path, problems),
  };
}

function correctPrices(prices: Model['prices'], override: ModelOverride): Model['prices'] {
  const { credits, usd } = override;
  const withCredits =
    credits === undefined
      ? prices
      : { ...prices, creditMicros: toMicros(credits), creditSource: 'ours' as const };
  if (usd === undefined) return withCredits;
  if (usd === 'unknown') return { ...withCredits, usd };
  const entry = {
    size: { width: 1024, height: 1024 },
    quality: 'medium' as const,
    usdMicros: toMicros(usd),
  };
  // One figure stands for every size and quality.
  return { ...withCredits, usd: [entry], flat: true, source: 'the config file' };
}

function correctLimits(
  model: Model,
  { tier, limits = {} }: ModelOverride,
  path: string,
  problems: Problem[],
): Model['limits'] {
  const ofTier = tier === undefined ? {} : model.tiers[tier];
  if (!ofTier) {
    problems.push(notAmong(`${path}.tier`, tier, 'tier', model, Object.keys(model.tiers)));
  }
  const known = model.limits.map((rule) => rule.name);
  for (const name of Object.keys(limits).filter((each) => !known.includes(each))) {
    problems.push(notAmong(`${path}.limits.${name}`, name, 'limit', model, known));
  }
  const figures: Readonly<Record<string, number>> = { ...ofTier, ...limits };
  return model.limits.map((rule) => {
    const max = figures[rule.name];
    return max === undefined ? rule : { ...rule, max, source: 'the config file' };
  });
}

function notAmong(
  column: string,
  value: string | undefined,
  what: string,
  model: Model,
  known: readonly string[],
): Problem {
  const choice = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return {
    column,
    ...(value === undefined ? {} : { value }),
    message: `${model.id} has no such ${what}`,
    remedy: `Use a ${what} of this model (${choice}), or leave it out.`,
  };
}

function isNamed(model: Model, name: string): boolean {
  const plain = name.trim().toLowerCase();
  return [model.id, ...model.aliases].some((each) => each.toLowerCase() === plain);
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function remedyOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `Remove ${issue.keys.join(', ')}; a model may have ${Object.keys(modelSchema.shape).join(', ')}.`;
  }
  return 'Correct the value, or leave it out to keep the catalog’s own.';
}
