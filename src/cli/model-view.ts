/** One model in full: prices, limits, bounds, and where each figure comes from. Pure. */
import { priceOf, type Wanted } from '../api/json/model-price.ts';
import { formatMicros, formatUsd } from '../engine/core/credits.ts';
import type { LimitRule } from '../engine/core/limit.ts';
import type { RefusalCost } from '../engine/core/refusal.ts';
import { formatSize, type Size } from '../engine/core/size.ts';
import type { VendorStanding } from '../engine/engine-types.ts';
import { type Catalog, type Model, QUALITIES } from '../engine/index.ts';
import { countText, plural } from './amount-text.ts';
import { lifecycleText, priceText } from './model-facts.ts';
import { keyText } from './models-view.ts';
import { type ViewOptions, wrapped } from './plan-view.ts';
import { textTable } from './text-table.ts';
import { durationText } from './time-text.ts';

const LABEL_WIDTH = 14;

export function modelView(
  catalog: Catalog,
  model: Model,
  vendor: VendorStanding | undefined,
  wanted: Wanted,
  view: Pick<ViewOptions, 'colours' | 'width'>,
): string[] {
  const { colours, width } = view;
  const facts: [label: string, text: string][] = [
    [
      'Vendor',
      vendor === undefined ? model.vendor : `${vendor.title}, ${keyText(vendor, colours)}`,
    ],
    ...(model.wireId === undefined ? [] : [['Its own name', model.wireId] as [string, string]]),
    ['Also called', model.aliases.join(', ') || '-'],
    ['State', lifecycleText(model) || 'active'],
    ['An image', imageText(catalog, model, wanted)],
    ['Beside it', besideText(model)],
    ['Requests', requestText(model)],
    ['Sizes', sizesInFull(model)],
    ['Prompt', promptText(model)],
    ['Formats', model.formats.join(', ') || 'the vendor decides'],
    ['References', referencesText(model)],
    ['Refusals', refusalText(model)],
    ['Batch lane', batchText(model)],
    ['Time', timeText(model)],
    ['Source', model.source],
  ];
  return [
    `${colours.bold(model.title)}  ${model.id}`,
    ...facts.flatMap(([label, text]) => labelled(label, text, width, colours.dim)),
    '',
    ...priceLines(catalog, model, view),
    ...limitLines(model, view),
  ];
}

function labelled(
  label: string,
  text: string,
  width: number,
  dim: (text: string) => string,
): string[] {
  return wrapped(text, width - LABEL_WIDTH - 2).map(
    (line, place) => `  ${dim((place === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`,
  );
}

function imageText(catalog: Catalog, model: Model, wanted: Wanted): string {
  const price = priceOf(catalog, model, wanted);
  const what = `${formatSize(wanted.size)}, ${wanted.quality}`;
  if (price === undefined) {
    const fit = catalog.fitSize(model, wanted.size);
    return fit.ok ? what : fit.message;
  }
  const batch = price.batch === undefined ? '' : `; in a batch ${priceText(price.batch)}`;
  return `${what}: ${priceText(price)}${batch}`;
}

/** What is billed with an image. */
function besideText({ prices }: Model): string {
  const thoughts = prices.usdMicrosOfThoughts;
  const parts = [
    ...(prices.usdMicrosPerPromptByte === 0
      ? []
      : [`$${prices.usdMicrosPerPromptByte} a million tokens of prompt at most`]),
    ...(prices.usdMicrosPerReference === undefined
      ? []
      : [`${formatUsd(prices.usdMicrosPerReference)} a reference at most`]),
    ...(thoughts === undefined
      ? []
      : [
          `${formatUsd(thoughts.expected)} for what it thinks, at most ${formatUsd(thoughts.worst)}`,
        ]),
  ];
  return parts.join('; ') || 'nothing';
}

function requestText({ batchMaximum, imagesPerRequest, promptsPerRequest }: Model): string {
  const prompts =
    promptsPerRequest === undefined ? '' : `, ${plural(promptsPerRequest, 'prompt')} a request`;
  return `${plural(imagesPerRequest, 'image')} a request at most${prompts}; batches of at most ${plural(batchMaximum, 'prompt')}`;
}

function sizesInFull({ sizes }: Model): string {
  if (sizes.kind === 'free') {
    const { smallest, largest, multipleOf, longestRatio } = sizes;
    const steps = multipleOf === 1 ? '' : `, sides in steps of ${multipleOf}`;
    return `any from ${pixels(smallest)} to ${pixels(largest)} pixels, no side over ${Math.max(largest.width, largest.height)}${steps}, ratio to ${longestRatio}:1`;
  }
  const classes = sizes.classes.map(({ name, square }) => `${name} (${square}x${square} at 1:1)`);
  const ratios =
    sizes.ratios.length > 20
      ? `${sizes.ratios.length} ratios from ${sizes.ratios.toSorted(byRatio)[0]} to ${sizes.ratios.toSorted(byRatio).at(-1)}`
      : sizes.ratios.join(' ');
  return `${classes.join(', ')}; ${ratios}`;
}

function byRatio(one: string, other: string): number {
  const [first, second] = [one, other].map((text) => {
    const [across = 1, down = 1] = text.split(':').map(Number);
    return across / down;
  });
  return (first ?? 0) - (second ?? 0);
}

function pixels({ width, height }: Size): string {
  return countText(width * height);
}

