/** All models in a table of at most a hundred columns, by vendor. Pure. */
import { priceOf, type Wanted } from '../api/json/model-price.ts';
import { formatMicros, formatUsd } from '../engine/core/credits.ts';
import { formatSize } from '../engine/core/size.ts';
import type { Catalog, Model } from '../engine/index.ts';
import type { VendorStanding } from '../engine/engine-types.ts';
import { lifecycleText, sizesText } from './model-facts.ts';
import { type ViewOptions, wrapped } from './plan-view.ts';
import { type TableColumn, textTable } from './text-table.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'Model' },
  { title: 'Credits', align: 'right' },
  { title: 'USD', align: 'right' },
  { title: 'Batch', align: 'right' },
  { title: 'Lot', align: 'right' },
  { title: 'Imgs', align: 'right' },
  { title: 'Refs', align: 'right' },
  { title: 'Sizes' },
  { title: 'Neg' },
  { title: 'Seed' },
];

const LEGEND =
  'USD: sent one by one; Batch: in the half-price lane. Lot: most prompts a batch; Imgs: most images a request; Refs: most reference images; Neg: a field for negative prompts (~: not beside a reference).';

/** Lines of the table, and below it what there is to say of single models. */
export function modelsView(
  catalog: Catalog,
  vendors: readonly VendorStanding[],
  wanted: Wanted,
  { colours, width }: Pick<ViewOptions, 'colours' | 'width'>,
): string[] {
  const [retired, usable] = partition(catalog.all, (model) => model.lifecycle.state === 'retired');
  const rows = usable.map((model) => rowOf(catalog, model, wanted));
  const [heading = '', ...lines] = textTable(COLUMNS, rows, colours.dim);
  const body = usable.flatMap((model, place) => {
    const isFirst = usable[place - 1]?.vendor !== model.vendor;
    return [...(isFirst ? [vendorText(model.vendor, vendors, colours)] : []), lines[place] ?? ''];
  });
  const notes = usable.flatMap((model) => notesOf(catalog, model, wanted));
  return [
    `An image of ${formatSize(wanted.size)}, ${wanted.quality}; figures of ${catalog.date}:`,
    '',
    heading,
    ...body,
    '',
    ...wrapped(LEGEND, width).map(colours.dim),
    ...notes.flatMap((note) => wrapped(note, width)).map(colours.yellow),
    ...wrapped(retiredText(retired), width).map(colours.dim),
  ];
}

function rowOf(catalog: Catalog, model: Model, wanted: Wanted): string[] {
  const price = priceOf(catalog, model, wanted);
  const usd = (micros: number | undefined) => (micros === undefined ? '?' : formatUsd(micros));
  const batch = price?.batch;
  return [
    `  ${model.id}`,
    price === undefined ? '-' : formatMicros(price.creditMicros, 4),
    price === undefined ? '-' : usd(price.usdMicros),
    batch === undefined ? '-' : usd(batch.usdMicros),
    `${model.batchMaximum}`,
    `${model.imagesPerRequest}`,
    `${model.references.count}`,
    sizesText(model),
    { yes: 'yes', no: 'no', 'without-references': '~' }[model.negativePrompt],
    model.seed ? 'yes' : 'no',
  ];
}

/** `OpenAI · OPENAI_API_KEY is set`. */
function vendorText(
  name: string,
  vendors: readonly VendorStanding[],
  colours: ViewOptions['colours'],
): string {
  const vendor = vendors.find((each) => each.name === name);
  if (!vendor) return `${colours.bold(name)} · ${colours.dim('no such vendor is configured')}`;
  return `${colours.bold(vendor.title)} · ${keyText(vendor, colours)}`;
}

/** Whether a vendor can be used, and with what. */
export function keyText(
  { keyVariable, keyPresent, problem }: VendorStanding,
  colours: ViewOptions['colours'],
): string {
  if (problem !== undefined) return colours.yellow(problem);
  if (keyVariable === undefined) return colours.dim('needs no key');
  return keyPresent
    ? colours.green(`${keyVariable} is set`)
    : colours.dim(`set ${keyVariable} to use it`);
}

function notesOf(catalog: Catalog, model: Model, { size }: Wanted): string[] {
  const fit = catalog.fitSize(model, size);
  const lifecycle = lifecycleText(model);
  return [
    ...(lifecycle === '' ? [] : [`${model.id}: ${lifecycle}`]),
    ...(fit.ok ? [] : [`${model.id}: ${fit.message}`]),
  ];
}

function retiredText(retired: readonly Model[]): string {
  if (retired.length === 0) return '';
  const names = retired.map(
    ({ id, lifecycle }) =>
      `${id}${lifecycle.state === 'active' ? '' : ` → ${lifecycle.replacement}`}`,
  );
  return `No longer served: ${names.join(', ')}.`;
}

function partition<Item>(
  items: readonly Item[],
  belongs: (item: Item) => boolean,
): [yes: Item[], no: Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
