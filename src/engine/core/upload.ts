/** What an upload may be used for: the field of a form that it stands for. */
export const UPLOAD_PURPOSES = ['sheet', 'pictures'] as const;
export type UploadPurpose = (typeof UPLOAD_PURPOSES)[number];
