/** From the words of a job's request to what the tools are told to do. */
import type { newJobSchema } from '../../api/schemas/job.ts';
import type { z } from '../../api/zod.ts';
import { InputError, type Problem } from '../../engine/core/errors.ts';
import type { JobTask, MarkTask } from '../../engine/core/job.ts';
import { parseRecipe } from '../../engine/core/recipe.ts';
import { SOURCE_TYPES, sourceTypeOf } from '../../engine/core/source-type.ts';
import { given } from './given.ts';

export type NewJob = z.output<typeof newJobSchema>;
type JobOf<Kind extends NewJob['kind']> = Extract<NewJob, { kind: Kind }>;

/** Throws `InputError` with what cannot be understood. */
export function taskOf(job: NewJob): JobTask {
  switch (job.kind) {
    case 'upscale':
      return finishTask(
        job,
        [`upscale ${job.factor}x ${job.method}`, ...encodeSteps(job)].join('; '),
      );
    case 'convert':
      return finishTask(job, convertRecipe(job));
    case 'finish':
      return finishTask(job, job.recipe, 'recipe');
    case 'mark':
      return markTask(job);
    case 'check':
      return { kind: 'check', ...(job.screen && { screen: true }) };
    default:
      return job satisfies never;
  }
}

/** `column`: the field that the text stands in; absent: it was put together from several. */
function finishTask(
  { marks }: Pick<JobOf<'finish'>, 'marks'>,
  text: string,
  column?: string,
): JobTask {
  const read = parseRecipe(text);
  if ('problems' in read) {
    throw new InputError(read.problems.map((each) => ({ ...each, ...given({ column }) })));
  }
  return { kind: 'finish', recipe: read.recipe, ...(marks !== 'all' && { marks }) };
}

function convertRecipe(job: JobOf<'convert'>): string {
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

function requireBox({ sizes, fit, background, position, crop }: JobOf<'convert'>): void {
  if (sizes.length > 0) return;
  if (fit !== undefined) refuse('fit', 'It needs a size', 'Add sizes.');
  if (background !== undefined) refuse('background', 'It needs a size', 'Add sizes.');
  if (position !== undefined && crop === undefined) {
    refuse('position', 'It needs a crop or a size', 'Add crop or sizes.');
  }
}

type Encoding = Pick<JobOf<'upscale'>, 'format' | 'quality' | 'max_bytes' | 'lossless'>;

/** No step: the files keep the format of their source. */
function encodeSteps({ format, quality, max_bytes, lossless }: Encoding): string[] {
  const [field, ...more] = Object.keys(given({ quality, max_bytes, lossless }));
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

function markTask(job: JobOf<'mark'>): MarkTask {
  const { source_type, model, vendor, prompt, negative_prompt, seed, created_at } = job;
  const source = source_type === undefined ? undefined : sourceTypeOf(source_type);
  if (source_type !== undefined && source === undefined) {
    const known = Object.keys(SOURCE_TYPES).join(', ');
    refuse('source_type', 'It is no digital source type of the IPTC', `Write one of ${known}.`);
  }
  if (job.without_prompt && (prompt ?? negative_prompt) !== undefined) {
    refuse('without_prompt', 'A prompt is to be written, and none is to be', 'Leave out one.');
  }
  const createdAt = created_at === undefined ? undefined : new Date(created_at).toISOString();
  const negativePrompt = negative_prompt;
  return {
    kind: 'mark',
    marks: given({ source, model, vendor, prompt, negativePrompt, seed, createdAt }),
    ...(job.without_prompt && { withoutPrompt: true }),
  };
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

function refuse(column: string, message: string, remedy: string): never {
  throw new InputError([{ column, message, remedy } satisfies Problem]);
}
