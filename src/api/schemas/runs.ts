/** Runs as they travel; `json/api-run-json.ts` makes them. */
import { SOURCE_KINDS } from '../../engine/core/review.ts';
import { RUN_ORIGINS, RUN_STATES, type RunAction } from '../../engine/core/run.ts';
import { LANE_KINDS } from '../../engine/core/lane.ts';
import { ITEM_STATES } from '../../engine/core/outcome.ts';
import { boundedRows, MOST_CELLS } from '../bounded-rows.ts';
import { readJson } from '../read-json.ts';
import { amountSchema } from './amount.ts';
import { runSettingsSchema } from './run-settings.ts';
import { uploadFields, uploadFormFields } from './uploads.ts';
import { z } from '../zod.ts';

const ACTIONS = [
  'resume',
  'approve',
  'pause',
  'cancel',
  'retry',
  'export',
] as const satisfies readonly RunAction[];

/** `cli`: made by the command line or the library. */
export const LISTED_ORIGINS = [...RUN_ORIGINS, 'cli'] as const;

export const itemCountsSchema = z
  .object({
    delivered: z.int(),
    refused: z.int(),
    failed: z.int(),
    unknown: z.int(),
    waiting: z.int(),
    sent: z.int(),
    cancelled: z.int(),
  })
  .openapi('ItemCounts');

const link = z.string().openapi({ description: 'An address of this API.' });