function promptText({ promptCharacters, negativePrompt, seed }: Model): string {
  const negative = {
    yes: 'a field for negative prompts',
    no: 'a negative prompt is appended',
    'without-references': 'a field for negative prompts, not beside a reference',
  }[negativePrompt];
  return `to ${countText(promptCharacters)} characters; ${negative}; ${seed ? 'takes a seed' : 'no seed'}`;
}

function referencesText({ references }: Model): string {
  if (references.count === 0) return 'none';
  const { count, bytes, mediaTypes, smallestSide, largestSide, longestRatio } = references;
  return [
    `${count} at most, each to ${(bytes / 1024 ** 2).toFixed(0)} MB`,
    ...(references.pixels === undefined ? [] : [`to ${countText(references.pixels)} pixels`]),
    ...sidesText(smallestSide, largestSide),
    ...(longestRatio === undefined ? [] : [`ratio to ${longestRatio}:1`]),
    mediaTypes.map((type) => type.replace(/^image\//, '')).join(' '),
    ...(references.largestPicture === undefined
      ? []
      : [`makes ${formatSize(references.largestPicture)} at most with one`]),
  ].join(', ');
}

function sidesText(smallest: number | undefined, largest: number | undefined): string[] {
  const from = smallest === undefined ? [] : [`from ${smallest}`];
  const to = largest === undefined ? [] : [`to ${largest}`];
  const bounds = [...from, ...to];
  return bounds.length === 0 ? [] : [`sides ${bounds.join(' ')}`];
}

const COST_WORDS: Readonly<Record<RefusalCost, string>> = {
  nothing: 'nothing',
  prompt: 'the prompt’s tokens',
  image: 'the image',
  unknown: 'not known',
};

function refusalText({ refusalCost: { input, output, source } }: Model): string {
  return `of the prompt: ${COST_WORDS[input]}; of the picture: ${COST_WORDS[output]} (${source})`;
}

function batchText({ batch }: Model): string {
  if (batch === undefined) return 'none';
  const { priceShare, mostRequests, typicalMs, longestMs, cancelMs, source, date } = batch;
  return `${Math.round(priceShare * 100)} % of the price; ${countText(mostRequests)} requests at most; usually ${durationText(typicalMs)}, at most ${durationText(longestMs)}; cancelling to ${durationText(cancelMs)} (${source}; ${date})`;
}

function timeText({ typicalCallMs, longestCallMs }: Model): string {
  const span = (of: Model['typicalCallMs']) => {
    const texts = new Set(QUALITIES.map((quality) => durationText(of[quality])));
    return [...texts].join(' / ');
  };
  return `usually ${span(typicalCallMs)}; at most ${span(longestCallMs)}`;
}

function priceLines(
  catalog: Catalog,
  model: Model,
  { colours, width }: Pick<ViewOptions, 'colours' | 'width'>,
): string[] {
  const { usd, flat, source, date, creditSource } = model.prices;
  const origin = creditSource === 'guide' ? 'credits of the guide' : 'credits are ours';
  const note = colours.dim(`(${source}; ${date}; ${origin})`);
  if (usd === 'unknown' || flat) {
    const words =
      usd === 'unknown' ? 'Dollars are not known' : 'One price for all sizes and qualities';
    return [...wrapped(`${words} ${note}`, width), ''];
  }
  const sizes = new Map(usd.map(({ size }) => [formatSize(size), size]));
  const rows = [...sizes].map(([text, size]) => [
    `  ${className(model, size) ?? text}`,
    ...QUALITIES.map((quality) => {
      const price = catalog.imagePrice(model, size, quality);
      const dollars = price.usdMicros === undefined ? '?' : formatUsd(price.usdMicros);
      return `${formatMicros(price.creditMicros, 2)} / ${dollars}`;
    }),
  ]);
  const columns = [
    { title: 'Credits / USD' },
    ...QUALITIES.map((title) => ({ title, align: 'right' as const })),
  ];
  return [...textTable(columns, rows, colours.dim), ...wrapped(note, width), ''];
}

function className({ sizes }: Model, size: Size): string | undefined {
  if (sizes.kind === 'free') return undefined;
  return sizes.classes.find(({ square }) => square === size.width)?.name;
}

function limitLines(
  { limits, tiers }: Model,
  { colours, width }: Pick<ViewOptions, 'colours' | 'width'>,
): string[] {
  if (limits.length === 0) return ['No limits are known.'];
  const names = Object.keys(tiers);
  const rows = limits.map((rule) => [
    `  ${rule.name}`,
    spanText(rule),
    rule.max === undefined ? 'learned' : countText(rule.max),
    ...names.map((tier) => `${tiers[tier]?.[rule.name] ?? '-'}`),
  ]);
  const columns = [
    { title: 'Limit' },
    { title: 'Counts' },
    { title: 'Figure', align: 'right' as const },
    ...names.map((title) => ({ title, align: 'right' as const })),
  ];
  const sources = [...new Set(limits.map(({ source }) => source))].join('; ');
  return [
    ...textTable(columns, rows, colours.dim),
    ...wrapped(`(${sources})`, width).map(colours.dim),
  ];
}

function spanText(rule: LimitRule): string {
  return rule.kind === 'slots'
    ? `${rule.unit} at once`
    : `${rule.unit} in ${durationText(rule.windowMs)}`;
}
