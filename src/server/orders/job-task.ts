/** From the words of a job's request to what the tools are told to do. */
import { jobRecipe, type NewJob, type NewJobOf } from '../../api/job-recipe.ts';
import { InputError, type Problem } from '../../engine/core/errors.ts';
import type { JobTask, MarkTask } from '../../engine/core/job.ts';
import { parseRecipe } from '../../engine/core/recipe.ts';
import { SOURCE_TYPES, sourceTypeOf } from '../../engine/core/source-type.ts';
import { given } from './given.ts';

/** Throws `InputError` with what cannot be understood. */
export function taskOf(job: NewJob): JobTask {
  switch (job.kind) {
    case 'upscale':
    case 'convert':
      return finishTask(job, jobRecipe(job));
    case 'finish':
      return finishTask(job, jobRecipe(job), 'recipe');
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
  { marks }: Pick<NewJobOf<'finish'>, 'marks'>,
  text: string,
  column?: string,
): JobTask {
  const read = parseRecipe(text);
  if ('problems' in read) {
    throw new InputError(read.problems.map((each) => ({ ...each, ...given({ column }) })));
  }
  return { kind: 'finish', recipe: read.recipe, ...(marks !== 'all' && { marks }) };
}

function markTask(job: NewJobOf<'mark'>): MarkTask {
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

function refuse(column: string, message: string, remedy: string): never {
  throw new InputError([{ column, message, remedy } satisfies Problem]);
}
