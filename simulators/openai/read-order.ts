import type { ImageFormat, Quality } from '../../src/engine/core/quality.ts';
import { DEFAULT_SIZE, parseSize, type Size } from '../../src/engine/core/size.ts';
import { invalid, type OpenaiError } from './errors.ts';

/** A checked request for images. */
export interface ImageOrder {
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly size: Size;
  readonly quality: Quality;
  readonly format: ImageFormat;
  readonly background: string;
  readonly inputImages: number;
}

export const MODELS = ['gpt-image-2', 'gpt-image-2-2026-04-21'];

const COMMON = [
  'prompt',
  'model',
  'n',
  'size',
  'quality',
  'output_format',
  'output_compression',
  'background',
  'moderation',
  'user',
  'safety_identifier',
  'stream',
  'partial_images',
];
const PARAMETERS = { generations: COMMON, edits: [...COMMON, 'images', 'image', 'mask'] };

type Body = Readonly<Record<string, unknown>>;

/** The first problem that the vendor would name, or the checked order. */
export function readOrder(
  body: Body,
  endpoint: 'generations' | 'edits',
  inputImages: number,
): ImageOrder | OpenaiError {
  return findProblem(body, endpoint) ?? toOrder(body, inputImages);
}

function toOrder(body: Body, inputImages: number): ImageOrder {
  const quality = textOr(body['quality'], 'auto');
  return {
    model: textOr(body['model'], ''),
    prompt: textOr(body['prompt'], ''),
    count: body['n'] === undefined ? 1 : Number(body['n']),
    size: parseSize(textOr(body['size'], 'auto')) ?? DEFAULT_SIZE,
    quality: quality === 'auto' ? 'medium' : (quality as Quality),
    format: textOr(body['output_format'], 'png') as ImageFormat,
    background: textOr(body['background'], 'auto'),
    inputImages,
  };
}

function findProblem(body: Body, endpoint: 'generations' | 'edits'): OpenaiError | undefined {
  return (
    checkNames(body, endpoint) ??
    checkPrompt(body['prompt']) ??
    checkModel(body['model']) ??
    checkInteger(body, 'n', 1, 10) ??
    checkSize(body['size']) ??
    checkChoice(body, 'quality', ['low', 'medium', 'high', 'auto']) ??
    checkChoice(body, 'output_format', ['png', 'jpeg', 'webp']) ??
    checkInteger(body, 'output_compression', 0, 100) ??
    checkChoice(body, 'background', ['transparent', 'opaque', 'auto']) ??
    checkTransparency(body) ??
    checkChoice(body, 'moderation', ['auto', 'low']) ??
    checkStream(body)
  );
}

function checkNames(body: Body, endpoint: 'generations' | 'edits'): OpenaiError | undefined {
  const unknown = Object.keys(body).find((name) => !PARAMETERS[endpoint].includes(name));
  if (unknown === undefined) return undefined;
  return invalid(unknown, 'unknown_parameter', `Unknown parameter: '${unknown}'.`);
}

function checkPrompt(prompt: unknown): OpenaiError | undefined {
  if (prompt === undefined || prompt === '') {
    const message = "Missing required parameter: 'prompt'.";
    return invalid('prompt', 'missing_required_parameter', message);
  }
  if (typeof prompt !== 'string') {
    return invalid('prompt', 'invalid_type', "Invalid type for 'prompt': expected a string.");
  }
  if (Array.from(prompt).length <= 32_000) return undefined;
  const message =
    "Invalid 'prompt': string too long. Expected a string with maximum length 32000, " +
    `but got a string with length ${Array.from(prompt).length} instead.`;
  return invalid('prompt', 'string_above_max_length', message);
}

function checkModel(model: unknown): OpenaiError | undefined {
  if (typeof model === 'string' && MODELS.includes(model)) return undefined;
  if (model === undefined) {
    return invalid('model', 'missing_required_parameter', "Missing required parameter: 'model'.");
  }
  const message = `The model '${show(model)}' does not exist or you do not have access to it.`;
  return { ...invalid('model', 'model_not_found', message), status: 404 };
}

function checkInteger(
  body: Body,
  name: string,
  least: number,
  most: number,
): OpenaiError | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return invalid(name, 'invalid_type', `Invalid type for '${name}': expected an integer.`);
  }
  if (value >= least && value <= most) return undefined;
  const [side, sign, bound] =
    value < least ? ['below_min', '>=', least] : ['above_max', '<=', most];
  const words = side === 'below_min' ? 'below minimum' : 'above maximum';
  return invalid(
    name,
    `integer_${side}_value`,
    `Invalid '${name}': integer ${words} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
  );
}

/** Sides in multiples of 16, ratio up to 3:1, no side and no area above those of 3840x2160. */
function checkSize(value: unknown): OpenaiError | undefined {
  if (value === undefined || value === 'auto') return undefined;
  const isWritten = typeof value === 'string' && /^\d+x\d+$/.test(value);
  const size = isWritten ? parseSize(value) : undefined;
  if (size && isMade(size)) return undefined;
  const message =
    `Invalid value: '${show(value)}'. Width and height must be multiples of 16, the ratio between ` +
    '1:3 and 3:1, and the size at most 3840x2160.';
  return invalid('size', 'invalid_value', message);
}

function isMade({ width, height }: Size): boolean {
  const [long, short] = width > height ? [width, height] : [height, width];
  const isAligned = width % 16 === 0 && height % 16 === 0;
  return isAligned && long <= 3 * short && long <= 3840 && long * short <= 3840 * 2160;
}

function checkChoice(
  body: Body,
  name: string,
  choices: readonly string[],
): OpenaiError | undefined {
  const value = body[name];
  if (value === undefined || choices.some((choice) => choice === value)) return undefined;
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  const message = `Invalid value: '${show(value)}'. Supported values are: ${listed}.`;
  return invalid(name, 'invalid_value', message);
}

function checkTransparency(body: Body): OpenaiError | undefined {
  if (body['background'] !== 'transparent' || body['output_format'] !== 'jpeg') return undefined;
  const message = "Transparent backgrounds need 'png' or 'webp' as output format.";
  return invalid('background', 'invalid_value', message);
}

function checkStream(body: Body): OpenaiError | undefined {
  if (body['stream'] !== true) return undefined;
  return invalid('stream', 'unsupported_value', 'This simulator does not stream.');
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
