/**
 * What is done to a picture after it was made, as people write it: `upscale 2x; webp 82`. Several
 * outputs come from one master: `webp 82 | thumb: resize 256x256; webp 70`. Parsing, writing and
 * nothing else; the pixels are in `finish/`.
 */
import type { Problem } from './errors.ts';
import { FILE_FORMATS, type FileFormat } from './quality.ts';

export const UPSCALE_FACTORS = [2, 3, 4] as const;
export type UpscaleFactor = (typeof UPSCALE_FACTORS)[number];
export const UPSCALE_METHODS = ['learned', 'lanczos'] as const;
/** `learned`: a small trained network; `lanczos`: the classical kernel. */
export type UpscaleMethod = (typeof UPSCALE_METHODS)[number];

export const RESIZE_FITS = ['cover', 'inside', 'pad'] as const;
/**
 * `cover`: exactly the box, what sticks out is cut off. `pad`: exactly the box, what is free is filled.
 * `inside`: as large as fits, and never larger than it was.
 */
export type ResizeFit = (typeof RESIZE_FITS)[number];

export const CROP_POSITIONS = ['center', 'top', 'bottom', 'left', 'right', 'attention'] as const;
/** What of the picture stays; `attention` looks for what the eye goes to. */
export type CropPosition = (typeof CROP_POSITIONS)[number];

export interface UpscaleStep {
  readonly kind: 'upscale';
  readonly factor: UpscaleFactor;
  readonly method: UpscaleMethod;
}

export interface ResizeStep {
  readonly kind: 'resize';
  /** Pixels; at least one of the two. With one side only, the other follows the picture's ratio. */
  readonly width?: number;
  readonly height?: number;
  readonly fit: ResizeFit;
  readonly position: CropPosition;
  /** Of `pad`: `#rrggbb` or `#rrggbbaa`. Absent: transparent, or white where a format cannot. */
  readonly background?: string;
}

export interface CropStep {
  readonly kind: 'crop';
  /** The largest part of the picture that has this ratio. */
  readonly ratio: { readonly width: number; readonly height: number };
  readonly position: CropPosition;
}

export interface EncodeStep {
  readonly kind: 'encode';
  readonly format: FileFormat;
  /** 1 to 100; absent: the format's default. PNG has none. */
  readonly quality?: number;
  /** The best quality whose file is no larger than this. */
  readonly mostBytes?: number;
  /** WebP and AVIF only; PNG always is. */
  readonly lossless?: true;
}

export type RecipeStep = UpscaleStep | ResizeStep | CropStep | EncodeStep;

export interface RecipeOutput {
  /** Goes into the file's name; absent: the file has the image's own name. */
  readonly name?: string;
  /** In the order they are done; an `encode` comes last. */
  readonly steps: readonly RecipeStep[];
}

/** At least one output; each starts from the same master. The first is the image's own file. */
export interface Recipe {
  readonly outputs: readonly RecipeOutput[];
}

export const DEFAULT_UPSCALE_METHOD: UpscaleMethod = 'learned';
/** More would be a slip of the finger. */
const MOST_OUTPUTS = 20;
const LONGEST_SIDE = 16_384;
const LEAST_TARGET_BYTES = 100;

export type ReadRecipe = { readonly recipe: Recipe } | { readonly problems: readonly Problem[] };

/** Reads a recipe, or tells everything that is wrong with it. */
export function parseRecipe(text: string): ReadRecipe {
  const problems: Problem[] = [];
  const outputs = text.split('|').map((part) => readOutput(part, problems));
  if (outputs.length > MOST_OUTPUTS) {
    problems.push(
      wrong(text, `A recipe makes at most ${MOST_OUTPUTS} files`, 'Make two runs of it.'),
    );
  }
  const names = outputs.map(({ name = '' }) => name);
  for (const name of new Set(names.filter((each, at) => names.indexOf(each) !== at))) {
    problems.push(
      name === ''
        ? wrong(
            text,
            'Two outputs have no name',
            'Name all but one: `webp 82 | thumb: resize 256x256`.',
          )
        : wrong(name, 'Two outputs have this name', 'Give each a name of its own.'),
    );
  }
  return problems.length > 0 ? { problems } : { recipe: { outputs } };
}

