/** A run in a store, made from a few words: builders with defaults for what a test does not care about. */
import { randomUUID } from 'node:crypto';
import { digest } from '../../src/engine/core/ids.ts';
import type { Limit } from '../../src/engine/core/limit.ts';
import type { ImageFacts, ItemOutcome } from '../../src/engine/core/outcome.ts';
import type { Plan, PlannedLine, PlannedRow } from '../../src/engine/core/plan.ts';
import type { Quality } from '../../src/engine/core/quality.ts';
import type { MasterFacts } from '../../src/engine/core/reference.ts';
import { onBatchLane } from '../../src/engine/plan/lane-price.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/engine/core/settings.ts';
import type {
  AdmitAnswer,
  AdmitOrder,
  NewRun,
  ReadingResult,
  Store,
} from '../../src/engine/store/store.ts';

/** Credits and worst dollars of one image. */
export const PRICE = { creditMicros: 2_400_000, usdMicros: 60_000 } as const;

export const LONGEST_CALL_MS: Readonly<Record<Quality, number>> = {
  low: 120_000,
  medium: 120_000,
  high: 120_000,
};

export interface RowWords {
  readonly prompt: string;
  readonly count?: number;
  /** Most images of one request; all of the row's by default. */
  readonly pack?: number;
  readonly model?: string;
  readonly name?: string;
  readonly proof?: boolean;
  readonly streak?: number;
  readonly canary?: number;
  readonly references?: readonly string[];
  readonly masters?: readonly MasterFacts[];
  readonly style?: string;
  /** Begins on the batch lane, at half the price. */
  readonly byBatch?: true;
  /** `null`: nobody knows the price in dollars. */
  readonly usdMicros?: number | null;
}

export function plannedRow(number: number, words: RowWords): PlannedRow {
  const { prompt, count = 1, pack = count, model = 'a-model', usdMicros = PRICE.usdMicros } = words;
  const dollars = (images: number) => (usdMicros === null ? undefined : images * usdMicros);
  const cells = { prompt, ...(words.name !== undefined && { name: words.name }) };
  return {
    row: {
      number,
      line: number + 1,
      prompt,
      references: [],
      cells,
      ...(words.name !== undefined && { name: words.name }),
      ...(words.style !== undefined && { style: words.style }),
    },
    key: digest('row', prompt),
    model,
    vendor: 'a-vendor',
    size: { width: 1024, height: 1024 },
    quality: 'medium',
    prompt,
    count,
    references: words.references ?? [],
    ...(words.masters && { masters: words.masters }),
    batch: Math.ceil(number / 25),
    lane: words.byBatch ? 'batch' : 'live',
    proof: words.proof ?? false,
    ...(words.streak !== undefined && { streak: words.streak }),
    ...(words.canary !== undefined && { canary: words.canary }),
    requests: Array.from({ length: Math.ceil(count / pack) }, (_, place) => {
      const images = Math.min(pack, count - place * pack);
      const live = {
        creditMicrosPerImage: PRICE.creditMicros,
        worstUsdMicros: dollars(images),
        expectedUsdMicros: dollars(images),
      };
      const request = { firstIndex: place * pack + 1, count: images, ...live };
      return words.byBatch ? onBatchLane(request, 0.5) : request;
    }),
  };
}

export function planOf(lines: readonly PlannedLine[]): Plan {
  const rows = lines.flatMap((line) => (line.kind === 'row' ? [line.row] : []));
  const nothing = { creditMicros: 0, usdMicros: 0 };
  return {
    hash: digest('plan', ...rows.map((row) => `${row.key}x${row.count}`)),
    catalogDate: '2026-11-01',
    rows: rows.length,
    items: rows.reduce((sum, row) => sum + row.count, 0),
    skipped: lines.length - rows.length,
    duplicates: 0,
    pixels: 0,
    collapsed: 0,
    quality: 'medium',
    models: [],
    lanes: { live: nothing },
    low: nothing,
    expected: nothing,
    worst: nothing,
    choice: [],
    warnings: [],
    alternatives: [],
  };
}

