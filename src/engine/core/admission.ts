import type { Limit } from './limit.ts';

/** What has been granted under a limit, oldest first. */
export interface Grant {
  readonly grantedAt: number;
  readonly units: number;
}

/** Units that come back at a moment: a window's grant when it is old enough, a slot at its latest end. */
export interface Return {
  readonly at: number;
  readonly units: number;
}

/** A limit with its use, as the store reads it inside the admission's transaction. */
export interface LimitUse {
  readonly limit: Limit;
  /** The figure in force: configured, learned, or the lower of both; `undefined` is not known yet. */
  readonly max: number | undefined;
  /** Nothing is sent before this moment (the vendor said so). */
  readonly blockedUntil: number;
  /** Units granted in the window (with its margin), or slots held now. */
  readonly used: number;
  /** When units come back, soonest first; read only when the limit blocks. */
  readonly returns: () => Promise<readonly Return[]>;
}

/** The obstacle that is one process's own: its places are taken, while another process may have some. */
export const OWN_TURNS = 'turns';

/** What stands in the way of a request. */
export interface Obstacle {
  /** A limit's key, or what else it is: `turns`, `retry`, `vendor`. */
  readonly limit: string;
  readonly reason: string;
  /** When it is surely over; absent when nobody can say. */
  readonly until?: number;
  /** It may be over earlier, when a task ends. */
  readonly endsEarly?: true;
}

export interface Purse {
  readonly postedCreditMicros: number;
  readonly heldCreditMicros: number;
  readonly budgetCreditMicros: number | undefined;
  /** Billed, held and written off together. */
  readonly usedUsdMicros: number;
  readonly maxUsdMicros: number | undefined;
  /** What it shares with other runs. Absent: nothing. */
  readonly shared?: readonly SharedPurse[];
}

/** Credits that several runs spend from. */
export interface SharedPurse {
  readonly kind: 'workspace' | 'key';
  /** For words: `balance of the workspace`. */
  readonly name: string;
  readonly availableCreditMicros: number;
  /** Why nothing may be sent at all, not even what is free. */
  readonly closed?: string;
  /** What is being made for other runs holds, and may give back; read only when the credits do not reach. */
  readonly comingBackCreditMicros: () => Promise<number>;
}

/** Whose credits or dollars do not reach. */
export type ShortPurse = 'run' | SharedPurse['kind'];

export interface AdmissionQuestion {
  readonly images: number;
  readonly creditMicros: number;
  readonly usdMicros: number | undefined;
  readonly purse: Purse;
  readonly limits: readonly LimitUse[];
  readonly now: number;
}

export type AdmissionDecision =
  | { readonly kind: 'grant' }
  | { readonly kind: 'wait'; readonly obstacle: Obstacle }
  | { readonly kind: 'budget'; readonly reason: string; readonly of: ShortPurse }
  /** More images than a limit can ever let through at once: ask for at most `images` a request. */
  | { readonly kind: 'split'; readonly images: number };

export type DecideAdmission = (question: AdmissionQuestion) => Promise<AdmissionDecision>;

/** What is known of a limit whose figure the vendor has not told, or that was refused. */
export interface LearnedLimit {
  /** The figure believed; `undefined`: nothing is known yet. */
  readonly max?: number;
  /** True when the vendor named the figure, or refused one more than it: no further try is made. */
  readonly firm: boolean;
  /** The use at which the vendor refused last, and in the burst of refusals before. */
  readonly refusedAt?: number;
  readonly refusedAtBefore?: number;
  /** When the figure last changed. */
  readonly changedAt: number;
  /** Nothing is sent before this moment. */
  readonly blockedUntil: number;
  /** When a window's refusal came that may still be a stray one. */
  readonly suspectedAt?: number;
}

/** What an answer teaches about one limit. */
export interface LimitLesson {
  readonly limit: Limit;
  readonly now: number;
  /** The vendor named the figure. */
  readonly announced?: number;
  /**
   * The vendor refused for pace or slots. `accepted` is what it had let through at that time (in the
   * window, or in slots), `refusedUnits` what it had refused of the same window, this one included.
   */
  readonly refused?: {
    readonly accepted: number;
    readonly refusedUnits: number;
    readonly retryAfterMs?: number;
  };
  /** A request that was sent at this moment was let through. */
  readonly passed?: { readonly sentAt: number };
}

export type LearnLimit = (before: LearnedLimit | undefined, lesson: LimitLesson) => LearnedLimit;
