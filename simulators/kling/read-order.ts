import { sizeOfRatio, type Size } from '../../src/engine/core/size.ts';
import { pictureFromBase64, type ReceivedPicture } from '../received-picture.ts';
import { invalid, NOT_FOUND, type KlingError } from './errors.ts';

/** One of Kling's two ways to order images. */
export interface ImageInterface {
  readonly path: string;
  readonly models: readonly string[];
  /** What the vendor takes when no model is named; it has changed over time. */
  readonly defaultModel: string;
  /** Class name → the square it makes at 1:1. */
  readonly squares: Readonly<Record<string, number>>;
  /** Checks what only this interface has. */
  readonly check: (body: Body) => KlingError | undefined;
}

/** A checked request for 1 to 9 images. */
export interface ImageOrder {
  readonly path: string;
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly size: Size;
  readonly key: string | undefined;
  /** References that came as bytes. */
  readonly references: readonly ReceivedPicture[];
  /** What one image takes of a resource pack: 8, and 16 at 4k. */
  readonly unitsPerImage: number;
}

type Body = Readonly<Record<string, unknown>>;

const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
const MOST_PROMPT_CHARACTERS = 2500;
const MOST_REFERENCES = 10;

export const IMAGE_INTERFACES: readonly ImageInterface[] = [
  {
    path: '/v1/images/generations',
    models: ['kling-v3', 'kling-v2-1'],
    defaultModel: 'kling-v2-1',
    squares: { '1k': 1024, '2k': 2048 },
    check: (body) =>
      checkNegative(body) ?? checkImage(body['image']) ?? checkChoice(body, 'aspect_ratio', RATIOS),
  },
  {
    path: '/v1/images/omni-image',
    models: ['kling-v3-omni', 'kling-image-o1'],
    defaultModel: 'kling-image-o1',
    squares: { '1k': 1024, '2k': 2048, '4k': 4096 },
    check: (body) =>
      checkImageList(body) ??
      checkMarks(body) ??
      checkOmniRatio(body) ??
      // A series of images that belong together is not simulated.
      checkChoice(body, 'result_type', ['single']),
  },
];

/** The first problem, or the checked order. Unknown fields are ignored. */
export async function readOrder(
  request: Request,
  way: ImageInterface,
): Promise<ImageOrder | KlingError> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return invalid('Request body is not valid JSON');
  const checked: Body = dropEmpty(body);
  return findProblem(checked, way) ?? toOrder(checked, way);
}

function toOrder(body: Body, way: ImageInterface): ImageOrder {
  const ratio = textOr(body['aspect_ratio'], '16:9');
  const [across, down] = (ratio === 'auto' ? '1:1' : ratio).split(':').map(Number);
  const resolution = textOr(body['resolution'], '1k');
  const side = way.squares[resolution]!;
  return {
    path: way.path,
    model: textOr(body['model_name'], way.defaultModel),
    prompt: textOr(body['prompt'], ''),
    count: typeof body['n'] === 'number' ? body['n'] : 1,
    size: sizeOfRatio(across!, down!, { width: side, height: side }),
    key: typeof body['external_task_id'] === 'string' ? body['external_task_id'] : undefined,
    unitsPerImage: resolution === '4k' ? 16 : 8,
    references: imagesIn(body).flatMap((image) => pictureFromBase64(image) ?? []),
  };
}

function findProblem(body: Body, way: ImageInterface): KlingError | undefined {
  return (
    checkModel(body['model_name'], way) ??
    checkPrompt(body) ??
    way.check(body) ??
    checkCount(body['n']) ??
    checkChoice(body, 'resolution', Object.keys(way.squares)) ??
    checkText(body, 'external_task_id') ??
    checkText(body, 'callback_url')
  );
}

function checkModel(model: unknown, { models }: ImageInterface): KlingError | undefined {
  if (model === undefined || models.some((known) => known === model)) return undefined;
  return { ...NOT_FOUND, message: `model_name ${JSON.stringify(model)} does not exist` };
}

function checkPrompt(body: Body): KlingError | undefined {
  if (body['prompt'] === undefined) return invalid('prompt is required');
  return checkText(body, 'prompt') ?? checkLength(body, 'prompt');
}

