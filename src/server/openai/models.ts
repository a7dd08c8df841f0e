/** The models that can be reached, as OpenAI lists its own. */
import { getOpenaiModelRoute, listOpenaiModelsRoute } from '../../api/routes/openai-models.ts';
import type { Model } from '../../engine/core/model.ts';
import type { App, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { OpenaiError } from './openai-error.ts';

export function modelRoutes(app: App, { engine }: ServerDeps): void {
  const reachable = () => {
    const available = new Set(engine.availableModels());
    return engine.catalog.all.filter(({ id }) => available.has(id));
  };

  handleRoute(app, listOpenaiModelsRoute, (c) => {
    const created = secondsOf(engine.catalog.date);
    const data = reachable().map((model) => modelJson(model, created));
    return c.json({ object: 'list' as const, data }, 200) as never;
  });

  handleRoute(app, getOpenaiModelRoute, (c) => {
    const name = c.req.valid('param').model;
    const found = engine.catalog.find(name);
    if (found === undefined || !reachable().includes(found)) {
      throw new OpenaiError({
        status: 404,
        type: 'invalid_request_error',
        code: 'model_not_found',
        param: 'model',
        message: `The model '${name}' does not exist here, or cannot be reached.`,
      });
    }
    return c.json({ ...modelJson(found, secondsOf(engine.catalog.date)), id: name }, 200) as never;
  });
}

function modelJson({ id, vendor }: Model, created: number) {
  return { id, object: 'model' as const, created, owned_by: vendor };
}

/** Nobody tells when a model was made: the date of the catalog. */
function secondsOf(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}
