/** What the configuration says of accounts and of `auto` must name something that is there. */
import type { Catalog } from './core/catalog.ts';
import { InputError, type Problem } from './core/errors.ts';
import type { EngineConfig } from './engine-types.ts';

/**
 * A tier or limit that no model of the vendor has, or an unknown model in `auto`, would change nothing.
 * @throws InputError with all of them, by their places in the configuration file
 */
export function checkAccounts(
  { vendors, autoModels = [] }: Pick<EngineConfig, 'vendors' | 'autoModels'>,
  catalog: Catalog,
): void {
  const problems: Problem[] = [];
  for (const [vendor, { tier, limits = {} }] of Object.entries(vendors)) {
    const models = catalog.all.filter((model) => model.vendor === vendor);
    const tiers = new Set(models.flatMap((model) => Object.keys(model.tiers)));
    if (tier !== undefined && !tiers.has(tier)) {
      problems.push(unknown(`vendors.${vendor}.tier`, tier, 'tier', tiers));
    }
    const rules = new Set(models.flatMap((model) => model.limits.map(({ name }) => name)));
    for (const name of Object.keys(limits)) {
      if (rules.has(name)) continue;
      problems.push(unknown(`vendors.${vendor}.limits`, name, 'limit', rules));
    }
  }
  for (const name of autoModels) {
    const model = catalog.find(name);
    if (model?.id === name) continue;
    const known = catalog.all.filter((each) => catalog.standing(each).kind !== 'problem');
    const remedy =
      model === undefined
        ? `Use ids of ${known.map(({ id }) => id).join(', ')}.`
        : `Write its id: ${model.id}.`;
    problems.push({ column: 'auto', value: name, message: 'No model has this id', remedy });
  }
  if (problems.length > 0) throw new InputError(problems);
}

function unknown(
  column: string,
  value: string,
  what: 'tier' | 'limit',
  known: ReadonlySet<string>,
): Problem {
  const remedy =
    known.size === 0
      ? 'It has none: leave it out.'
      : `Use one of ${[...known].join(', ')}, or leave it out.`;
  return { column, value, message: `This vendor’s models have no such ${what}`, remedy };
}
