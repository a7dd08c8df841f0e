import { sizeOfRatio, type Size } from '../../src/engine/core/size.ts';
import { invalid, NOT_FOUND, type KlingError } from './errors.ts';

/** A checked request for 1 to 9 images. */
export interface ImageOrder {
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly size: Size;
  readonly key: string | undefined;
}

const MODELS = ['kling-v3', 'kling-v2-1'];
/** What the vendor takes when no model is named; it has changed over time. */
const DEFAULT_MODEL = 'kling-v2-1';
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
const SQUARES: Readonly<Record<string, number>> = { '1k': 1024, '2k': 2048 };
const MOST_PROMPT_CHARACTERS = 2500;

type Body = Readonly<Record<string, unknown>>;

/** The first problem, or the checked order. Unknown fields are ignored. */
export async function readOrder(request: Request): Promise<ImageOrder | KlingError> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return invalid('Request body is not valid JSON');
  const checked: Body = dropEmpty(body);
  return findProblem(checked) ?? toOrder(checked);
}

function toOrder(body: Body): ImageOrder {
  const [across, down] = textOr(body['aspect_ratio'], '16:9').split(':').map(Number);
  const side = SQUARES[textOr(body['resolution'], '1k')]!;
  return {
    model: textOr(body['model_name'], DEFAULT_MODEL),
    prompt: textOr(body['prompt'], ''),
    count: typeof body['n'] === 'number' ? body['n'] : 1,
    size: sizeOfRatio(across!, down!, { width: side, height: side }),
    key: typeof body['external_task_id'] === 'string' ? body['external_task_id'] : undefined,
  };
}

function findProblem(body: Body): KlingError | undefined {
  return (
    checkModel(body['model_name']) ??
    checkPrompt(body) ??
    checkNegative(body) ??
    checkImage(body['image']) ??
    checkCount(body['n']) ??
    checkChoice(body, 'resolution', Object.keys(SQUARES)) ??
    checkChoice(body, 'aspect_ratio', RATIOS) ??
    checkText(body, 'external_task_id') ??
    checkText(body, 'callback_url')
  );
}

function checkModel(model: unknown): KlingError | undefined {
  if (model === undefined || MODELS.some((known) => known === model)) return undefined;
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

/** An address or bare base64: a `data:` prefix is an error here. */
function checkImage(image: unknown): KlingError | undefined {
  if (image === undefined) return undefined;
  if (typeof image !== 'string') return invalid('image must be a string');
  if (/^https?:\/\//.test(image)) return undefined;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(image) ? undefined : invalid('image is not valid base64');
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
