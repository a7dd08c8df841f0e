/**
 * The options of `run` and `plan` that are settings of a run: one table for the command line, the
 * environment, the config file and the help. Each reads a text; where the text came from does not
 * matter to it.
 */
import type { Problem } from '../engine/core/errors.ts';
import { LANE_CHOICES } from '../engine/core/lane.ts';
import { FILE_FORMATS, QUALITIES } from '../engine/core/quality.ts';
import { parseRecipe } from '../engine/core/recipe.ts';
import {
  DEFAULT_REFUSALS_AFTER,
  LARGEST_SEED,
  MOST_BATCH_SIZE,
  MOST_CONCURRENT,
  MOST_COUNTED,
  MOST_IMAGES_A_ROW,
  MOST_IMAGES_PER_HOUR,
} from '../engine/core/setting-bounds.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../engine/core/settings.ts';
import { formatSize, parseSize } from '../engine/core/size.ts';
import { readColumnMap } from './column-map.ts';
import { readImages } from './image-option.ts';
import { readDeadline } from './deadline.ts';
import {
  amount,
  choice,
  mapped,
  no,
  type Read,
  readWhole,
  type RunChoices,
  type RunOption,
  whole,
  yesOrNo,
} from './option-kinds.ts';

export const RUN_OPTIONS: readonly RunOption[] = [
  {
    name: 'model',
    argument: 'NAME|auto|A,B',
    help: 'model, auto (the cheapest that meets the size), or several that take turns; default: auto, or demo without any key',
    read: (text) => {
      const models = text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
      if (models.length === 0) {
        return no('names no model', 'Name one: `imagemill models` lists them.');
      }
      if (models.length > 1 && models.some((name) => name.toLowerCase() === 'auto')) {
        return no('mixes auto with names', 'Give auto alone, or only names of models.');
      }
      return { value: { models: models.map(lowerAuto) } };
    },
  },
  {
    name: 'fallback',
    argument: 'NAME',
    help: 'model that makes what is refused, or certainly not made, once each',
    read: (text) => ({ value: { fallback: text.trim() } }),
  },
  {
    name: 'size',
    argument: 'WxH',
    help: `pixels of each image; default ${formatSize(DEFAULT_SETTINGS.size)}`,
    read: (text) => {
      const size = parseSize(text);
      return size
        ? { value: { size } }
        : no('is not a size', 'Write width and height in pixels, like 1024x1536.');
    },
  },
  choice('quality', QUALITIES, 'how much work the model puts in; default medium', (quality) => ({
    quality,
  })),
  whole('count', 'images a prompt; default 1', [1, MOST_IMAGES_A_ROW], (count) => ({ count })),
  {
    name: 'batch-size',
    argument: 'N|max',
    help: `prompts a batch, never above the model's own maximum; default ${DEFAULT_SETTINGS.batchSize}`,
    read: (text) =>
      text === 'max'
        ? { value: { batchSize: 'max' } }
        : mapped(readWhole(text, [1, MOST_BATCH_SIZE], ' or max'), (batchSize) => ({ batchSize })),
  },
  {
    name: 'rotate-every',
    argument: 'N|half|auto',
    help: `when the next of several models takes over: after N prompts, after its part of the sheet (half), or when the detail of its images falls (auto); default ${DEFAULT_SETTINGS.rotateEvery}`,
    read: (text) =>
      text === 'auto' || text === 'half'
        ? { value: { rotateEvery: text } }
        : mapped(readWhole(text, [1, MOST_COUNTED], ', half or auto'), (rotateEvery) => ({
            rotateEvery,
          })),
  },
  yesOrNo(
    'keep-style',
    'let rows that share a style or a reference stay with one model',
    (keepStyle) => ({ keepStyle }),
  ),
  whole(
    'canary',
    'make one prompt and seed again after every N images of a model that takes seeds, to see whether it still paints as well; 0 is off',
    [0, MOST_COUNTED],
    (canary) => ({ canary }),
  ),
  {
    name: 'proof',
    argument: 'N|batch',
    help: 'make a sample of N rows (or the first batch) first, then wait for approve; 10 is a good N',
    read: (text) =>
      text === 'batch'
        ? { value: { proof: 'batch' } }
        : mapped(readWhole(text, [0, MOST_COUNTED], ' or batch'), (proof) => ({ proof })),
  },
  choice(
    'lane',
    LANE_CHOICES,
    'live, batch (half the price, within a day), or auto: batch while a deadline lets it; default live',
    (lane) => ({ lane }),
  ),
  {
    name: 'deadline',
    argument: '18:00|6h',
    help: 'when it should be done, for --lane auto: a time of day, or a span from now',
    read: (text) => readDeadline(text, Date.now()),
  },
  amount('budget', 'CREDITS', 'spend at most so many credits', (budgetCreditMicros) => ({
    budgetCreditMicros,
  })),
  amount('max-usd', 'AMOUNT', "spend at most so many of the vendors' dollars", (maxUsdMicros) => ({
    maxUsdMicros,
  })),
  whole(
    'images-per-hour',
    'make at most N images in any hour',
    [1, MOST_IMAGES_PER_HOUR],
    (imagesPerHour) => ({
      imagesPerHour,
    }),
  ),
  {
    name: 'out',
    argument: 'FOLDER',
    help: 'where the images go; default: the name of the sheet and "-images"',
    path: true,
    read: (text) => ({ value: { out: text } }),
  },
  {
    name: 'name',
    argument: 'TEMPLATE',
    help: `names of the files; default ${DEFAULT_SETTINGS.nameTemplate}`,
    read: (text) => ({ value: { nameTemplate: text } }),
  },
  choice(
    'format',
    FILE_FORMATS,
    'format of the files; default: as the model made them',
    (format) => ({
      format,
    }),
  ),
  {
    name: 'finish',
    argument: 'RECIPE',
    help: 'what is done to each image: "upscale 2x; webp 82", or several files of it: "webp 82 | thumb: resize 256x256; webp 70"; none undoes it',
    read: readFinish,
  },
  yesOrNo(
    'screen',
    'let a trained model look at each image and flag some for review; it overlooks others',
    (screen) => (screen ? { screen } : {}),
  ),
  yesOrNo(
    'no-prompt-in-files',
    'leave the prompts out of the image files and of their names',
    (no) => (no ? { marks: 'no-prompt', promptlessNames: true } : {}),
  ),
  yesOrNo('no-marks', 'write nothing into the files about how they were made', (none) =>
    none ? { marks: 'none' } : {},
  ),
  whole(
    'seed',
    'seed of the first image, where the model takes one',
    [0, LARGEST_SEED],
    (seed) => ({
      seed,
    }),
  ),
  {
    name: 'negative',
    argument: 'TEXT',
    help: 'what no image should show, for rows without a negative prompt of their own',
    read: (text) => ({ value: { negative: text } }),
  },
  choice(
    'on-unknown',
    ['hold', 'retry'],
    'when nobody can tell whether an image was made: hold its money and ask you, or buy it again; default hold',
    (onUnknown) => ({ onUnknown }),
  ),
  choice(
    'negative-unsupported',
    ['append', 'refuse'],
    'where a model has no negative prompt: append "avoid: …" to the prompt, or refuse the row; default append',
    (negativeUnsupported) => ({ negativeUnsupported }),
  ),
  choice(
    'duplicates',
    ['keep', 'collapse'],
    'equal prompts: make each, or make one for all; default keep',
    (duplicates) => ({ duplicates }),
  ),
  {
    name: 'map',
    argument: 'COLUMN=MEANING',
    help: 'what a column means (prompt, name, size …); an empty meaning ignores it; may be repeated',
    repeatable: true,
    read: (text) => mapped(readColumnMap(text), (columnMap) => ({ columnMap })),
  },
  {
    name: 'image',
    argument: 'FILE|URL|FOLDER|@NAME',
    help: 'reference for rows without one of their own; a folder makes a row of each picture in it; may be repeated',
    repeatable: true,
    read: (_text, given) => readImages(given),
  },
  {
    name: 'styles',
    argument: 'FILE',
    help: 'style file with the columns name, prompt, negative_prompt',
    path: true,
    read: (text) => ({ value: { stylesFile: text } }),
  },
  yesOrNo('skip-bad-rows', 'leave bad rows out and list them in the results', (skipBadRows) => ({
    skipBadRows,
  })),
  yesOrNo('new', 'make a new run even when another one owns the folder', (fresh) => ({ fresh })),
  {
    name: 'max-refusals',
    argument: 'SHARE[/AFTER]|off',
    help: 'pause when so large a share of the images is refused, counted from AFTER images on; default 50%/20',
    read: (text) => mapped(readRefusalShare(text), (refusalBreaker) => ({ refusalBreaker })),
  },
  whole('concurrency', 'at most N requests in flight', [1, MOST_CONCURRENT], (concurrency) => ({
    concurrency,
  })),
  yesOrNo('yes', 'do not ask before spending (approves no proof)', (yes) => ({ yes })),
];

