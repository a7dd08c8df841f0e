/** What a plan is asked for with, and how it is told: a part of the engine's types. */
import type { Quote } from './core/catalog.ts';
import type { Amount, Plan } from './core/plan.ts';
import type { RunSettings } from './core/settings.ts';

export interface PlanOrder {
  /** Path of the sheet. */
  readonly sheet: string;
  readonly settings: RunSettings;
  /**
   * Absolute path of a folder: references by path must lie in it, since whoever wrote the sheet may not
   * read this machine's files. Absent: they may lie anywhere.
   */
  readonly within?: string;
}

/** When a run would be done, from the limits, by the scheduler on a virtual clock. */
export interface Forecast {
  /** `undefined`: it would never be done (a request that no limit lets through). */
  readonly finishMs: number | undefined;
  /** The limit that the run waits for most, if it waits. */
  readonly blockedBy?: string;
  /** What was assumed where nobody has told a figure. */
  readonly assumptions: readonly string[];
}

/** How long this machine finishes the images of a plan, by a sample that was finished just now. */
export interface FinishForecast {
  readonly recipe: string;
  /** Of all images; it goes on beside the making. */
  readonly totalMs: number;
  readonly msPerImage: number;
}

/** A plan by one lane: its expected total and when it would be done. */
export interface LaneOutlook {
  readonly amount: Amount;
  readonly forecast: Forecast;
}

export interface LaneComparison {
  readonly live: LaneOutlook;
  /** Absent: no model of the plan has a batch lane. */
  readonly batch?: LaneOutlook;
  /** With a deadline: when what no batch has made goes live (milliseconds since 1970), seen from `now`. */
  readonly leaveBatchAt?: number;
  readonly now?: number;
}

export interface PlanReport {
  readonly sheet: string;
  readonly settings: RunSettings;
  readonly columns: readonly string[];
  readonly plan: Plan;
  readonly forecast: Forecast;
  /** Absent: nothing is done to the images but scaling and marking. */
  readonly finishing?: FinishForecast;
  /** Both prices and both finishing times. */
  readonly lanes: LaneComparison;
  /** Finish time of each alternative, by model. */
  readonly alternatives: Readonly<Record<string, Forecast>>;
  /** Prices that vendors quoted for this plan; they stand in it instead of the catalog's. */
  readonly quotes: readonly Quote[];
  /** Of the sheet's reading and of the plan. */
  readonly warnings: readonly string[];
}
