import { IMAGE_FORMATS, type ImageFormat } from '../../src/engine/core/quality.ts';
import { DEFAULT_SIZE, sizeOfRatio, type Size } from '../../src/engine/core/size.ts';
import { pictureFromBase64, type ReceivedPicture } from '../received-picture.ts';
import type { FieldProblem } from './errors.ts';

/** A checked request for one image. */
export interface ImageOrder {
  readonly prompt: string;
  readonly size: Size;
  readonly format: ImageFormat;
  readonly seed: number | undefined;
  readonly webhookUrl: string | undefined;
  readonly inputImages: number;
  /** Those that came as bytes. */
  readonly references: readonly ReceivedPicture[];
}

/** Reported by third parties; the documents name no bound. */
const MOST_IMAGE_BYTES = 20 * 1024 * 1024;
const INPUT_IMAGES = ['input_image', 'input_image_2', 'input_image_3', 'input_image_4'];

type Body = Readonly<Record<string, unknown>>;

/** All problems of the body at once, or the checked order. Unknown fields are ignored, as BFL does. */
export async function readOrder(request: Request): Promise<ImageOrder | readonly FieldProblem[]> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) {
    return [{ loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' }];
  }
  const problems = findProblems({ ...body });
  return problems.length > 0 ? problems : toOrder({ ...body });
}

function toOrder(body: Body): ImageOrder {
  const [across, down] = readRatio(body['aspect_ratio']) ?? [1, 1];
  return {
    prompt: body['prompt'] as string,
    size: sizeOfRatio(across, down, DEFAULT_SIZE),
    format: (body['output_format'] ?? 'png') as ImageFormat,
    seed: typeof body['seed'] === 'number' ? body['seed'] : undefined,
    webhookUrl: typeof body['webhook_url'] === 'string' ? body['webhook_url'] : undefined,
    inputImages: INPUT_IMAGES.filter((name) => isGiven(body[name])).length,
    references: INPUT_IMAGES.flatMap((name) => pictureFromBase64(String(body[name])) ?? []),
  };
}

function findProblems(body: Body): readonly FieldProblem[] {
  return [
    ...checkPrompt(body),
    ...checkInteger(body, 'seed', -Infinity, Infinity),
    ...checkInteger(body, 'safety_tolerance', 0, 6),
    ...checkRatio(body),
    ...checkFormat(body),
    ...INPUT_IMAGES.flatMap((name) => checkImage(body, name)),
    ...checkText(body, 'webhook_url'),
  ];
}

function checkPrompt(body: Body): readonly FieldProblem[] {
  if (!isGiven(body['prompt'])) return [problem('prompt', 'Field required', 'missing')];
  return checkText(body, 'prompt');
}

/** An address, or the bare base64 of a picture. */
function checkImage(body: Body, name: string): readonly FieldProblem[] {
  const value = body[name];
  if (typeof value !== 'string') return checkText(body, name);
  if (/^https?:\/\//.test(value)) return [];
  const picture = pictureFromBase64(value);
  if (picture === undefined) return [problem(name, 'Value error, Invalid image', 'value_error')];
  if (picture.bytes <= MOST_IMAGE_BYTES) return [];
  return [problem(name, 'Value error, Image exceeds 20MB', 'value_error')];
}

function checkText(body: Body, name: string): readonly FieldProblem[] {
  if (!isGiven(body[name]) || typeof body[name] === 'string') return [];
  return [problem(name, 'Input should be a valid string', 'string_type')];
}

function checkInteger(
  body: Body,
  name: string,
  least: number,
  most: number,
): readonly FieldProblem[] {
  const value = body[name];
  if (!isGiven(value)) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return [problem(name, 'Input should be a valid integer', 'int_type')];
  }
  if (value < least) {
    return [
      problem(name, `Input should be greater than or equal to ${least}`, 'greater_than_equal'),
    ];
  }
  if (value <= most) return [];
  return [problem(name, `Input should be less than or equal to ${most}`, 'less_than_equal')];
}

/** 21:9 to 9:21. */
function checkRatio(body: Body): readonly FieldProblem[] {
  const value = body['aspect_ratio'];
  if (!isGiven(value)) return [];
  const [across, down] = readRatio(value) ?? [0, 1];
  if (across / down >= 9 / 21 && across / down <= 21 / 9) return [];
  const message = 'Value error, Aspect ratio must be between 21:9 and 9:21';
  return [problem('aspect_ratio', message, 'value_error')];
}

function checkFormat(body: Body): readonly FieldProblem[] {
  const value = body['output_format'];
  if (!isGiven(value) || IMAGE_FORMATS.some((format) => format === value)) return [];
  return [problem('output_format', "Input should be 'jpeg', 'png' or 'webp'", 'enum')];
}

function readRatio(value: unknown): readonly [number, number] | undefined {
  const match = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(typeof value === 'string' ? value : '');
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function problem(name: string, msg: string, type: string): FieldProblem {
  return { loc: ['body', name], msg, type };
}