/** Reads a sheet of these rows into the run, as the engine does. A bare text is a row's prompt. */
export async function readSheet(
  store: Store,
  runId: string,
  sheet: readonly (RowWords | string)[],
  options: { readonly proof?: readonly string[]; readonly skipped?: PlannedLine[] } = {},
): Promise<ReadingResult> {
  const lines = [
    ...sheet.map((words, place): PlannedLine => ({
      kind: 'row',
      row: plannedRow(place + 1, typeof words === 'string' ? { prompt: words } : words),
    })),
    ...(options.skipped ?? []),
  ];
  const revision = await store.beginReading(runId);
  // In several pieces, as a long sheet comes.
  for (let start = 0; start < lines.length; start += 100) {
    await store.putLines(runId, revision, lines.slice(start, start + 100));
  }
  return store.endReading(runId, revision, {
    plan: planOf(lines),
    columns: ['prompt', 'name'],
    proofKeys: new Set((options.proof ?? []).map((prompt) => digest('row', prompt))),
  });
}

/** A new run with this sheet that nobody works on yet. */
export async function createRun(
  store: Store,
  sheet: readonly (RowWords | string)[],
  settings: Partial<RunSettings> & {
    readonly proofOf?: readonly string[];
    readonly out?: string;
    /** Who pays for it; absent: the workspace `local`, without a key. */
    readonly payer?: Pick<NewRun, 'workspace' | 'keyId' | 'origin'>;
  } = {},
): Promise<string> {
  const { proofOf, out, payer, ...others } = settings;
  const id = `run-${randomUUID()}`;
  await store.createRun({
    id,
    workspace: 'local',
    ...payer,
    title: 'A sheet',
    sheet: '/sheets/a.csv',
    out: out ?? `/out/${id}`,
    settings: { ...DEFAULT_SETTINGS, ...others },
  });
  await readSheet(store, id, sheet, proofOf === undefined ? {} : { proof: proofOf });
  return id;
}

/** A run that `worker` has and that is running. */
export async function startRun(
  store: Store,
  sheet: readonly (RowWords | string)[],
  settings: Parameters<typeof createRun>[2] & { readonly worker?: string } = {},
): Promise<string> {
  const { worker = 'worker', ...others } = settings;
  const id = await createRun(store, sheet, others);
  await store.claimRun(id, worker, undefined);
  const phase = others.proofOf === undefined ? 'main' : 'proof';
  await store.changeRun(id, { state: 'running', phase });
  return id;
}

export function admit(
  store: Store,
  runId: string,
  order: Partial<AdmitOrder> = {},
): Promise<AdmitAnswer> {
  return store.admit({
    runId,
    workerId: 'worker',
    lane: 'a-model',
    limits: [],
    most: 100,
    longestCallMs: LONGEST_CALL_MS,
    ...order,
  });
}

let limits = 0;

/** A window of its own: no other test counts under it. */
export function windowLimit(max: number | undefined, given: Partial<Limit> = {}): Limit {
  limits += 1;
  return {
    kind: 'window',
    name: 'images-per-minute',
    unit: 'images',
    max,
    windowMs: 60_000,
    source: 'test',
    key: `test:${process.pid}-${limits}/images-per-minute`,
    learnable: true,
    ...given,
  } as Limit;
}

/** Slots of their own. */
export function slotLimit(max: number | undefined, given: Partial<Limit> = {}): Limit {
  limits += 1;
  return {
    kind: 'slots',
    name: 'active-tasks',
    unit: 'images',
    max,
    source: 'test',
    key: `test:${process.pid}-${limits}/active-tasks`,
    learnable: true,
    ...given,
  } as Limit;
}

export function picture(words: string): ImageFacts {
  return {
    hash: `${digest(words)}${digest(words)}`,
    width: 1024,
    height: 1024,
    bytes: 1_000_000,
    format: 'png',
  };
}

/** `d` delivered, `r` refused, `f` failed, by place: `outcomes('drf')`. */
export function outcomes(letters: string): ItemOutcome[] {
  return Array.from(letters, (letter, index): ItemOutcome => {
    if (letter === 'd') return { index, state: 'delivered', image: picture(`${index}`) };
    if (letter === 'r') return { index, state: 'refused', reason: 'unsafe' };
    return { index, state: 'failed', reason: 'blank' };
  });
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
