/**
 * Prices that vendors quote for nothing. A sheet is planned once to see what would be asked of a vendor
 * that quotes; each different thing is asked for once; then it is planned again at the quoted prices, so
 * that holds, totals and `--max-usd` rest on them and no longer on the catalog.
 */
import type { Catalog, Quote } from '../core/catalog.ts';
import type { Clock } from '../core/clock.ts';
import type { PlannedLine, PlannedRow } from '../core/plan.ts';
import { formatSize } from '../core/size.ts';
import { planSheet, type PlannedSheet, type PlanningDeps } from '../prepare/plan-sheet.ts';
import { askedSize, type LaneBinding } from '../drive/run-lanes.ts';
import type { CallContext, LaneRequest, QuoteAnswer, Reference } from '../vendors/vendor.ts';

/** Different pictures asked about in one plan; the price of further ones is the catalog's. */
const MOST_QUOTES = 50;
/** For one answer; nothing depends on it but the exactness of a plan. */
const LONGEST_QUOTE_MS = 10_000;

export interface QuotingDeps extends PlanningDeps, LaneBinding {
  readonly clock: Clock;
}

export interface QuotedSheet extends PlannedSheet {
  readonly quotes: readonly Quote[];
  /** Which quotes could not be had, and why. */
  readonly quoteWarnings: readonly string[];
}

/** Plans a sheet at the quoted prices, where a vendor of it quotes. Throws what `planSheet` throws. */
export async function planQuotedSheet(
  deps: QuotingDeps,
  order: Parameters<typeof planSheet>[1],
): Promise<QuotedSheet> {
  const questions = new Questions(deps);
  const planned = await planSheet(deps, order, (line) => questions.see(line));
  const asked = questions.all();
  if (asked.length === 0) return { ...planned, quotes: [], quoteWarnings: [] };
  const quotes: Quote[] = [];
  const warnings = new Map<string, string>();
  for (const question of asked) {
    const { row, requestCount, ask } = question;
    const answer = await withinTime(deps.clock, (context) => ask(requestOf(deps, row), context));
    if (answer.kind === 'quoted') {
      const { model, size, quality, references } = row;
      const usdMicrosPerImage = Math.ceil(answer.usdMicros / requestCount);
      quotes.push({ model, size, quality, references: references.length, usdMicrosPerImage });
    } else if (!warnings.has(row.model)) {
      warnings.set(row.model, noQuote(row, answer.failure.words));
    }
  }
  const quoteWarnings = [...warnings.values(), ...questions.leftOut()];
  if (quotes.length === 0) return { ...planned, quotes, quoteWarnings };
  const catalog = quotedCatalog(deps.catalog, quotes);
  return { ...(await planSheet({ ...deps, catalog }, order)), quotes, quoteWarnings };
}

/** The catalog with the quoted dollars instead of its own; credits stay the catalog's. */
export function quotedCatalog(catalog: Catalog, quotes: readonly Quote[]): Catalog {
  if (quotes.length === 0) return catalog;
  const quoted = new Map(quotes.map((quote) => [keyOf(quote), quote.usdMicrosPerImage]));
  return {
    ...catalog,
    imagePrice(model, size, quality) {
      const price = catalog.imagePrice(model, size, quality);
      const usdMicros = quoted.get(keyOf({ model: model.id, size, quality, references: 0 }));
      return usdMicros === undefined ? price : { ...price, usdMicros, usdSource: 'quote' };
    },
    requestUsd(model, request) {
      const { size, quality, references, count } = request;
      const perImage = quoted.get(keyOf({ model: model.id, size, quality, references }));
      if (perImage === undefined) return catalog.requestUsd(model, request);
      return { expectedMicros: count * perImage, worstMicros: count * perImage };
    },
  };
}

function keyOf({ model, size, quality, references }: Omit<Quote, 'usdMicrosPerImage'>): string {
  return `${model} ${formatSize(size)} ${quality} ${references}`;
}

type Ask = (request: LaneRequest, context: CallContext) => Promise<QuoteAnswer>;

interface Question {
  /** The first row of its kind. */
  readonly row: PlannedRow;
  readonly requestCount: number;
  readonly ask: Ask;
}

/** What is to be asked: each model, size, quality and number of references of a quoting vendor once. */
class Questions {
  readonly #deps: QuotingDeps;
  readonly #asks = new Map<string, Ask | undefined>();
  readonly #questions = new Map<string, Question>();
  #unasked = false;

  constructor(deps: QuotingDeps) {
    this.#deps = deps;
  }

  see(line: PlannedLine): void {
    if (line.kind === 'skipped') return;
    const { row } = line;
    const ask = this.#askOf(row.vendor);
    const key = keyOf({ ...row, references: row.references.length });
    if (ask === undefined || this.#questions.has(key)) return;
    if (this.#questions.size >= MOST_QUOTES) this.#unasked = true;
    else this.#questions.set(key, { row, requestCount: row.requests[0]?.count ?? 1, ask });
  }

  all(): readonly Question[] {
    return [...this.#questions.values()];
  }

  leftOut(): readonly string[] {
    return this.#unasked
      ? [`Prices were asked for ${MOST_QUOTES} kinds of images; of others they are the catalog’s`]
      : [];
  }

  /** How a vendor is asked: by its live lane, whether that takes one prompt or many. */
  #askOf(vendor: string): Ask | undefined {
    if (!this.#asks.has(vendor)) this.#asks.set(vendor, this.#findAsk(vendor));
    return this.#asks.get(vendor);
  }

  #findAsk(vendor: string): Ask | undefined {
    const single = this.#deps.laneOf(vendor);
    if (single?.quote) return (request, context) => single.quote!(request, context);
    const many = this.#deps.bundleLaneOf(vendor, 'live');
    if (!many?.quote) return undefined;
    return (request, context) =>
      many.quote!({ key: request.key, model: request.model, requests: [request] }, context);
  }
}

/** The row's first request, with a single pixel for each reference: only their number has a price. */
function requestOf(deps: QuotingDeps, row: PlannedRow): LaneRequest {
  const model = deps.catalog.find(row.model);
  return {
    key: `quote-${row.key.slice(0, 24)}`,
    model: model?.wireId ?? row.model,
    prompt: row.prompt,
    ...(row.negativePrompt !== undefined && { negativePrompt: row.negativePrompt }),
    size: askedSize(deps.catalog, row.model, row.size),
    quality: row.quality,
    ...(row.seed !== undefined && { seed: row.seed }),
    count: row.requests[0]?.count ?? 1,
    references: row.references.map(() => PIXEL),
    format: 'png',
  };
}

/** A grey PNG of one pixel. */
const PIXEL: Reference = {
  kind: 'bytes',
  mediaType: 'image/png',
  bytes: new Uint8Array(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
      'base64',
    ),
  ),
};

async function withinTime(
  clock: Clock,
  ask: (context: CallContext) => Promise<QuoteAnswer>,
): Promise<QuoteAnswer> {
  const timedOut = new AbortController();
  const ended = new AbortController();
  const timer = clock.sleep(LONGEST_QUOTE_MS, ended.signal).then(() => {
    if (!ended.signal.aborted) timedOut.abort();
  });
  try {
    return await ask({ signal: timedOut.signal });
  } finally {
    ended.abort();
    await timer;
  }
}

function noQuote({ model, vendor }: PlannedRow, words: string): string {
  return `${vendor} quoted no price for ${model} (${words}): the catalog’s is used`;
}
