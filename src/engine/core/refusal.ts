/** Where a vendor's policy said no: to the words that were sent, or to the picture that was made. */
export const REFUSAL_STAGES = ['input', 'output'] as const;
export type RefusalStage = (typeof REFUSAL_STAGES)[number];

/**
 * What a refusal was about, sorted from the vendor's codes (never from the words of a message).
 * `unspecified`: the vendor gave no code that says it.
 */
export const REFUSAL_CATEGORIES = [
  'sexual',
  'violence',
  'hate',
  'harassment',
  'self-harm',
  'minors',
  'illicit',
  'person',
  'copyright',
  'personal-data',
  'blocklist',
  'prohibited',
  'unspecified',
] as const;
export type RefusalCategory = (typeof REFUSAL_CATEGORIES)[number];

/** Whose refusals are counted: a run's, or an account's since a moment, in all runs. */
export type RefusalScope =
  | { readonly runId: string }
  | { readonly account: string; readonly since: number };

/** Images that were refused for one kind of thing, at one stage. */
export interface RefusalKind {
  readonly category: RefusalCategory;
  readonly stage?: RefusalStage;
  readonly items: number;
}

/** What a refused request costs at a vendor: nothing, the text that was read, or the picture too. */
export type RefusalCost = 'nothing' | 'prompt' | 'image' | 'unknown';
