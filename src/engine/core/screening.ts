/** What the screening model calls pictures that it would have looked at. */
export const SCREEN_LABELS = ['porn', 'hentai', 'sexy'] as const;
export type ScreenLabel = (typeof SCREEN_LABELS)[number];

/**
 * A picture that is flagged for review. That a picture is not flagged says nothing about it: how many
 * the model overlooks was never measured.
 */
export interface Screening {
  /** The likeliest of its classes. */
  readonly label: ScreenLabel;
  /** How likely the three together are, 0 to 1, as the model sees it. */
  readonly score: number;
}
