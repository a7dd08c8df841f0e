import type { ImagePrice, PricedRequest, PriceSource, RequestUsd } from '../core/catalog.ts';
import type { Model, PriceEntry } from '../core/model.ts';
import type { Quality } from '../core/quality.ts';
import type { Size } from '../core/size.ts';
import { fitSize } from './sizes.ts';

/** The guide's price is for this picture, at medium quality. */
const GUIDE_SIZE: Size = { width: 1024, height: 1024 };
/** A token of English has about four bytes; one of any text has at least one. */
const BYTES_PER_TOKEN = 4;

interface UsdPrice {
  readonly micros: number | undefined;
  readonly source: PriceSource;
}

/**
 * Price of one delivered image. Credits are the guide's (or our) figure for 1024x1024 at medium
 * quality, otherwise in proportion to the vendor's dollars. Dollars are the vendor's list where it
 * names the size, otherwise in proportion to the pixels of its 1024x1024: no listed size costs more a
 * pixel, so that such an estimate errs upwards. What counts is the picture that the vendor makes.
 */
export function imagePrice(model: Model, size: Size, quality: Quality): ImagePrice {
  const priced = pricedSize(model, size);
  const usd = usdOf(model, priced, quality);
  const isListed = model.prices.flat || isGuidePicture(model, priced, quality);
  return {
    creditMicros: isListed
      ? model.prices.creditMicros
      : Math.round(model.prices.creditMicros * shareOfGuidePrice(model, priced, usd.micros)),
    creditSource: isListed ? 'list' : 'proportional',
    usdMicros: usd.micros,
    usdSource: usd.source,
  };
}

/** Micro-credits of one delivered image; see `imagePrice`. */
export function creditMicrosPerImage(model: Model, size: Size, quality: Quality): number {
  return imagePrice(model, size, quality).creditMicros;
}

/** Micro-dollars of one delivered image, or `undefined` when nobody knows; see `imagePrice`. */
export function usdMicrosPerImage(model: Model, size: Size, quality: Quality): number | undefined {
  return imagePrice(model, size, quality).usdMicros;
}

/**
 * Micro-dollars of one request: its images, its prompt, its references, and what the model writes to
 * itself. Expected takes four bytes a token, worst one byte a token. Both round up, and stay `undefined` when the price is not known.
 */
export function requestUsd(
  model: Model,
  request: PricedRequest,
  usdMicrosPerImage = imagePrice(model, request.size, request.quality).usdMicros,
): RequestUsd {
  if (usdMicrosPerImage === undefined) {
    return { expectedMicros: undefined, worstMicros: undefined };
  }
  const { usdMicrosPerPromptByte: perByte, usdMicrosPerReference: perReference = 0 } = model.prices;
  const thoughts = model.prices.usdMicrosOfThoughts ?? { expected: 0, worst: 0 };
  const pictures = request.count * usdMicrosPerImage + request.references * perReference;
  const sum = (thought: number, bytes: number) =>
    Math.ceil(pictures + request.count * thought + bytes * perByte);
  return {
    expectedMicros: sum(thoughts.expected, request.promptBytes / BYTES_PER_TOKEN),
    worstMicros: sum(thoughts.worst, request.promptBytes),
  };
}

function usdOf(model: Model, priced: Size, quality: Quality): UsdPrice {
  const entries = model.prices.usd;
  if (entries === 'unknown') return { micros: undefined, source: 'list' };
  if (model.prices.flat) return { micros: entries[0]?.usdMicros, source: 'list' };
  const listed = entryOf(entries, priced, quality);
  if (listed) return { micros: listed.usdMicros, source: 'list' };
  const base = entryOf(entries, GUIDE_SIZE, quality);
  if (!base) return { micros: undefined, source: 'proportional' };
  return { micros: Math.ceil(base.usdMicros * shareOfPixels(priced)), source: 'proportional' };
}

/** The picture that the guide's price is for, at its quality or where quality does not matter. */
function isGuidePicture(model: Model, priced: Size, quality: Quality): boolean {
  if (!isSameSize(priced, GUIDE_SIZE)) return false;
  const entries = model.prices.usd;
  if (quality === 'medium' || entries === 'unknown') return quality === 'medium';
  return entryOf(entries, GUIDE_SIZE, quality)?.quality === undefined;
}

/** Dollars over the dollars of the guide's picture; without dollars, pixels over its pixels. */
function shareOfGuidePrice(model: Model, priced: Size, usdMicros: number | undefined): number {
  const guide = usdOf(model, GUIDE_SIZE, 'medium').micros;
  if (usdMicros === undefined || guide === undefined || guide === 0) return shareOfPixels(priced);
  return usdMicros / guide;
}

function shareOfPixels(size: Size): number {
  return (size.width * size.height) / (GUIDE_SIZE.width * GUIDE_SIZE.height);
}

function entryOf(entries: readonly PriceEntry[], size: Size, quality: Quality) {
  return entries.find(
    (entry) => (entry.quality ?? quality) === quality && isSameSize(entry.size, size),
  );
}

function isSameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

/** What is priced: the picture as it is made or, where the vendor sells classes, the class's square. */
function pricedSize(model: Model, size: Size): Size {
  const fit = fitSize(model, size);
  if (!fit.ok) return size;
  const { asked } = fit;
  if (asked.kind === 'size' || model.sizes.kind === 'free') return asked.made;
  const square = model.sizes.classes.find(({ name }) => name === asked.className)?.square ?? 0;
  return { width: square, height: square };
}
