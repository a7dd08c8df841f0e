/** Options of `upscale`, `convert` and `finish` → the recipe that they stand for. Pure. */
import type { Problem } from '../../engine/core/errors.ts';
import { FILE_FORMATS } from '../../engine/core/quality.ts';
import {
  CROP_POSITIONS,
  DEFAULT_UPSCALE_METHOD,
  parseRecipe,
  type ReadRecipe,
  RESIZE_FITS,
  UPSCALE_FACTORS,
  UPSCALE_METHODS,
} from '../../engine/core/recipe.ts';

export interface EncodeOptions {
  readonly format?: string;
  readonly quality?: string;
  readonly maxBytes?: string;
  readonly lossless?: boolean;
}

export interface UpscaleOptions extends EncodeOptions {
  readonly factor?: string;
  readonly method?: string;
}

export interface ConvertOptions extends EncodeOptions {
  readonly resize?: string;
  readonly size?: readonly string[];
  readonly fit?: string;
  readonly crop?: string;
  readonly position?: string;
  readonly background?: string;
}

const DEFAULT_FACTOR = 2;

export function upscaleRecipe(options: UpscaleOptions): ReadRecipe {
  const problems: Problem[] = [];
  const said = options.factor?.replace(/^x|x$/gi, '');
  const factor = oneOf('--factor', said, UPSCALE_FACTORS.map(String), problems) ?? DEFAULT_FACTOR;
  const method = oneOf('--method', options.method, UPSCALE_METHODS, problems);
  const encode = encodeStep(options, problems);
  const steps = [`upscale ${factor}x ${method ?? DEFAULT_UPSCALE_METHOD}`, ...encode];
  return read(steps.join('; '), problems);
}

export function convertRecipe(options: ConvertOptions): ReadRecipe {
  const problems: Problem[] = [];
  const { resize, size: sizes = [], crop, background } = options;
  const fit = oneOf('--fit', options.fit, RESIZE_FITS, problems);
  const position = oneOf('--position', options.position, CROP_POSITIONS, problems);
  const encode = encodeStep(options, problems);
  const isColour = background === undefined || COLOUR.test(background);
  if (!isColour) problems.push(wrong('--background', background, 'Write a colour like #ffffff.'));
  const hasBox = resize !== undefined || sizes.length > 0;
  if (resize !== undefined && sizes.length > 0) {
    problems.push(
      wrong('--resize', resize, 'Give --size once for each size, or --resize for one.', TWICE),
    );
  }
  for (const [option, value] of [
    ['--fit', options.fit],
    ['--background', background],
  ] as const) {
    if (value !== undefined && !hasBox) {
      problems.push(wrong(option, value, 'Add --resize WxH or --size WxH.', 'needs a size'));
    }
  }
  if (position !== undefined && !hasBox && crop === undefined) {
    problems.push(
      wrong('--position', options.position, 'Add --crop, --resize or --size.', 'needs a crop'),
    );
  }
  const cropped = crop === undefined ? [] : [step('crop', '--crop', crop, [position], problems)];
  const boxes = hasBox ? (resize === undefined ? sizes : [resize]) : [undefined];
  const outputs = boxes.map((text) => {
    const { name, box } = readSize(text, boxes.length > 1);
    const words = [
      fit,
      position,
      isColour && (options.fit === undefined || fit) ? background : undefined,
    ];
    const sized =
      box === undefined
        ? []
        : [step('resize', resize === undefined ? '--size' : '--resize', box, words, problems)];
    const steps = [...cropped, ...sized, ...encode].join('; ');
    return name === undefined ? steps : `${name}: ${steps}`;
  });
  if (problems.length === 0 && outputs.every((output) => output === '')) {
    problems.push({
      message: 'There is nothing to do',
      remedy: 'Say what to make: --format webp, --resize 512x512, --crop 16:9 or several --size.',
    });
  }
  return read(outputs.join(' | '), problems);
}

export function finishRecipe({ recipe }: { readonly recipe?: string }): ReadRecipe {
  if (recipe !== undefined) return parseRecipe(recipe);
  return {
    problems: [
      {
        message: 'There is no recipe',
        remedy: 'Write one: --recipe "upscale 2x; webp 82 | thumb: resize 256x256; webp 70".',
      },
    ],
  };
}

const TWICE = 'cannot stand beside --size';

