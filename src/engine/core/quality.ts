export const QUALITIES = ['low', 'medium', 'high'] as const;
/** How much work a model puts into a picture, where it lets one choose. */
export type Quality = (typeof QUALITIES)[number];

export const IMAGE_FORMATS = ['png', 'jpeg', 'webp'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];
