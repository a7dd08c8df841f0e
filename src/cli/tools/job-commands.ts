/** `imagemill tools upscale|convert|finish|mark SOURCE…`. */
import type { Command } from 'commander';
import { DEFAULT_UPSCALE_METHOD, type ReadRecipe } from '../../engine/core/recipe.ts';
import { CONVERT_HELP, FINISH_HELP, MARK_HELP, UPSCALE_HELP } from './job-help.ts';
import { type MarkOptions, markTask } from './mark-options.ts';
import {
  type ConvertOptions,
  convertRecipe,
  finishRecipe,
  upscaleRecipe,
  type UpscaleOptions,
} from './recipe-options.ts';
import type { JobOptions, ReadTask } from './run-job.ts';

interface FinishOptions extends JobOptions {
  /** False: `--no-marks`. */
  readonly marks?: boolean;
  /** False: `--no-prompt-in-files`. */
  readonly promptInFiles?: boolean;
}

/** `end` is told the exit code of the command that ran. */
export function addJobs(tools: Command, end: (code: number) => void): void {
  const add = <Options extends JobOptions>(
    command: Command,
    help: string,
    read: (options: Options) => ReadTask,
  ) => {
    withCommon(command).addHelpText('after', help);
    command.action(async (sources: string[], options: Options) => {
      const { runJob } = await import('./run-job.ts');
      end(await runJob(sources, options, read(options)));
    });
  };
  add(
    withMarks(
      withFormat(
        tools
          .command('upscale <source...>')
          .description('enlarge pictures, by a learned network or by Lanczos')
          .option('--factor <2|3|4>', 'how many times as wide and high; default 2')
          .option(
            '--method <learned|lanczos>',
            `a small trained network, or the classical kernel; default ${DEFAULT_UPSCALE_METHOD}`,
          ),
      ),
    ),
    UPSCALE_HELP,
    (options: UpscaleOptions & FinishOptions) => finishTask(upscaleRecipe(options), options),
  );
  add(
    withMarks(
      withFormat(tools.command('convert <source...>'))
        .description('other formats, sizes and crops; several files of each picture')
        .option('--resize <WxH>', 'the size of the new files; 512x or x512: the other side follows')
        .option('--size <[NAME=]WxH>', 'a file of this size; may be repeated', repeated)
        .option('--fit <cover|inside|pad>', 'cut off, fit inside, or fill what is free')
        .option('--crop <W:H>', 'the largest part that has this ratio')
        .option('--position <PLACE>', 'what stays: center, top, bottom, left, right or attention')
        .option('--background <#RRGGBB>', 'fills what pad leaves free; #rrggbbaa is taken too'),
    ),
    CONVERT_HELP,
    (options: ConvertOptions & FinishOptions) => finishTask(convertRecipe(options), options),
  );
  add(
    withMarks(
      tools
        .command('finish <source...>')
        .description('a whole recipe: enlarge, cut, scale and convert, several files of each')
        .option('--recipe <TEXT>', 'what is done, like "upscale 2x; webp 82"'),
    ),
    FINISH_HELP,
    (options: { readonly recipe?: string } & FinishOptions) =>
      finishTask(finishRecipe(options), options),
  );
  add(
    tools
      .command('mark <source...>')
      .description('copies that say how they were made; not a pixel is touched')
      .option('--source <TYPE>', "the IPTC's digital source type, like trainedAlgorithmicMedia")
      .option('--model <NAME>', 'the model that made them')
      .option('--vendor <NAME>', 'whose model it is')
      .option('--prompt <TEXT>', 'what they were made from')
      .option('--negative-prompt <TEXT>', 'and what was to be left out')
      .option('--seed <N>', 'the seed that they were made with')
      .option('--created <DATE>', 'when they were made')
      .option('--no-prompt-in-files', 'leave prompts out, also those that are known'),
    MARK_HELP,
    (options: MarkOptions & JobOptions) => markTask(options),
  );
}

function finishTask(read: ReadRecipe, { marks, promptInFiles }: FinishOptions): ReadTask {
  if ('problems' in read) return read;
  const wanted = marks === false ? 'none' : promptInFiles === false ? 'no-prompt' : undefined;
  return {
    task: { kind: 'finish', recipe: read.recipe, ...(wanted !== undefined && { marks: wanted }) },
  };
}

function withFormat(command: Command): Command {
  return command
    .option('--format <png|jpeg|webp|avif>', 'of the new files; default: as their source')
    .option('--quality <1-100>', 'default: what suits the format')
    .option('--max-bytes <SIZE>', 'the best quality that stays within it, like 200KB')
    .option('--lossless', 'every pixel as it is (WebP, AVIF)');
}

function withMarks(command: Command): Command {
  return command
    .option('--no-marks', 'write nothing into the files of how they were made')
    .option('--no-prompt-in-files', 'leave prompts out of the files');
}

function withCommon(command: Command): Command {
  return command
    .option('--out <FOLDER>', 'where to; default: beside the source, like shots-webp')
    .option('--name <TEMPLATE>', 'names of the new files; default {folder}/{stem}{-output}.{ext}')
    .option('--dry-run', 'show what would be done and how long it would take; writes nothing')
    .option('--retry-failed', 'try what failed before again, though it has not changed')
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder');
}

function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
