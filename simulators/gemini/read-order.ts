import type { Size } from '../../src/engine/core/size.ts';
import { invalid, noSuchModel, type GeminiError } from './errors.ts';
import { isObject, type Json } from './json.ts';
import { RATIOS, sizeOf } from './sizes.ts';
import { CLASSES, MODELS, tokensOfText } from './usage.ts';

/** A checked request for one image. */
export interface ImageOrder {
  readonly model: string;
  readonly prompt: string;
  readonly inputImages: number;
  readonly imageSize: string;
  readonly size: Size;
}

/** Looks a file up by the address that its upload gave; says why it cannot be used. */
export type FileCheck = (uri: string) => GeminiError | undefined;

const MOST_PROMPT_TOKENS = 32_768;
const MOST_INPUT_IMAGES = 14;
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'];

const FIELDS = ['contents', 'generationConfig', 'safetySettings', 'systemInstruction', 'model'];
const CONFIG_FIELDS = [
  'responseModalities',
  'imageConfig',
  'seed',
  'temperature',
  'topP',
  'topK',
  'candidateCount',
  'maxOutputTokens',
  'stopSequences',
  'thinkingConfig',
];

/** The first problem that the vendor would name, or the checked order. */
export function readOrder(
  model: string,
  body: Json | undefined,
  checkFile: FileCheck,
): ImageOrder | GeminiError {
  if (!MODELS.includes(model)) return noSuchModel(model);
  if (body === undefined) return invalid('Invalid JSON payload received.');
  const config = isObject(body['generationConfig']) ? body['generationConfig'] : {};
  const image = isObject(config['imageConfig']) ? config['imageConfig'] : {};
  const parts = partsOf(body['contents']);
  return (
    checkNames(body, FIELDS) ??
    checkNames(config, CONFIG_FIELDS) ??
    checkNames(image, ['aspectRatio', 'imageSize']) ??
    checkConfig(model, config, image) ??
    checkParts(parts, checkFile) ??
    toOrder(model, parts, image)
  );
}

function toOrder(model: string, parts: readonly Json[], image: Json): ImageOrder {
  const imageSize = textOr(image['imageSize'], '1K');
  return {
    model,
    prompt: promptOf(parts),
    inputImages: parts.filter((part) => part['text'] === undefined).length,
    imageSize,
    size: sizeOf(textOr(image['aspectRatio'], '1:1'), imageSize),
  };
}

function partsOf(contents: unknown): readonly Json[] {
  const all = Array.isArray(contents) ? contents : [contents];
  return all.flatMap((content: unknown) => {
    const parts = isObject(content) ? content['parts'] : undefined;
    return (Array.isArray(parts) ? parts : [parts]).filter(isObject);
  });
}

function promptOf(parts: readonly Json[]): string {
  return parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n');
}

function checkNames(object: Json, known: readonly string[]): GeminiError | undefined {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  return invalid(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
}

function checkConfig(model: string, config: Json, image: Json): GeminiError | undefined {
  const { responseModalities: modalities, seed, candidateCount } = config;
  if (modalities !== undefined && !(Array.isArray(modalities) && modalities.includes('IMAGE'))) {
    return invalid('The requested combination of response modalities is not supported.');
  }
  if (seed !== undefined && !(Number.isInteger(seed) && Math.abs(Number(seed)) < 2 ** 31)) {
    return invalid("Invalid value at 'generation_config.seed' (TYPE_INT32).");
  }
  if (candidateCount !== undefined && candidateCount !== 1) {
    return invalid('Multiple candidates is not enabled for this model');
  }
  const { aspectRatio, imageSize } = image;
  if (aspectRatio !== undefined && !isOneOf(RATIOS, aspectRatio)) {
    return invalid(`aspect_ratio must be one of ${RATIOS.join(', ')}.`);
  }
  if (imageSize === undefined || isOneOf(CLASSES[model]!, imageSize)) return undefined;
  return invalid(`Image size ${JSON.stringify(imageSize)} is not supported for this model.`);
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return known.some((each) => each === value);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function checkParts(parts: readonly Json[], checkFile: FileCheck): GeminiError | undefined {
  const prompt = promptOf(parts);
  if (prompt === '') return invalid('contents are required');
  if (tokensOfText(prompt) > MOST_PROMPT_TOKENS) {
    const message = 'The input token count exceeds the maximum number of tokens allowed';
    return invalid(`${message} ${MOST_PROMPT_TOKENS}.`);
  }
  const images = parts.filter(({ text }) => text === undefined);
  if (images.length > MOST_INPUT_IMAGES) {
    return invalid(`Please use at most ${MOST_INPUT_IMAGES} images.`);
  }
  for (const part of images) {
    const problem = checkImage(part, checkFile);
    if (problem) return problem;
  }
  return undefined;
}

function checkImage(part: Json, checkFile: FileCheck): GeminiError | undefined {
  const { inlineData, fileData } = part;
  if (isObject(inlineData)) {
    const { mimeType, data } = inlineData;
    if (!isOneOf(IMAGE_TYPES, mimeType)) {
      return invalid(`Unsupported MIME type: ${JSON.stringify(mimeType)}`);
    }
    const isBase64 = typeof data === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
    return isBase64 ? undefined : invalid('Unable to process input image.');
  }
  if (isObject(fileData) && typeof fileData['fileUri'] === 'string') {
    return checkFile(fileData['fileUri']);
  }
  return invalid("contents.parts must not be empty: required oneof field 'data' is missing.");
}