export const runSummarySchema = z
  .object({
    run: z.string().openapi({ example: 'rk7m2p9qx' }),
    title: z.string(),
    state: z.enum(RUN_STATES),
    reason: z.string().nullable(),
    origin: z.enum(LISTED_ORIGINS),
    rows: z.int(),
    items: itemCountsSchema,
    credits: z.object({ posted: z.number(), held: z.number() }),
    usd: z.object({ actual: z.number(), held: z.number(), written_off: z.number() }),
    actions: z
      .array(z.enum(ACTIONS))
      .openapi({ description: 'What may be done with the run in this state.' }),
    links: z.object({ self: link }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('RunSummary');

const qualitySchema = z.object({
  models: z.array(
    z.object({
      model: z.string(),
      verdict: z.enum(['too-early', 'steady', 'fell']),
      start: z.number().nullable(),
      latest: z.number().nullable(),
      ratio: z.number().nullable(),
      probability: z.number().nullable(),
      curve: z
        .array(z.object({ from: z.int(), images: z.int(), detail: z.number() }))
        .openapi({ description: 'Detail of the images from this place in the queue on.' }),
      canaries: z.array(
        z.object({
          number: z.int(),
          row: z.int(),
          ratio: z.number(),
          difference: z.number(),
          verdict: z.string(),
        }),
      ),
    }),
  ),
  flags: z.record(z.string(), z.int()),
});

export const runSchema = z
  .object({
    ...runSummarySchema.shape,
    usd: runSummarySchema.shape.usd.extend({ estimated: z.number().nullable() }),
    sheet: z.string().openapi({ description: "The sheet's name." }),
    exit_code: z.int().openapi({ description: 'As the command line would end.' }),
    reason_text: z.string().nullable(),
    budget: z.number().nullable(),
    max_usd: z.number().nullable(),
    at_risk: z.object({ requests: z.int(), credits: z.number(), usd: z.number() }),
    waits: z.array(
      z.object({
        lane: z.string(),
        limit: z.string(),
        reason: z.string(),
        until: z.iso.datetime().nullable(),
      }),
    ),
    refusals: z.array(
      z.object({ category: z.string(), stage: z.string().nullable(), items: z.int() }),
    ),
    recipe: z.string().nullable(),
    finish_failures: z.int(),
    models: z.array(
      z.object({
        model: z.string(),
        lane: z.enum(LANE_KINDS),
        state: z.enum(ITEM_STATES),
        items: z.int(),
      }),
    ),
    quality: qualitySchema,
    is_worked_on: z.boolean(),
    hands: z
      .int()
      .openapi({ description: 'Processes that send for it now beside the one that works on it.' }),
    proof: z
      .object({
        items: itemCountsSchema,
        spent: amountSchema,
        likely_rest: amountSchema,
        at_most_rest: amountSchema,
      })
      .nullable(),
    plan_hash: z.string().nullable(),
    source: z
      .object({ run: z.string(), kind: z.enum(SOURCE_KINDS) })
      .nullable()
      .openapi({ description: 'The run whose images it makes again, and how.' }),
    follow_ups: z.array(z.string()).openapi({ description: 'Runs that make images of it again.' }),
    batches: z.array(
      z.object({
        lane: z.string(),
        requests: z.int(),
        completed: z.int(),
        sent_at: z.iso.datetime(),
        vendor_ref: z.string().nullable(),
      }),
    ),
    settings: runSettingsSchema,
    links: z.object({
      self: link,
      items: link,
      results: link,
      journal: link,
      events: link,
      exports: link,
      manifest: link,
      contact_sheet: link,
      contact_page: link,
    }),
  })
  .openapi('Run');

const MOST_ROWS = 50_000;

const cellSchema = z.union([
  z.string().max(100_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(10_000)).max(100),
]);

/** A row of a sheet: cells by their headings, the same ones that a file may have. */
const rowSchema = z
  .record(z.string().min(1).max(500), cellSchema)
  .refine((row) => Object.keys(row).length <= MOST_CELLS, `At most ${MOST_CELLS} cells a row.`);

/** Where a run's rows may stand: in one of them. */
const SOURCES = ['rows', 'prompts', 'upload'] as const;

const hashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A hash of a plan has 64 hex digits.')
  .openapi({ description: 'The run is made only if its plan is still this one.' });

const sheetFields = {
  rows: boundedRows(z.array(rowSchema).min(1).max(MOST_ROWS))
    .optional()
    .openapi({ example: [{ prompt: 'a red boat', size: '1024x1024', count: 2 }] }),
  prompts: z
    .array(z.string().max(100_000))
    .min(1)
    .max(MOST_ROWS)
    .optional()
    .openapi({ description: 'Instead of rows.', example: ['a red boat', 'a blue boat'] }),
  ...uploadFields,
  settings: runSettingsSchema.default({}),
};

const ONE_SHEET = { message: 'Give rows, prompts or an upload, one of them.', path: ['rows'] };
const NO_SHEET = {
  message: 'Uploads of pictures go with the upload of the sheet that names them.',
  path: ['uploads'],
};

export const newPlanSchema = z
  .strictObject(sheetFields)
  .refine(hasOneSheet, ONE_SHEET)
  .refine(hasSheetForPictures, NO_SHEET)
  .openapi('NewPlan');

/** What a run has beside its sheet and settings. */
export const runOrderFields = {
  title: z.string().trim().min(1).max(200).optional(),
  approve: z.boolean().default(false).openapi({
    description: 'Agrees to what it costs. Otherwise the run waits for `approve`.',
  }),
  plan_hash: hashSchema.optional(),
};

export const newRunSchema = z
  .strictObject({ ...sheetFields, ...runOrderFields })
  .refine(hasOneSheet, ONE_SHEET)
  .refine(hasSheetForPictures, NO_SHEET)
  .openapi('NewRun');
export type NewRunBody = z.infer<typeof newRunSchema>;

/** Texts of a form: the same as in JSON, each as text. */
export const runFormSchema = z.strictObject({
  settings: z.string().max(1_000_000).default('{}').transform(readJson).pipe(runSettingsSchema),
  title: runOrderFields.title,
  approve: z.enum(['true', 'false']).default('false'),
  plan_hash: runOrderFields.plan_hash,
  ...uploadFormFields,
});

function hasOneSheet(body: { readonly [Source in (typeof SOURCES)[number]]?: unknown }): boolean {
  return SOURCES.filter((source) => body[source] !== undefined).length === 1;
}

function hasSheetForPictures(body: {
  readonly upload?: unknown;
  readonly uploads?: unknown;
}): boolean {
  return body.uploads === undefined || body.upload !== undefined;
}
