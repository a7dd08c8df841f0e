/** The bodies of Gemini's image requests, the same for a live call and for a line of a batch. */
import type { Content, GenerateContentConfig, Part } from '@google/genai/web';
import { type Size, ratioOf, sizeOfRatio } from '../../core/size.ts';
import type { LaneRequest, Reference } from '../vendor.ts';

/** What is asked, in the REST interface's own form: a line of a batch's file holds it. */
export function requestBody(request: LaneRequest): {
  contents: Content[];
  generationConfig: GenerateContentConfig;
} {
  return { contents: contentsOf(request), generationConfig: generationConfigOf(request) };
}

export function contentsOf({ prompt, references }: LaneRequest): Content[] {
  return [{ role: 'user', parts: [{ text: prompt }, ...references.map(partOf)] }];
}

/** One call makes one image; quality and format have no field. A seed is accepted, not a promise. */
export function generationConfigOf({ model, size, seed }: LaneRequest): GenerateContentConfig {
  const ratio = nearestRatio(size);
  return {
    responseModalities: ['IMAGE'],
    imageConfig: { aspectRatio: ratio.join(':'), imageSize: smallestClass(model, size, ratio) },
    ...(seed === undefined ? {} : { seed: seed % SEEDS }),
  };
}

/** The field is a signed 32-bit integer. */
const SEEDS = 2 ** 31;

function partOf(reference: Reference): Part {
  switch (reference.kind) {
    case 'bytes': {
      const data = Buffer.from(reference.bytes).toString('base64');
      return { inlineData: { mimeType: reference.mediaType, data } };
    }
    case 'uploaded':
      return { fileData: { fileUri: reference.handle, mimeType: reference.mediaType } };
    case 'url': {
      const mimeType = mediaTypeOf(reference.url);
      return { fileData: { fileUri: reference.url, ...(mimeType && { mimeType }) } };
    }
  }
  return reference satisfies never;
}

/** By the end of the address; where that says nothing, Google finds out by itself. */
function mediaTypeOf(url: string): string | undefined {
  const ending = /\.(\w+)$/.exec(URL.parse(url)?.pathname ?? '')?.[1]?.toLowerCase();
  return MEDIA_TYPES[ending ?? ''];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

type Ratio = readonly [across: number, down: number];

const RATIOS: readonly Ratio[] = [
  [1, 1],
  [2, 3],
  [3, 2],
  [3, 4],
  [4, 3],
  [4, 5],
  [5, 4],
  [9, 16],
  [16, 9],
  [21, 9],
  [1, 4],
  [4, 1],
  [1, 8],
  [8, 1],
];

/** The plan has seen to it that one of the list fits within 2 %. */
function nearestRatio(size: Size): Ratio {
  const errorOf = ([across, down]: Ratio) => Math.abs(Math.log(across / down / ratioOf(size)));
  return RATIOS.reduce((best, next) => (errorOf(next) < errorOf(best) ? next : best));
}

/**
 * The square of each class at 1:1; other ratios have about its area. The letters are capitals: `2k` is
 * taken as well, and metered as another class.
 */
const CLASSES = [
  { name: '512', square: 512 },
  { name: '1K', square: 1024 },
  { name: '2K', square: 2048 },
  { name: '4K', square: 4096 },
] as const;

/** The one model that makes `512`; others answer it with 400. */
const SMALLEST_CLASS_MODEL = 'gemini-3.1-flash-image';

function smallestClass(model: string, size: Size, [across, down]: Ratio): string {
  const classes = model === SMALLEST_CLASS_MODEL ? CLASSES : CLASSES.slice(1);
  const covering = classes.find(({ square }) => {
    const made = sizeOfRatio(across, down, { width: square, height: square });
    return made.width >= size.width && made.height >= size.height;
  });
  return (covering ?? CLASSES[3]).name;
}
