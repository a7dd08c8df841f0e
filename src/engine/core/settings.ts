import type { FileFormat, Quality } from './quality.ts';
import type { Recipe } from './recipe.ts';
import type { LaneChoice } from './lane.ts';
import type { Size } from './size.ts';

/** What a run was asked to do, complete and checked: every default is filled in. Stored with the run. */
export interface RunSettings {
  /** Model ids, `auto` already resolved per row by the plan. `['auto']` lets the plan choose. */
  readonly models: readonly string[];
  readonly size: Size;
  readonly quality: Quality;
  /** Images a prompt. */
  readonly count: number;
  /** Prompts a batch; `max` is the model's own maximum. */
  readonly batchSize: number | 'max';
  /**
   * Prompts after which the next of several models takes over; `half` gives each model one part of the
   * sheet in order; `auto` changes when a model's detail falls clearly below its own start.
   */
  readonly rotateEvery: number | 'auto' | 'half';
  /** Rows that share a style or a reference stay with one model. */
  readonly keepStyle: boolean;
  /** Images after which one prompt and seed is repeated, where the model takes seeds; 0 is off. */
  readonly canary: number;
  /** Which way to the models: `auto` takes the cheap one while the deadline lets it. */
  readonly lane: LaneChoice;
  /** When the run should be done (milliseconds since 1970); read by `auto` only. */
  readonly deadlineAt?: number;
  /** References for rows without one of their own: absolute paths, addresses or `@names`. */
  readonly images: readonly string[];
  /** The model that makes what the row's own model refused or could not make. */
  readonly fallback?: string;
  /** Rows of the sample made first; `batch` is the first batch; 0 is off. */
  readonly proof: number | 'batch';
  readonly budgetCreditMicros?: number;
  readonly maxUsdMicros?: number;
  readonly imagesPerHour?: number;
  readonly concurrency?: number;
  readonly nameTemplate: string;
  /** Of delivered files for which `finish` names none; absent: as the model made them. */
  readonly format?: FileFormat;
  /** What is done to each image before it is delivered. Absent: nothing, like `none`. */
  readonly finish?: Recipe | 'none';
  /** What delivered files say of themselves: all, all but the prompts, or nothing. Absent: all. */
  readonly marks?: 'no-prompt' | 'none';
  /** `none`: images stay in the store, and no file is made of them. Absent: into the out folder. */
  readonly deliver?: 'none';
  /** Pictures are looked at by a trained model, and some are flagged. Absent: no. */
  readonly screen?: true;
  readonly seed?: number;
  readonly negative?: string;
  readonly onUnknown: 'hold' | 'retry';
  readonly negativeUnsupported: 'append' | 'refuse';
  readonly duplicates: 'keep' | 'collapse';
  /** Heading (or meaning) → meaning; an empty meaning ignores the column. */
  readonly columnMap: Readonly<Record<string, string>>;
  readonly skipBadRows: boolean;
  readonly stylesFile?: string;
  /** The spending question was answered (by `--yes` or by a person). */
  readonly spendingAllowed: boolean;
  /** Share of refused images that pauses the run, and how many must have their outcome first. */
  readonly refusalBreaker: { readonly share: number; readonly after: number } | 'off';
}

export const DEFAULT_SETTINGS: RunSettings = {
  models: ['auto'],
  size: { width: 1024, height: 1024 },
  quality: 'medium',
  count: 1,
  batchSize: 25,
  rotateEvery: 30,
  keepStyle: false,
  canary: 0,
  lane: 'live',
  images: [],
  proof: 0,
  nameTemplate: '{row}-{name|prompt}-{index}.{ext}',
  onUnknown: 'hold',
  negativeUnsupported: 'append',
  duplicates: 'keep',
  columnMap: {},
  skipBadRows: false,
  spendingAllowed: false,
  refusalBreaker: { share: 0.5, after: 20 },
};
