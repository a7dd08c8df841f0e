/** What is set for each tool, and the job that it comes to. */
import { jobRecipe, type NewJob } from '../../../../src/api/job-recipe.ts';
import { InputError, type Problem } from '../../../../src/engine/core/errors.ts';
import type { FileFormat } from '../../../../src/engine/core/quality.ts';
import {
  type CropPosition,
  formatRecipe,
  parseRecipe,
  type ResizeFit,
  type UpscaleFactor,
  type UpscaleMethod,
} from '../../../../src/engine/core/recipe.ts';
import type { Tool } from './tool-search.ts';

export interface Encoding {
  /** `same`: as its source. */
  readonly format: 'same' | FileFormat;
  readonly by: 'quality' | 'bytes' | 'lossless';
  readonly quality: number;
  readonly kilobytes: number;
}

export interface OneSize {
  readonly name: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

export interface ToolSettings {
  readonly upscale: {
    readonly factor: UpscaleFactor;
    readonly method: UpscaleMethod;
    readonly encoding: Encoding;
  };
  readonly convert: { readonly encoding: Encoding };
  readonly crop: {
    /** Empty: nothing is cut off. */
    readonly ratio: string;
    readonly sizes: readonly OneSize[];
    readonly fit: ResizeFit;
    readonly position: CropPosition;
    /** Empty: transparent, or white. */
    readonly background: string;
    readonly encoding: Encoding;
  };
  readonly recipe: { readonly text: string };
  readonly mark: {
    readonly sourceType: string;
    readonly model: string;
    readonly vendor: string;
    readonly prompt: string;
    readonly withoutPrompt: boolean;
  };
  readonly check: { readonly size: string; readonly screen: boolean };
  /** What new files say of how they were made. */
  readonly marks: 'all' | 'no-prompt' | 'none';
}

const WEBP: Encoding = { format: 'webp', by: 'quality', quality: 82, kilobytes: 200 };

export const FIRST_SETTINGS: ToolSettings = {
  upscale: { factor: 2, method: 'learned', encoding: { ...WEBP, format: 'same' } },
  convert: { encoding: WEBP },
  crop: {
    ratio: '',
    sizes: [{ name: '', width: 1024, height: 1024 }],
    fit: 'cover',
    position: 'center',
    background: '',
    encoding: { ...WEBP, format: 'same' },
  },
  recipe: { text: 'upscale 2x; webp 82 | thumb: resize 256x256; webp 70' },
  mark: { sourceType: '', model: '', vendor: '', prompt: '', withoutPrompt: false },
  check: { size: '', screen: false },
  marks: 'all',
};

/** Without its pictures. Of `inspect` there is none. */
export function jobOf(tool: Exclude<Tool, 'inspect'>, settings: ToolSettings): NewJob {
  const { upscale, convert, crop, recipe, mark, check, marks } = settings;
  switch (tool) {
    case 'upscale': {
      const { factor, method, encoding } = upscale;
      return { kind: 'upscale', factor, method, ...encodingOf(encoding), marks };
    }
    case 'convert':
      return { kind: 'convert', sizes: [], ...encodingOf(convert.encoding), marks };
    case 'crop':
      return { kind: 'convert', ...cropOf(crop), ...encodingOf(crop.encoding), marks };
    case 'recipe':
      return { kind: 'finish', recipe: recipe.text, marks };
    case 'mark':
      return { kind: 'mark', ...marksOf(mark) };
    case 'check':
      return {
        kind: 'check',
        ...(check.size !== '' && { size: check.size }),
        ...(check.screen && { screen: true as const }),
      };
    default:
      return tool satisfies never;
  }
}

function encodingOf({ format, by, quality, kilobytes }: Encoding) {
  if (format === 'same') return {};
  if (format === 'png') return { format };
  if (by === 'bytes') return { format, max_bytes: Math.round(kilobytes * 1000) };
  if (by === 'lossless' && format !== 'jpeg') return { format, lossless: true as const };
  return { format, quality };
}

function cropOf({ ratio, sizes, fit, position, background }: ToolSettings['crop']) {
  const boxes = sizes.filter(({ width, height }) => width !== undefined || height !== undefined);
  const hasCut = ratio !== '' || (boxes.length > 0 && fit === 'cover');
  return {
    ...(ratio !== '' && { crop: ratio }),
    sizes: boxes.map(({ name, width, height }) => ({
      size: `${width ?? ''}x${height ?? ''}`,
      ...(name.trim() !== '' && { name: name.trim() }),
    })),
    ...(boxes.length > 0 && { fit }),
    ...(hasCut && position !== 'center' && { position }),
    ...(boxes.length > 0 && fit === 'pad' && background !== '' && { background }),
  };
}

function marksOf({ sourceType, model, vendor, prompt, withoutPrompt }: ToolSettings['mark']) {
  return {
    ...(sourceType !== '' && { source_type: sourceType }),
    ...(model.trim() !== '' && { model: model.trim() }),
    ...(vendor.trim() !== '' && { vendor: vendor.trim() }),
    ...(prompt.trim() !== '' && !withoutPrompt && { prompt: prompt.trim() }),
    ...(withoutPrompt && { without_prompt: true as const }),
  };
}

export interface Recipe {
  /** As `--finish` takes it; absent: the job makes files in another way, or none. */
  readonly text?: string;
  readonly problems: readonly Problem[];
}

/** The job's words as a recipe, with everything that is wrong with them. */
export function recipeOf(job: NewJob): Recipe {
  if (job.kind === 'mark' || job.kind === 'check') return { problems: [] };
  try {
    const read = parseRecipe(jobRecipe(job));
    return 'problems' in read
      ? { problems: read.problems }
      : { text: formatRecipe(read.recipe), problems: [] };
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems };
    throw error;
  }
}
