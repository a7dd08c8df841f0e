/**
 * The words of a job as a recipe: `upscale 2x learned; webp 82`. The server works by it and the studio shows it,
 * so that what was tried there can be given to `--finish`. Pure.
 */
import { InputError } from '../engine/core/errors.ts';
import type { newJobSchema } from './schemas/job.ts';
import type { z } from './zod.ts';

export type NewJob = z.output<typeof newJobSchema>;
export type NewJobOf<Kind extends NewJob['kind']> = Extract<NewJob, { kind: Kind }>;

/** Throws `InputError` with the field that cannot be kept to. Its steps are checked by who parses it. */
export function jobRecipe(job: NewJobOf<'upscale' | 'convert' | 'finish'>): string {
  switch (job.kind) {
    case 'upscale':
      return [`upscale ${job.factor}x ${job.method}`, ...encodeSteps(job)].join('; ');
    case 'convert':
      return convertRecipe(job);
    case 'finish':
      return job.recipe;
    default:
      return job satisfies never;
  }
}

function convertRecipe(job: NewJobOf<'convert'>): string {
  const { crop, sizes, fit, position, background } = job;
  requireBox(job);
  const cropped = crop === undefined ? [] : [words('crop', crop, position)];
  const encode = encodeSteps(job);
  const boxes = sizes.length === 0 ? [undefined] : sizes;
  const outputs = boxes.map((box) => {
    const sized = box === undefined ? [] : [words('resize', box.size, fit, position, background)];
    const steps = [...cropped, ...sized, ...encode].join('; ');
    const name = box?.name ?? (boxes.length > 1 ? box?.size : undefined);
    return name === undefined ? steps : `${name}: ${steps}`;
  });
  if (outputs.every((output) => output === '')) {
    refuse('kind', 'There is nothing to do', 'Say what to make: a format, sizes or a crop.');
  }
  return outputs.join(' | ');
}

function requireBox({ sizes, fit, background, position, crop }: NewJobOf<'convert'>): void {
  if (sizes.length > 0) return;
  if (fit !== undefined) refuse('fit', 'It needs a size', 'Add sizes.');
  if (background !== undefined) refuse('background', 'It needs a size', 'Add sizes.');
  if (position !== undefined && crop === undefined) {
    refuse('position', 'It needs a crop or a size', 'Add crop or sizes.');
  }
}

type Encoding = Pick<NewJobOf<'upscale'>, 'format' | 'quality' | 'max_bytes' | 'lossless'>;

/** No step: the files keep the format of their source. */
function encodeSteps({ format, quality, max_bytes, lossless }: Encoding): string[] {
  const asked = Object.entries({ quality, max_bytes, lossless });
  const [field, ...more] = asked.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (field !== undefined && more.length > 0) {
    refuse(
      field,
      'Only one of quality, max_bytes and lossless can be kept to',
      'Send one of them.',
    );
  }
  if (format === undefined) {
    if (field !== undefined) refuse(field, 'It needs a format', 'Add format, like "webp".');
    return [];
  }
  if (format === 'png' && (quality !== undefined || max_bytes !== undefined)) {
    refuse(
      field!,
      'PNG keeps every pixel, and has no quality',
      'Leave it out, or take webp or avif.',
    );
  }
  if (format === 'jpeg' && lossless) {
    refuse('lossless', 'JPEG cannot keep every pixel', 'Take png, webp or avif.');
  }
  if (lossless && format !== 'png') return [`${format} lossless`];
  if (max_bytes !== undefined) return [`${format} ${max_bytes}B`];
  return [words(format, quality === undefined ? undefined : String(quality))];
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

function refuse(column: string, message: string, remedy: string): never {
  throw new InputError([{ column, message, remedy }]);
}
