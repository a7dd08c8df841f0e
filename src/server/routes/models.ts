/** Models: all of the catalog, and whether each can be used here. */
import { catalogJson, type ModelsOfService } from '../../api/json/catalog-json.ts';
import { getModelRoute, listModelsRoute } from '../../api/routes/models.ts';
import type { Model } from '../../engine/core/model.ts';
import { parseSize, type Size } from '../../engine/core/size.ts';
import type { Engine } from '../../engine/engine-types.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ProblemError } from '../problems/problem-error.ts';

type ModelFacts = ReturnType<typeof catalogJson>;

export function modelRoutes(app: App, { engine }: ServerDeps): void {
  handleRoute(app, listModelsRoute, (c) => {
    const query = c.req.valid('query');
    const known = knownModels(engine);
    const wanted = { size: sizeOf(query.size), quality: query.quality };
    const all = engine.catalog.all
      .map((model) => catalogJson(known, model, wanted))
      .filter((model) => isWanted(model, query))
      .toSorted(cheapestFirst);
    const from = query.after === undefined ? 0 : placeAfter(all, query.after);
    const data = all.slice(from, from + query.limit);
    const next = from + query.limit < all.length ? (data.at(-1)?.model ?? null) : null;
    return c.json({ data, next }, 200);
  });

  handleRoute(app, getModelRoute, (c) => {
    const { size, quality } = c.req.valid('query');
    const model = namedModel(engine, c.req.valid('param').model);
    return c.json(catalogJson(knownModels(engine), model, { size: sizeOf(size), quality }), 200);
  });
}

/** By its id or an alias. Throws a `not-found` problem that names what is spelled like it. */
export function namedModel({ catalog }: Engine, name: string): Model {
  const model = catalog.find(name);
  if (model !== undefined) return model;
  const close = catalog.suggest(name);
  const hint =
    close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'GET /v1/models lists them.';
  throw new ProblemError('not-found', `No model is called ${name.slice(0, 100)}. ${hint}`);
}

export function knownModels(engine: Engine): ModelsOfService {
  return {
    catalog: engine.catalog,
    vendors: engine.vendors(),
    available: engine.availableModels(),
  };
}

/** Throws a problem of `query.size`. */
export function sizeOf(text: string, field = 'query.size'): Size {
  const size = parseSize(text);
  if (size !== undefined) return size;
  throw new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [
      {
        field,
        value: text,
        message: 'This is no size',
        remedy: 'Write width and height in pixels, like 1024x1536.',
      },
    ],
  });
}

interface Filters {
  readonly vendor?: string | undefined;
  readonly available?: boolean | undefined;
  readonly makes_size?: boolean | undefined;
  readonly lifecycle?: string | undefined;
  readonly least_prompts?: number | undefined;
  readonly least_references?: number | undefined;
}

function isWanted(model: ModelFacts, wanted: Filters): boolean {
  const {
    vendor = model.vendor,
    available = model.available,
    makes_size = model.excluded === null,
    lifecycle = model.lifecycle.state,
    least_prompts = 1,
    least_references = 0,
  } = wanted;
  return (
    model.vendor === vendor &&
    model.available === available &&
    (model.excluded === null) === makes_size &&
    model.lifecycle.state === lifecycle &&
    model.batch_maximum >= least_prompts &&
    model.references.count >= least_references
  );
}

/** What cannot make the size comes last. */
function cheapestFirst(one: ModelFacts, other: ModelFacts): number {
  const [cost, otherCost] = [one.credits ?? Infinity, other.credits ?? Infinity];
  if (cost !== otherCost) return cost - otherCost;
  return one.model < other.model ? -1 : 1;
}

/** A cursor that is no model any more begins again. */
function placeAfter(all: readonly ModelFacts[], after: string): number {
  return all.findIndex(({ model }) => model === after) + 1;
}
