/** Longest side in pixels: sharp at the page's usual tile of 220, and on fine screens nearly so. */
export const THUMBNAIL_SIDE = 360;
/** WebP's. Any effort takes up to twice the time, for a few per cent of a photograph's bytes. */
export const THUMBNAIL_QUALITY = { quality: 74, effort: 0 } as const;
/** Of scaling down; Lanczos takes a quarter more time, for what nobody sees at this size. */
export const THUMBNAIL_KERNEL = 'cubic';
