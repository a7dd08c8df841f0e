/** What a body asks for: checked against what can be honoured here, and in the engine's words. */
import type { ImageBody } from '../../api/schemas/openai-image.ts';
import type { Engine } from '../../engine/engine-types.ts';
import { parseSize } from '../../engine/core/size.ts';
import type { FileFormat, Quality } from '../../engine/core/quality.ts';
import type { Model } from '../../engine/core/model.ts';
import { invalid, OpenaiError } from './openai-error.ts';

export type ImageEndpoint = 'generations' | 'edits';

export interface ImageOrder {
  readonly endpoint: ImageEndpoint;
  /** A model's id, or `auto`. */
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  /** `WxH`; absent: the usual square. */
  readonly size?: string;
  readonly aspectRatio?: string;
  readonly quality: Quality;
  readonly seed?: number;
  readonly negativePrompt?: string;
  readonly picture: PictureWish;
  readonly answer: 'b64_json' | 'url';
  readonly isStream: boolean;
  /** Parameters that were taken and change nothing. */
  readonly ignored: readonly string[];
}

/** How a picture is to be sent; absent: as the model made it. */
export interface PictureWish {
  readonly format?: FileFormat;
  /** 1 to 100. */
  readonly quality?: number;
}

const QUALITY_OF: Readonly<Record<NonNullable<ImageBody['quality']>, Quality>> = {
  auto: 'medium',
  low: 'low',
  medium: 'medium',
  standard: 'medium',
  high: 'high',
  hd: 'high',
};

type Catalogue = Pick<Engine, 'catalog' | 'availableModels'>;

/** Throws `OpenaiError`, which names the parameter, for what cannot be honoured. */
export function readImageOrder(
  engine: Catalogue,
  endpoint: ImageEndpoint,
  body: ImageBody,
): ImageOrder {
  const model = findModel(engine, body.model ?? undefined);
  refuseUnsupported(body);
  const size = body.size === 'auto' ? undefined : (body.size ?? undefined);
  if (model !== undefined) checkModel(engine, model, { endpoint, size });
  const { negative_prompt: negativePrompt, aspect_ratio: aspectRatio, seed } = body;
  return {
    endpoint,
    model: model?.id ?? 'auto',
    prompt: body.prompt,
    count: body.n ?? 1,
    quality: QUALITY_OF[body.quality ?? 'auto'],
    ...(size !== undefined && { size }),
    ...(aspectRatio && { aspectRatio }),
    ...(seed !== null && seed !== undefined && { seed }),
    ...(negativePrompt && { negativePrompt }),
    picture: pictureWish(body),
    answer: body.response_format ?? 'b64_json',
    isStream: body.stream ?? false,
    ignored: ignoredOf(body),
  };
}

/** `undefined`: the plan chooses. */
function findModel(engine: Catalogue, name?: string): Model | undefined {
  const { catalog } = engine;
  const available = new Set(engine.availableModels());
  if (name === undefined) {
    return catalog.all.find(({ id, vendor }) => vendor === 'openai' && available.has(id));
  }
  if (/^auto$/i.test(name)) return undefined;
  const model = catalog.find(name);
  if (model === undefined) {
    const close = catalog.suggest(name);
    const hint = close.length > 0 ? ` Did you mean ${close.join(' or ')}?` : '';
    throw noModel(`The model '${name}' does not exist here.${hint} GET /models lists them.`);
  }
  const standing = catalog.standing(model);
  if (standing.kind === 'problem') throw noModel(`${standing.message}. ${standing.remedy}`);
  if (!available.has(model.id)) {
    throw noModel(`The model '${name}' cannot be reached from this server: its vendor has no key.`);
  }
  return model;
}

function noModel(message: string): OpenaiError {
  const type = 'invalid_request_error';
  return new OpenaiError({ status: 404, type, code: 'model_not_found', param: 'model', message });
}

function checkModel(
  { catalog }: Catalogue,
  model: Model,
  { endpoint, size }: { readonly endpoint: ImageEndpoint; readonly size: string | undefined },
): void {
  const parsed = size === undefined ? undefined : parseSize(size);
  const fit = parsed && catalog.fitSize(model, parsed);
  if (fit?.ok === false) throw invalid('size', 'invalid_value', `${fit.message}. ${fit.remedy}`);
  if (endpoint === 'edits' && model.references.count === 0) {
    throw invalid('model', 'unsupported_model', `${model.title} takes no reference pictures.`);
  }
}

function refuseUnsupported(body: ImageBody): void {
  if (body.background === 'transparent') {
    throw invalid(
      'background',
      'unsupported_value',
      "Transparent backgrounds are not made here: take 'opaque' or 'auto', and cut the picture out afterwards.",
    );
  }
  if (body.mask !== undefined && body.mask !== null) {
    throw invalid(
      'mask',
      'unsupported_parameter',
      'Masks are not taken here: leave it out, and say in the prompt what is to change.',
    );
  }
  const isLossless = (body.output_format ?? 'png') === 'png';
  if (isLossless && (body.output_compression ?? 100) !== 100) {
    throw invalid(
      'output_compression',
      'invalid_value',
      "output_compression is for output_format 'jpeg', 'webp' and 'avif': PNG keeps every pixel.",
    );
  }
  if (body.size && body.size !== 'auto' && body.aspect_ratio) {
    throw invalid('aspect_ratio', 'invalid_value', 'Send either a size or an aspect_ratio.');
  }
}

function pictureWish(body: ImageBody): PictureWish {
  const { output_format: format, output_compression: quality } = body;
  if (!format) return {};
  if (format === 'png' || quality === null || quality === undefined) return { format };
  return { format, quality: Math.max(1, quality) };
}

function ignoredOf(body: ImageBody): string[] {
  const { background, moderation, partial_images: partial } = body;
  const ignored = {
    background: background === 'opaque',
    moderation: moderation === 'low',
    partial_images: (partial ?? 0) > 0,
    user: Boolean(body.user),
    safety_identifier: Boolean(body.safety_identifier),
    input_fidelity: Boolean(body.input_fidelity),
  };
  return Object.entries(ignored).flatMap(([name, isThere]) => (isThere ? [name] : []));
}