/** The recipe as it is written; parsing it gives the same recipe. */
export function formatRecipe({ outputs }: Recipe): string {
  return outputs
    .map(
      ({ name, steps }) =>
        `${name === undefined ? '' : `${name}: `}${steps.map(formatStep).join('; ')}`,
    )
    .join(' | ');
}

export function formatStep(step: RecipeStep): string {
  switch (step.kind) {
    case 'upscale':
      return `upscale ${step.factor}x ${step.method}`;
    case 'resize': {
      const box = `${step.width ?? ''}x${step.height ?? ''}`;
      const position = step.position === 'center' ? [] : [step.position];
      const background = step.background === undefined ? [] : [step.background];
      return ['resize', box, step.fit, ...position, ...background].join(' ');
    }
    case 'crop': {
      const position = step.position === 'center' ? '' : ` ${step.position}`;
      return `crop ${step.ratio.width}:${step.ratio.height}${position}`;
    }
    case 'encode': {
      const { format, quality, mostBytes, lossless } = step;
      if (lossless) return `${format} lossless`;
      if (mostBytes !== undefined) return `${format} ${formatSize(mostBytes)}`;
      return quality === undefined ? format : `${format} ${quality}`;
    }
    default:
      return step satisfies never;
  }
}

const OUTPUT_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/i;
const GRAMMAR =
  'Steps are upscale 2x|3x|4x, resize WxH, crop W:H, and png, jpeg, webp or avif; like `upscale 2x; webp 82`.';

function readOutput(text: string, problems: Problem[]): RecipeOutput {
  // `16:9` has a colon as well, but a step's word and a space before it.
  const [, label, rest] = /^\s*([^\s:]+)\s*:\s*([\s\S]*)$/.exec(text) ?? [];
  const name = label === undefined || rest === undefined ? undefined : label;
  if (name !== undefined && (!OUTPUT_NAME.test(name) || name.toLowerCase() === 'original')) {
    problems.push(
      wrong(
        name,
        'This is no name of an output',
        'Use letters, digits, - and _; `original` is taken.',
      ),
    );
  }
  const words = (name === undefined ? text : (rest ?? ''))
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (words.length === 0) problems.push(wrong(text.trim(), 'Nothing is said to do', GRAMMAR));
  const steps = words.flatMap((part) => readStep(part, problems) ?? []);
  checkOrder(steps, problems);
  return { ...(name !== undefined && { name }), steps };
}

function checkOrder(steps: readonly RecipeStep[], problems: Problem[]): void {
  const encode = steps.findIndex(({ kind }) => kind === 'encode');
  const late = encode < 0 ? undefined : steps[encode + 1];
  if (late !== undefined) {
    problems.push(
      wrong(
        formatStep(late),
        'This step comes after the format',
        'Put the format last; more files of one picture are written `webp 82 | thumb: resize 256x256; webp 70`.',
      ),
    );
  }
  if (steps.filter(({ kind }) => kind === 'upscale').length > 1) {
    problems.push(wrong('upscale', 'It is enlarged twice', 'Say 4x instead of twice 2x.'));
  }
}

function readStep(text: string, problems: Problem[]): RecipeStep | undefined {
  const [verb = '', ...rest] = text.toLowerCase().split(/\s+/);
  const report = (message: string, remedy: string): undefined => {
    problems.push(wrong(text, message, remedy));
  };
  switch (verb) {
    case 'upscale':
      return readUpscale(rest, report);
    case 'resize':
      return readResize(rest, report);
    case 'crop':
      return readCrop(rest, report);
    default: {
      const format = verb === 'jpg' ? 'jpeg' : FILE_FORMATS.find((each) => each === verb);
      if (format === undefined) return report('There is no such step', GRAMMAR);
      return readEncode(format, rest, report);
    }
  }
}

type Report = (message: string, remedy: string) => undefined;

function readUpscale(words: readonly string[], report: Report): UpscaleStep | undefined {
  const factor = UPSCALE_FACTORS.find((each) => words.some((word) => factorOf(word) === each));
  const method = UPSCALE_METHODS.find((each) => words.includes(each));
  const others = words.filter((word) => factorOf(word) === undefined && word !== method);
  if (factor === undefined || others.length > 0 || words.length > 2) {
    return report(
      'This is no enlargement',
      `Write ${UPSCALE_FACTORS.map((each) => `${each}x`).join(', ')}, and ${UPSCALE_METHODS.join(' or ')} if you like: \`upscale 2x\`.`,
    );
  }
  return { kind: 'upscale', factor, method: method ?? DEFAULT_UPSCALE_METHOD };
}

