import type { Size } from '../../src/engine/core/size.ts';
import { exceptionReply, NO_SAMPLER, validationReply } from './errors.ts';

/** A checked request for images. */
export interface ImageOrder {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly size: Size;
  readonly count: number;
  readonly seed: number;
  /** The checkpoint that paints: the one asked for if the server knows it, else the loaded one. */
  readonly checkpoint: Checkpoint;
  readonly parameters: Body;
}

export interface Checkpoint {
  readonly title: string;
  readonly model_name: string;
  readonly hash: string;
  readonly filename: string;
}

type Body = Readonly<Record<string, unknown>>;

/** The first is loaded. */
export const CHECKPOINTS: readonly [Checkpoint, ...Checkpoint[]] = [
  checkpoint('v1-5-pruned-emaonly.safetensors', '6ce0161689'),
  checkpoint('sd_xl_base_1.0.safetensors', '31e35c80fc'),
];

const SAMPLERS = ['Euler a', 'Euler', 'DPM++ 2M', 'DPM++ 2M Karras'];

/** Reads a request as the server does, which fills what is missing with its defaults. */
export async function readOrder(
  request: Request,
  way: 'txt2img' | 'img2img',
): Promise<ImageOrder | Response> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) {
    return validationReply('prompt', 'value is not a valid dict', 'type_error.dict');
  }
  const fields = body as Body;
  return firstProblem(fields, way) ?? toOrder(fields);
}

function toOrder(body: Body): ImageOrder {
  const asked = settingsOf(body)['sd_model_checkpoint'];
  const seed = numberOr(body['seed'], -1);
  return {
    prompt: textOr(body['prompt'], ''),
    negativePrompt: textOr(body['negative_prompt'], ''),
    size: { width: numberOr(body['width'], 512), height: numberOr(body['height'], 512) },
    count: numberOr(body['batch_size'], 1) * numberOr(body['n_iter'], 1),
    seed: seed === -1 ? 1_234_567_890 : seed,
    // An unknown one is passed over without a word, as the real server does.
    checkpoint: CHECKPOINTS.find((each) => isNamed(each, asked)) ?? CHECKPOINTS[0],
    parameters: body,
  };
}

function firstProblem(body: Body, way: 'txt2img' | 'img2img'): Response | undefined {
  for (const name of ['prompt', 'negative_prompt']) {
    if (body[name] !== undefined && typeof body[name] !== 'string') {
      return validationReply(name, 'str type expected', 'type_error.str');
    }
  }
  for (const name of ['width', 'height', 'batch_size', 'n_iter', 'seed', 'steps']) {
    if (body[name] !== undefined && !Number.isInteger(body[name])) {
      return validationReply(name, 'value is not a valid integer', 'type_error.integer');
    }
  }
  const sampler = body['sampler_name'];
  if (sampler !== undefined && !SAMPLERS.some((each) => each === sampler)) {
    return exceptionReply(404, 'HTTPException', NO_SAMPLER);
  }
  if (way === 'img2img' && !Array.isArray(body['init_images'])) {
    return exceptionReply(404, 'HTTPException', 'Init image not found');
  }
  return undefined;
}

function settingsOf(body: Body): Body {
  const settings = body['override_settings'];
  return typeof settings === 'object' && settings !== null ? (settings as Body) : {};
}

function isNamed({ title, model_name, hash }: Checkpoint, name: unknown): boolean {
  return [title, title.replace(/ \[.*\]$/, ''), model_name, hash].some((each) => each === name);
}

function checkpoint(file: string, hash: string): Checkpoint {
  return {
    title: `${file} [${hash}]`,
    model_name: file.replace(/\.safetensors$/, ''),
    hash,
    filename: `/models/Stable-diffusion/${file}`,
  };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
