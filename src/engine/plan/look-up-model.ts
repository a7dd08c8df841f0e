import type { Catalog } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';
import type { RowProblem } from './row-problem.ts';

export interface ModelAccess {
  readonly catalog: Catalog;
  /** Ids of the models whose key is there. */
  readonly available: readonly string[];
  /** Ids that a config file let join `auto`. */
  readonly autoModels?: readonly string[];
  /** What to do to get at a model without a key: `Set OPENAI_API_KEY.` */
  readonly howToReach?: (model: Model) => string;
}

/** A model by its name, if it is known, still served, and its vendor can be reached. */
export function lookUpModel(
  access: Pick<ModelAccess, 'catalog' | 'available' | 'howToReach'>,
  name: string,
  column: string,
): Model | RowProblem {
  const { catalog } = access;
  const model = catalog.find(name);
  if (!model) return unknownModel(name, column, catalog);
  const standing = catalog.standing(model);
  if (standing.kind === 'problem') {
    return { column, value: name, message: standing.message, remedy: standing.remedy };
  }
  if (access.available.includes(model.id)) return model;
  const howTo = access.howToReach?.(model) ?? `Give the key of ${model.vendor}`;
  return {
    column,
    value: name,
    message: `${model.title} cannot be used yet`,
    remedy: `${howTo.replace(/\.$/, '')}, or choose another model.`,
  };
}

function unknownModel(name: string, column: string, catalog: Catalog): RowProblem {
  const close = catalog.suggest(name);
  const usable = catalog.all.filter((model) => catalog.standing(model).kind !== 'problem');
  const known = usable.map((model) => model.id).join(', ');
  return {
    column,
    value: name,
    message: 'No such model is known',
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Use one of ${known}.`,
  };
}