/** A size of `--size` with the name before it; of several without one, the size is the name. */
function readSize(
  text: string | undefined,
  isOneOfSeveral: boolean,
): { readonly name?: string; readonly box?: string } {
  if (text === undefined) return {};
  const equals = text.indexOf('=');
  if (equals >= 0)
    return { name: text.slice(0, equals).trim(), box: text.slice(equals + 1).trim() };
  return isOneOfSeveral ? { name: text.trim(), box: text.trim() } : { box: text.trim() };
}

/** A step of a recipe; the value may be nothing but one word of it. */
function step(
  verb: string,
  option: string,
  value: string,
  words: readonly (string | undefined)[],
  problems: Problem[],
): string {
  const example = EXAMPLES[verb] ?? '';
  if (!isWord(value)) problems.push(wrong(option, value, `Write it like ${option} ${example}.`));
  const said = words.filter((word) => word !== undefined);
  return [verb, isWord(value) ? value : example, ...said].join(' ');
}

const COLOUR = /^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i;
const EXAMPLES: Readonly<Record<string, string>> = { crop: '16:9', resize: '512x512' };

function isWord(text: string): boolean {
  return /^[\w:#.]+$/.test(text);
}

/** No step: the files keep the format of their source. */
function encodeStep(options: EncodeOptions, problems: Problem[]): string[] {
  const { quality, maxBytes, lossless } = options;
  const given = [
    quality === undefined ? undefined : '--quality',
    maxBytes === undefined ? undefined : '--max-bytes',
    lossless === true ? '--lossless' : undefined,
  ].filter((option) => option !== undefined);
  const asked = options.format?.toLowerCase();
  const format = oneOf('--format', asked === 'jpg' ? 'jpeg' : asked, FILE_FORMATS, problems);
  if (given.length > 1) {
    problems.push({
      value: given.join(' '),
      message: 'Only one of these can be kept to',
      remedy: 'Give one of --quality, --max-bytes and --lossless.',
    });
    return format === undefined ? [] : [format];
  }
  if (format === undefined) {
    if (given[0] !== undefined && options.format === undefined) {
      problems.push(
        wrong(given[0], undefined, 'Add --format, like --format webp.', 'needs a format'),
      );
    }
    return [];
  }
  const figure = quality ?? maxBytes ?? '';
  if (format === 'png' && figure !== '') {
    problems.push(
      wrong(
        given[0] ?? '',
        figure,
        'Leave it out, or take webp or avif.',
        'is nothing for PNG, which keeps every pixel',
      ),
    );
    return [format];
  }
  if (format === 'jpeg' && lossless === true) {
    problems.push(
      wrong('--lossless', undefined, 'Take png, webp or avif.', 'cannot be done by JPEG'),
    );
    return [format];
  }
  if (figure !== '' && !isWord(figure)) {
    problems.push(wrong(given[0] ?? '', figure, 'Write a quality like 82, or a size like 200KB.'));
    return [format];
  }
  // A bare number is a quality in a recipe, so that bytes without a unit say theirs.
  const bytes = maxBytes !== undefined && /^\d+$/.test(maxBytes) ? `${maxBytes}B` : maxBytes;
  const word = lossless === true && format !== 'png' ? 'lossless' : (quality ?? bytes);
  return [word === undefined ? format : `${format} ${word}`];
}

const EITHER = new Intl.ListFormat('en-GB', { type: 'disjunction' });

function oneOf<Value extends string>(
  option: string,
  text: string | undefined,
  values: readonly Value[],
  problems: Problem[],
): Value | undefined {
  if (text === undefined) return undefined;
  const value = values.find((each) => each === text.toLowerCase());
  if (value === undefined) problems.push(wrong(option, text, `Write ${EITHER.format(values)}.`));
  return value;
}

/** Problems of the options come first; what they concern does not stand in the text, which tells the rest. */
function read(text: string, problems: readonly Problem[]): ReadRecipe {
  if (problems.length === 0) return parseRecipe(text);
  const rest = text.trim() === '' ? undefined : parseRecipe(text);
  const others = rest && 'problems' in rest ? rest.problems : [];
  // Several sizes have their other steps in common.
  const told = new Map(others.map((problem) => [`${problem.value} ${problem.message}`, problem]));
  return { problems: [...problems, ...told.values()] };
}

function wrong(
  option: string,
  value: string | undefined,
  remedy: string,
  why = 'is not understood',
): Problem {
  return { ...(value !== undefined && { value }), message: `${option} ${why}`, remedy };
}
