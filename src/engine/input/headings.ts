/** What a column of a sheet can mean to us. */
export const MEANINGS = [
  'prompt',
  'negative_prompt',
  'name',
  'model',
  'size',
  'width',
  'height',
  'aspect_ratio',
  'quality',
  'seed',
  'count',
  'image',
  'style',
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Usual headings by meaning, as `plainHeading` gives them; the first is the exact name. */
export const USUAL_HEADINGS: Readonly<Record<Meaning, readonly string[]>> = {
  prompt: [
    'prompt',
    'prompts',
    'positiveprompt',
    'imageprompt',
    'prompttext',
    'text',
    'description',
    'caption',
  ],
  negative_prompt: ['negativeprompt', 'negative', 'negprompt', 'neg', 'negatives'],
  name: ['name', 'title', 'filename', 'id'],
  model: ['model', 'modelname', 'modelid'],
  size: ['size', 'resolution', 'dimensions', 'dimension', 'imagesize'],
  width: ['width', 'w'],
  height: ['height', 'h'],
  aspect_ratio: ['aspectratio', 'aspect', 'ratio', 'ar'],
  quality: ['quality'],
  seed: ['seed'],
  count: ['count', 'n', 'images', 'copies', 'numimages', 'numberofimages'],
  image: [
    'image',
    'imageurl',
    'reference',
    'references',
    'ref',
    'refs',
    'inputimage',
    'inputimages',
    'referenceimage',
    'referenceimages',
    'imagepath',
  ],
  style: ['style', 'styles', 'stylename'],
};

const MEANING_OF_HEADING: ReadonlyMap<string, Meaning> = new Map(
  MEANINGS.flatMap((meaning) => USUAL_HEADINGS[meaning].map((heading) => [heading, meaning])),
);

/** `Negative-Prompt ` → `negativeprompt`: case, spaces, underscores and hyphens do not matter. */
export function plainHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

/** The meaning that a heading has by itself; `image_2`, `ref 3` are images too. */
export function usualMeaning(heading: string): Meaning | undefined {
  const plain = plainHeading(heading);
  return MEANING_OF_HEADING.get(plain) ?? (isNumberedImage(plain) ? 'image' : undefined);
}

/** True of `image1`, `ref2`, `inputimage3`. */
export function isNumberedImage(plain: string): boolean {
  const match = /^(.*?)\d{1,2}$/.exec(plain);
  return match !== null && USUAL_HEADINGS.image.includes(match[1]!);
}

/** How many of the headings are known; a prompt counts for three. */
export function headingScore(headings: readonly string[]): number {
  const meanings = new Set(headings.map(usualMeaning));
  meanings.delete(undefined);
  return meanings.size + (meanings.has('prompt') ? 2 : 0);
}
