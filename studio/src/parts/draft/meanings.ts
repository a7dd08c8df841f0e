/** What a column of a sheet can be read as, in the words of people. The engine knows the usual headings. */
export const MEANINGS = {
  prompt: 'Prompt',
  negative_prompt: 'Negative prompt',
  image: 'Reference pictures',
  style: 'Style',
  model: 'Model',
  size: 'Size',
  aspect_ratio: 'Aspect ratio',
  width: 'Width',
  height: 'Height',
  quality: 'Quality',
  count: 'Images',
  seed: 'Seed',
  name: 'File name',
} as const;
export type Meaning = keyof typeof MEANINGS;

export const MEANING_NAMES = Object.keys(MEANINGS) as readonly Meaning[];

/** Of these a sheet may have several columns. */
export const REPEATABLE: readonly Meaning[] = ['image'];

export function isMeaning(text: string | null): text is Meaning {
  return text !== null && Object.hasOwn(MEANINGS, text);
}
