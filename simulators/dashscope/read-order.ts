import type { Size } from '../../src/engine/core/size.ts';
import type { DashscopeCode } from './error-codes.ts';

/** A checked order of 1 to 4 images. */
export interface ImageOrder {
  readonly model: WanModel;
  readonly prompt: string;
  readonly count: number;
  readonly size: Size;
}

/** Why an order is not taken. */
export interface OrderProblem {
  readonly code: DashscopeCode;
  readonly message?: string;
}

export interface WanModel {
  readonly id: string;
  readonly usdMicrosPerImage: number;
  /** Side of the largest square without references. */
  readonly largestSide: number;
}

export const WAN_MODELS: readonly WanModel[] = [
  { id: 'wan2.7-image', usdMicrosPerImage: 30_000, largestSide: 2048 },
  { id: 'wan2.7-image-pro', usdMicrosPerImage: 75_000, largestSide: 4096 },
];

/** With references no model makes more. */
const LARGEST_EDITED_SIDE = 2048;
const SMALLEST_SIDE = 768;
const LONGEST_RATIO = 8;
const MOST_REFERENCES = 9;
/** What is longer is cut without a word. */
const MOST_PROMPT_CHARACTERS = 5000;
const MOST_IMAGES = 4;
const LARGEST_SEED = 2_147_483_647;
const CLASSES: Readonly<Record<string, number>> = { '1K': 1024, '2K': 2048, '4K': 4096 };

type Fields = Readonly<Record<string, unknown>>;

/** The first problem, or the checked order. Unknown fields are ignored. */
export async function readOrder(request: Request): Promise<ImageOrder | OrderProblem> {
  const body = fieldsOf(await request.json().catch(() => undefined));
  const model = WAN_MODELS.find(({ id }) => id === body['model']);
  if (!model) return { code: 'ModelNotFound' };
  const content = contentOf(body);
  const parameters = fieldsOf(body['parameters']);
  const problem = checkContent(content) ?? checkParameters(parameters);
  if (problem) return problem;
  const images = content.filter((part) => 'image' in part).length;
  const size = sizeOf(parameters['size'] ?? '2K', model, images > 0);
  if (!size) return invalid(`size ${JSON.stringify(parameters['size'])} is not supported`);
  const prompt = String(content.find((part) => 'text' in part)!['text']);
  return {
    model,
    prompt: Array.from(prompt).slice(0, MOST_PROMPT_CHARACTERS).join(''),
    // The trap of this interface: who does not say how many pays for four.
    count: Number(parameters['n'] ?? MOST_IMAGES),
    size,
  };
}

function contentOf(body: Fields): readonly Fields[] {
  const { messages } = fieldsOf(body['input']);
  if (!Array.isArray(messages) || messages.length !== 1) return [];
  const { role, content } = fieldsOf(messages[0]);
  return role === 'user' && Array.isArray(content) ? content.map(fieldsOf) : [];
}

function checkContent(content: readonly Fields[]): OrderProblem | undefined {
  const texts = content.filter((part) => typeof part['text'] === 'string' && part['text'] !== '');
  if (texts.length !== 1) return invalid('messages must have one user message with one text');
  const images = content.filter((part) => 'image' in part);
  if (images.length > MOST_REFERENCES) {
    return invalid(`content must not have more than ${MOST_REFERENCES} images`);
  }
  const isRead = images.every(({ image }) => typeof image === 'string' && IMAGE.test(image));
  return isRead ? undefined : invalid('image must be an address or a data URL');
}

/** An address, or a data URL: bare base64 is an error here. */
const IMAGE = /^(https?:\/\/|data:image\/(png|jpeg|bmp|webp);base64,[A-Za-z0-9+/]+={0,2}$)/;

function checkParameters(parameters: Fields): OrderProblem | undefined {
  const { n = 1, seed = 0, watermark = false } = parameters;
  if (!isWhole(n, 1, MOST_IMAGES)) return invalid(`n must be from 1 to ${MOST_IMAGES}`);
  if (!isWhole(seed, 0, LARGEST_SEED)) return invalid(`seed must be from 0 to ${LARGEST_SEED}`);
  return typeof watermark === 'boolean' ? undefined : invalid('watermark must be a boolean');
}

/** `1024*768` within area and ratio, or a class. */
function sizeOf(size: unknown, model: WanModel, hasReferences: boolean): Size | undefined {
  const [width, height] = CLASSES[String(size)]
    ? [CLASSES[String(size)]!, CLASSES[String(size)]!]
    : String(size).split('*').map(Number);
  if (!isWhole(width, 1, 100_000) || !isWhole(height, 1, 100_000)) return undefined;
  const largestSide = hasReferences ? LARGEST_EDITED_SIDE : model.largestSide;
  const pixels = width * height;
  const isFit =
    pixels >= SMALLEST_SIDE ** 2 &&
    pixels <= largestSide ** 2 &&
    Math.max(width / height, height / width) <= LONGEST_RATIO;
  return isFit ? { width, height } : undefined;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function invalid(message: string): OrderProblem {
  return { code: 'InvalidParameter', message };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
