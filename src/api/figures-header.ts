/** Tells `PreviewFigures` as JSON beside the bytes of a preview. */
export const FIGURES_HEADER = 'x-imagemill-preview';