/** The vendor takes no negative prompt together with a reference. */
function checkNegative(body: Body): KlingError | undefined {
  if (body['negative_prompt'] === undefined) return undefined;
  if (body['image'] !== undefined) return invalid('negative_prompt is not supported with image');
  return checkText(body, 'negative_prompt') ?? checkLength(body, 'negative_prompt');
}

/** JPEG or PNG, at least 300 pixels a side, from 1:2.5 to 2.5:1, at most 10 MB. */
const IMAGE_TYPES = ['image/png', 'image/jpeg'];
const SMALLEST_SIDE = 300;
const LONGEST_RATIO = 2.5;
const MOST_IMAGE_BYTES = 10 * 1024 * 1024;

/** An address or bare base64: a `data:` prefix is an error here. */
function checkImage(image: unknown): KlingError | undefined {
  if (image === undefined) return undefined;
  if (typeof image !== 'string') return invalid('image must be a string');
  if (/^https?:\/\//.test(image)) return undefined;
  const picture = pictureFromBase64(image);
  if (picture === undefined) return invalid('image is not valid base64 of a picture');
  const { mediaType, bytes, width, height } = picture;
  if (!IMAGE_TYPES.includes(mediaType)) return invalid('image format must be jpg, jpeg or png');
  if (bytes > MOST_IMAGE_BYTES) return invalid('image size must not exceed 10MB');
  if (Math.min(width, height) < SMALLEST_SIDE) return invalid('image is smaller than 300px');
  const ratio = Math.max(width / height, height / width);
  return ratio <= LONGEST_RATIO ? undefined : invalid('image aspect ratio must be 1:2.5 to 2.5:1');
}

/** The texts that stand for pictures, of either interface. */
function imagesIn(body: Body): string[] {
  const list = Array.isArray(body['image_list'])
    ? (body['image_list'] as { image?: unknown }[])
    : [];
  const images = [body['image'], ...list.map((entry) => entry.image)];
  return images.filter((image) => typeof image === 'string');
}

function checkImageList(body: Body): KlingError | undefined {
  const list = body['image_list'] ?? [];
  if (!Array.isArray(list)) return invalid('image_list must be an array');
  if (list.length > MOST_REFERENCES) {
    return invalid(`image_list must not exceed ${MOST_REFERENCES} images`);
  }
  for (const entry of list as readonly unknown[]) {
    const image = (entry as { image?: unknown } | null)?.image;
    const problem = image ? checkImage(image) : invalid('image of image_list must not be empty');
    if (problem) return problem;
  }
  return undefined;
}

/** `<<<image_3>>>` needs a third image. */
function checkMarks(body: Body): KlingError | undefined {
  const marks = [...textOr(body['prompt'], '').matchAll(/<<<image_(\d+)>>>/g)];
  const missing = marks.find(([, number]) => Number(number) > imagesOf(body));
  return missing && invalid(`prompt refers to ${missing[0]}, which image_list does not have`);
}

function checkOmniRatio(body: Body): KlingError | undefined {
  const ratios = imagesOf(body) > 0 ? [...RATIOS, 'auto'] : RATIOS;
  return checkChoice(body, 'aspect_ratio', ratios);
}

function imagesOf(body: Body): number {
  return Array.isArray(body['image_list']) ? body['image_list'].length : 0;
}

function checkCount(count: unknown): KlingError | undefined {
  if (count === undefined) return undefined;
  const isInRange = Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 9;
  return isInRange ? undefined : invalid('n must be an integer from 1 to 9');
}

function checkChoice(body: Body, name: string, choices: readonly string[]): KlingError | undefined {
  const value = body[name];
  if (value === undefined || choices.some((choice) => choice === value)) return undefined;
  return invalid(`${name} must be one of ${choices.join(', ')}`);
}

function checkText(body: Body, name: string): KlingError | undefined {
  const value = body[name];
  return value === undefined || typeof value === 'string'
    ? undefined
    : invalid(`${name} must be a string`);
}

function checkLength(body: Body, name: string): KlingError | undefined {
  const length = Array.from(textOr(body[name], '')).length;
  if (length <= MOST_PROMPT_CHARACTERS) return undefined;
  return invalid(`${name} must not exceed ${MOST_PROMPT_CHARACTERS} characters`);
}

/** Empty texts and nulls count as not given. */
function dropEmpty(body: object): Body {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== ''),
  );
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
