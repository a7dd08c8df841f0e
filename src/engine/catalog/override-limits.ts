import type { Problem } from '../core/errors.ts';
import type { LimitRule } from '../core/limit.ts';
import type { Model } from '../core/model.ts';
import { HOUR, MINUTE, SECOND } from './models/figures.ts';
import { CONFIG_SOURCE } from './new-model.ts';
import type { ModelOverride } from './overrides-schema.ts';

/** Rules that a figure alone describes. */
const USUAL_RULES: readonly LimitRule[] = [
  windowRule('images-per-minute', 'images', MINUTE),
  windowRule('images-per-hour', 'images', HOUR),
  windowRule('images-per-day', 'images', 24 * HOUR),
  windowRule('requests-per-second', 'requests', SECOND),
  windowRule('requests-per-minute', 'requests', MINUTE),
  windowRule('requests-per-hour', 'requests', HOUR),
  windowRule('requests-per-day', 'requests', 24 * HOUR),
  { kind: 'slots', name: 'active-tasks', unit: 'requests', max: undefined, source: CONFIG_SOURCE },
  { kind: 'slots', name: 'parallel-images', unit: 'images', max: undefined, source: CONFIG_SOURCE },
];

/**
 * The model's rules with the file's figures (a tier's come after those that are given one by one), and
 * the rules that the file adds.
 */
export function correctLimits(
  model: Model,
  { tier, limits = {} }: ModelOverride,
  path: string,
  problems: Problem[],
): Model['limits'] {
  const ofTier = tier === undefined ? {} : model.tiers[tier];
  if (!ofTier) problems.push(notATier(model, tier ?? '', path));
  const rules = new Map(model.limits.map((rule) => [rule.name, withFigure(rule, ofTier)]));
  for (const [name, wanted] of Object.entries(limits)) {
    const rule =
      typeof wanted === 'number'
        ? figureRule(name, wanted, rules.get(name))
        : ownRule(name, wanted);
    if (rule) rules.set(name, rule);
    else problems.push(notALimit(model, name, path));
  }
  return [...rules.values()];
}

function withFigure(rule: LimitRule, ofTier: Readonly<Record<string, number>> = {}): LimitRule {
  const max = ofTier[rule.name];
  return max === undefined ? rule : { ...rule, max, source: CONFIG_SOURCE };
}

function figureRule(name: string, max: number, own: LimitRule | undefined): LimitRule | undefined {
  const rule = own ?? USUAL_RULES.find((usual) => usual.name === name);
  return rule && { ...rule, max, source: CONFIG_SOURCE };
}

type OwnRule = Exclude<NonNullable<ModelOverride['limits']>[string], number>;

/** Without a length of time: how many may be active at once. Without a figure: it is learned. */
function ownRule(name: string, { max, seconds, unit = 'requests' }: OwnRule): LimitRule {
  const shared = { name, unit, max, source: CONFIG_SOURCE };
  return seconds === undefined
    ? { ...shared, kind: 'slots' }
    : { ...shared, kind: 'window', windowMs: Math.round(seconds * SECOND) };
}

function windowRule(name: string, unit: LimitRule['unit'], windowMs: number): LimitRule {
  return { kind: 'window', name, unit, max: undefined, windowMs, source: CONFIG_SOURCE };
}

function notATier(model: Model, tier: string, path: string): Problem {
  const known = Object.keys(model.tiers);
  const choice = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return {
    column: `${path}.tier`,
    value: tier,
    message: `${model.id} has no such tier`,
    remedy: `Use a tier of this model (${choice}), add it under tiers, or leave it out.`,
  };
}

function notALimit(model: Model, name: string, path: string): Problem {
  const known = new Set([...model.limits, ...USUAL_RULES].map((rule) => rule.name));
  return {
    column: `${path}.limits.${name}`,
    value: name,
    message: `A figure alone does not say what the limit ${name} counts`,
    remedy: `Use one of ${[...known].join(', ')}, or describe it: ${name}: { max: 3, seconds: 10, unit: requests }.`,
  };
}
