import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';

export interface AutoCandidates {
  readonly models: readonly Model[];
  /** Models with a key that auto does not take by itself. */
  readonly byNameOnly: readonly Model[];
  /** Who is considered, and who is not for which reason. */
  readonly explanation: string;
}

const DEMO = 'demo';

/**
 * The models among which `auto` chooses: those in auto (by the catalog or by `autoModels`) whose key is
 * there. When no vendor's key is there at all, it is the demo painter.
 */
export function autoCandidates(
  catalog: Catalog,
  available: ReadonlySet<string>,
  autoModels: ReadonlySet<string>,
): AutoCandidates {
  const usable = catalog.all.filter((model) => catalog.standing(model).kind !== 'problem');
  const reachable = usable.filter((model) => model.vendor !== DEMO && available.has(model.id));
  if (reachable.length === 0) {
    return {
      models: usable.filter((model) => model.vendor === DEMO),
      byNameOnly: [],
      explanation: 'auto: no vendor’s key is set, so the demo painter paints',
    };
  }
  const reachableIds = new Set(reachable.map((model) => model.id));
  const isInAuto = (model: Model) =>
    (model.inAuto || autoModels.has(model.id)) && !isSucceeded(model, reachableIds);
  const models = reachable.filter(isInAuto);
  const byNameOnly = reachable.filter((model) => !isInAuto(model));
  const notes = [
    `auto chooses among ${namesOf(models)}`,
    note(
      'without a key',
      usable.filter((model) => isInAuto(model) && !available.has(model.id)),
    ),
    note('available by name only', byNameOnly),
  ];
  return { models, byNameOnly, explanation: notes.filter((text) => text !== '').join('; ') };
}

/** Deprecated, and its replacement is there: then only a person who names it is served by it. */
function isSucceeded({ lifecycle }: Model, reachable: ReadonlySet<string>): boolean {
  return lifecycle.state === 'deprecated' && reachable.has(lifecycle.replacement);
}

function note(what: string, models: readonly Model[]): string {
  return models.length === 0 ? '' : `${what}: ${namesOf(models)}`;
}

function namesOf(models: readonly Model[]): string {
  return models.length === 0 ? 'no model' : models.map((model) => model.title).join(', ');
}
