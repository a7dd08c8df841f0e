/** Bounds of settings, for every door through which they come. */

/** Images of one prompt; more would be a slip of the finger. */
export const MOST_IMAGES_A_ROW = 1_000;
/** Prompts a batch; the model's own maximum holds as well. */
export const MOST_BATCH_SIZE = 100_000;
/** Of what is counted in rows or images: turns, canaries, a proof. */
export const MOST_COUNTED = 1_000_000;
/** Images in any hour. */
export const MOST_IMAGES_PER_HOUR = 1e9;
/** Credits or dollars. */
export const LARGEST_AMOUNT = 1e9;
/** Requests in flight. */
export const MOST_CONCURRENT = 10_000;
/** 32 bits: what all vendors that take a seed can hold. */
export const LARGEST_SEED = 4_294_967_295;
/** Images that must have their outcome before a share of refusals says anything. */
export const DEFAULT_REFUSALS_AFTER = 20;

/** Where the default would put the prompt into names of files, and it shall not be there. */
export const NAME_WITHOUT_PROMPT = '{row}-{name}-{index}.{ext}';
