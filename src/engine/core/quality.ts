export const QUALITIES = ['low', 'medium', 'high'] as const;
/** How much work a model puts into a picture, where it lets one choose. */
export type Quality = (typeof QUALITIES)[number];

/** What vendors make, and what is kept as a master. */
export const IMAGE_FORMATS = ['png', 'jpeg', 'webp'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** What files can be delivered as. */
export const FILE_FORMATS = [...IMAGE_FORMATS, 'avif'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
