/** `imagemill models [NAME]`: what can be made with what, and for how much. */
import { modelJson } from '../../api/json/model-json.ts';
import { UsageError } from '../../engine/core/errors.ts';
import { formatSize } from '../../engine/core/size.ts';
import type { Catalog, Model } from '../../engine/index.ts';
import { modelView } from '../model-view.ts';
import { modelsView } from '../models-view.ts';
import { type RawValues, readRunOptions } from '../options.ts';
import { type CommonOptions, openSession } from '../session.ts';

export async function models(
  name: string | undefined,
  options: CommonOptions & RawValues,
): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen, config, environment, workingFolder } = session;
  const { settings } = readRunOptions({
    options,
    environment,
    workingFolder,
    ...(config.file !== undefined && { defaults: { file: config.file, values: config.defaults } }),
  });
  const { catalog } = engine;
  const vendors = engine.vendors();
  const vendorOf = (model: Model) => vendors.find((vendor) => vendor.name === model.vendor);
  const json = (model: Model) => modelJson(catalog, model, vendorOf(model), settings);
  const asked = { size: formatSize(settings.size), quality: settings.quality };
  if (name === undefined) {
    for (const line of modelsView(catalog, vendors, settings, screen)) screen.say(line);
    screen.result({ ...asked, catalog_date: catalog.date, models: catalog.all.map(json) });
  } else {
    const model = named(catalog, name);
    const lines = modelView(catalog, model, vendorOf(model), settings, screen);
    for (const line of lines) screen.say(line);
    screen.result({ ...asked, catalog_date: catalog.date, ...json(model) });
  }
  return 0;
}

function named(catalog: Catalog, name: string): Model {
  const model = catalog.find(name);
  if (model) return model;
  const close = catalog.suggest(name);
  const hint =
    close.length > 0
      ? `Did you mean ${close.join(' or ')}?`
      : '`imagemill models` shows all that are known.';
  throw new UsageError(`No model is called ${name}. ${hint}`);
}
