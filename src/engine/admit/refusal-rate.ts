/**
 * What is believed of a model before anything was seen: 2 refusals in 100 prompts, worth as much as 50
 * prompts seen. Ordinary sheets see less than that and difficult ones more; 50 outcomes of a sheet's own
 * weigh as much as the belief.
 */
const BELIEF = { refused: 1, prompts: 50 } as const;

/**
 * The probability that the next prompt is refused: the mean of a Beta distribution that began as the
 * belief and has seen `prompts` outcomes, `refused` of them refusals. Never 0, never 1.
 */
export function refusalRate(seen: { readonly prompts: number; readonly refused: number }): number {
  return (BELIEF.refused + seen.refused) / (BELIEF.prompts + seen.prompts);
}