function readFinish(text: string): Read<RunChoices> {
  if (text.toLowerCase() === 'none') return { value: { finish: 'none' } };
  const read = parseRecipe(text);
  if ('recipe' in read) return { value: { finish: read.recipe } };
  const asWritten = (problem: Problem) => ({
    ...problem,
    message: `is not a recipe: ${lowerFirst(problem.message)}`,
  });
  return { problems: read.problems.map(asWritten) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function lowerAuto(name: string): string {
  return name.toLowerCase() === 'auto' ? 'auto' : name;
}

/** `30%`, `0.3`, `30%/50` or `off`. */
function readRefusalShare(text: string): Read<RunSettings['refusalBreaker']> {
  if (text.toLowerCase() === 'off') return { value: 'off' };
  const { share, percent, after } =
    /^(?<share>\d+(?:\.\d+)?)(?<percent>%?)(?:\/(?<after>\d{1,6}))?$/.exec(text)?.groups ?? {};
  const value = percent === '%' ? Number(share) / 100 : Number(share);
  const least = after === undefined ? DEFAULT_REFUSALS_AFTER : Number(after);
  return share !== undefined && value > 0 && value <= 1 && least >= 1
    ? { value: { share: value, after: least } }
    : no('is not a share of images', 'Write 30% or 0.3, with /50 to wait for 50 images, or off.');
}
