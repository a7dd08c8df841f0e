/** `imagemill models`: what can be made with what, and for how much. */
import { fromMicros, formatMicros } from '../../engine/core/credits.ts';
import type { Engine, Model, RunSettings } from '../../engine/index.ts';
import { formatSize } from '../../engine/core/size.ts';
import { usdText } from '../amount-text.ts';
import { type RawValues, readRunOptions } from '../options.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';

export async function models(options: CommonOptions & RawValues): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen, config, environment, workingFolder } = session;
  const { settings } = readRunOptions({
    options,
    environment,
    workingFolder,
    ...(config.file !== undefined && { defaults: { file: config.file, values: config.defaults } }),
  });
  const rows = engine.catalog.all.map((model) => describe(engine, model, settings));
  const { colours } = screen;
  screen.say(`An image of ${formatSize(settings.size)}, ${settings.quality}:`);
  const table = textTable(
    [
      { title: 'Model' },
      { title: 'Vendor' },
      { title: 'Key' },
      { title: 'Credits', align: 'right' },
      { title: 'USD', align: 'right' },
      { title: 'Batch', align: 'right' },
      { title: 'Sizes' },
      { title: 'Negative' },
      { title: 'Seed' },
      { title: '' },
    ],
    rows.map((row) => [
      row.model,
      row.vendor,
      row.key_present ? 'yes' : 'no',
      row.credits === null ? '-' : formatMicros(row.credits * 1e6, 4),
      row.credits === null ? '-' : usdText(row.usd === null ? undefined : row.usd * 1e6),
      `${row.batch_maximum}`,
      row.sizes,
      row.negative_prompt,
      row.seed ? 'yes' : 'no',
      row.excluded ?? row.lifecycle,
    ]),
    colours.dim,
  );
  for (const line of table) screen.say(line);
  const missing = engine.vendors().filter((vendor) => !vendor.keyPresent);
  for (const { title, keyVariable } of missing) {
    screen.say(colours.dim(`${title}: set ${keyVariable} in the environment to use it.`));
  }
  screen.result({ size: formatSize(settings.size), quality: settings.quality, models: rows });
  return 0;
}

function describe(engine: Engine, model: Model, { size, quality }: RunSettings) {
  const fit = engine.catalog.fitSize(model, size);
  const price = fit.ok ? engine.catalog.imagePrice(model, size, quality) : undefined;
  const vendor = engine.vendors().find(({ name }) => name === model.vendor);
  return {
    model: model.id,
    title: model.title,
    vendor: model.vendor,
    key_present: vendor?.keyPresent ?? false,
    credits: price === undefined ? null : fromMicros(price.creditMicros),
    usd: price?.usdMicros === undefined ? null : fromMicros(price.usdMicros),
    batch_maximum: model.batchMaximum,
    images_per_request: model.imagesPerRequest,
    sizes: sizesText(model),
    negative_prompt: model.negativePrompt,
    seed: model.seed,
    lifecycle: lifecycleText(model),
    aliases: model.aliases,
    ...(fit.ok ? {} : { excluded: `cannot make ${formatSize(size)}` }),
  };
}

function sizesText({ sizes }: Model): string {
  if (sizes.kind === 'free') {
    return `to ${formatSize(sizes.largest)}, sides in steps of ${sizes.multipleOf}`;
  }
  const classes = sizes.classes.map(({ name }) => name).join(', ');
  return `${sizes.ratios.length} ratios, ${classes}`;
}

function lifecycleText({ lifecycle }: Model): string {
  if (lifecycle.state === 'active') return '';
  return `${lifecycle.state} since ${lifecycle.since}, use ${lifecycle.replacement}`;
}