function factorOf(word: string): number | undefined {
  const [, digits] = /^x?(\d+)x?$/.exec(word) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function readResize(words: readonly string[], report: Report): ResizeStep | undefined {
  const [box = '', ...others] = words;
  const [, wide = '', high = ''] = /^(\d*)x(\d*)$/.exec(box) ?? [];
  const sides = [wide, high].filter((side) => side !== '').map(Number);
  if (sides.length === 0 || sides.some((side) => side < 1 || side > LONGEST_SIDE)) {
    return report(
      'This is no size',
      `Write pixels up to ${LONGEST_SIDE}: \`resize 512x512\`, \`resize 1024x\` or \`resize x768\`.`,
    );
  }
  const fit = RESIZE_FITS.find((each) => others.includes(each));
  const position = CROP_POSITIONS.find((each) => others.includes(each));
  const background = others.find((word) => /^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/.test(word));
  const known = [fit, position, background].filter((word) => word !== undefined);
  if (known.length !== others.length) {
    return report(
      'A word of this is not understood',
      `After the size may stand ${RESIZE_FITS.join(', ')}; ${CROP_POSITIONS.join(', ')}; and a colour like #ffffff for pad.`,
    );
  }
  if (background !== undefined && fit !== 'pad') {
    return report(
      'A colour fills only what pad leaves free',
      'Add the word pad, or leave the colour out.',
    );
  }
  return {
    kind: 'resize',
    ...(wide !== '' && { width: Number(wide) }),
    ...(high !== '' && { height: Number(high) }),
    fit: fit ?? (sides.length === 2 ? 'cover' : 'inside'),
    position: position ?? 'center',
    ...(background !== undefined && { background }),
  };
}

function readCrop(words: readonly string[], report: Report): CropStep | undefined {
  const [ratio = '', place = 'center', ...others] = words;
  const [, wide = '0', high = '0'] = /^(\d{1,4}):(\d{1,4})$/.exec(ratio) ?? [];
  const position = CROP_POSITIONS.find((each) => each === place);
  if (Number(wide) === 0 || Number(high) === 0 || position === undefined || others.length > 0) {
    return report(
      'This is no crop',
      `Write a ratio, and what stays if you like (${CROP_POSITIONS.join(', ')}): \`crop 16:9 top\`.`,
    );
  }
  return { kind: 'crop', ratio: { width: Number(wide), height: Number(high) }, position };
}

function readEncode(
  format: FileFormat,
  words: readonly string[],
  report: Report,
): EncodeStep | undefined {
  const [word, ...others] = words;
  if (word === undefined) return { kind: 'encode', format };
  const remedy =
    format === 'png'
      ? 'PNG keeps every pixel: write `png` alone.'
      : `Write a quality of 1 to 100, or a size to stay under: \`${format} 82\`, \`${format} 200KB\`${format === 'jpeg' ? '' : `, \`${format} lossless\``}.`;
  if (others.length > 0 || format === 'png')
    return report('A word of this is not understood', remedy);
  if (word === 'lossless' && format !== 'jpeg') return { kind: 'encode', format, lossless: true };
  const mostBytes = parseBytes(word);
  if (mostBytes !== undefined && mostBytes >= LEAST_TARGET_BYTES) {
    return { kind: 'encode', format, mostBytes };
  }
  const quality = /^q?(\d{1,3})$/.exec(word)?.[1];
  if (quality === undefined || Number(quality) < 1 || Number(quality) > 100) {
    return report('This is no quality', remedy);
  }
  return { kind: 'encode', format, quality: Number(quality) };
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1000, mb: 1_000_000 };

/** `200KB` → 200,000; `undefined` for what has no unit. */
export function parseBytes(text: string): number | undefined {
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(b|kb|mb)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return factor === undefined ? undefined : Math.round(Number(figure) * factor);
}

/** As a person would write it, exactly: 200,000 → `200KB`, 1,234 → `1234B`. */
function formatSize(bytes: number): string {
  if (bytes % 1_000_000 === 0) return `${bytes / 1_000_000}MB`;
  return bytes % 1000 === 0 ? `${bytes / 1000}KB` : `${bytes}B`;
}

function wrong(value: string, message: string, remedy: string): Problem {
  return { value, message, remedy };
}
