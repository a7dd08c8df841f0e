/** The options of `export` → what the engine is asked for. */
import { resolve } from 'node:path';
import { InputError, type Problem } from '../engine/core/errors.ts';
import { NAME_WITHOUT_PROMPT } from '../engine/core/setting-bounds.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../engine/core/settings.ts';
import type { ExportKind, ExportRequest } from '../engine/engine-types.ts';
import { type RawValues, readChanges } from './options.ts';

/** Options of `run` that an export takes instead of the run's own. */
export const EXPORT_CHANGES = ['finish', 'name', 'no-marks', 'no-prompt-in-files'];

const KINDS: readonly ExportKind[] = ['folder', 'zip', 'webdataset'];
/** Below this the archive's own records would be the greater part. */
const LEAST_SHARD_BYTES = 10_000;
const UNITS: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

export interface ExportOptions extends RawValues {
  readonly as?: string;
  readonly out?: string;
  readonly shardSize?: string;
  readonly shardSamples?: string;
}

/** @throws InputError with every value that cannot be used */
export function readExportRequest(
  options: ExportOptions,
  run: { readonly settings: RunSettings },
  workingFolder: string,
): ExportRequest {
  const problems: Problem[] = [];
  const as = readKind(options.as, problems);
  const mostBytes = readBytes(options.shardSize, problems);
  const mostSamples = readCount(options.shardSamples, problems);
  if (as !== 'webdataset' && (mostBytes ?? mostSamples) !== undefined) {
    problems.push({
      message: 'Only a data set has shards',
      remedy: 'Add --as webdataset, or leave --shard-size and --shard-samples out.',
    });
  }
  const change = readChange(options, run, workingFolder, problems);
  if (problems.length > 0) throw new InputError(problems);
  const { out } = options;
  return {
    as,
    ...(out !== undefined && { out: resolve(workingFolder, out) }),
    ...(Object.keys(change).length > 0 && { change }),
    ...((mostBytes ?? mostSamples) !== undefined && {
      shards: {
        ...(mostBytes !== undefined && { mostBytes }),
        ...(mostSamples !== undefined && { mostSamples }),
      },
    }),
  };
}

function readChange(
  options: RawValues,
  run: { readonly settings: RunSettings },
  workingFolder: string,
  problems: Problem[],
): NonNullable<ExportRequest['change']> {
  try {
    const changes = readChanges(options, workingFolder, EXPORT_CHANGES);
    const { finish, marks, nameTemplate, promptlessNames } = changes;
    const usual = run.settings.nameTemplate === DEFAULT_SETTINGS.nameTemplate;
    const template = nameTemplate ?? (promptlessNames && usual ? NAME_WITHOUT_PROMPT : undefined);
    return {
      ...(finish !== undefined && { finish }),
      ...(marks !== undefined && { marks }),
      ...(template !== undefined && { nameTemplate: template }),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return {};
  }
}

function readKind(given: string | undefined, problems: Problem[]): ExportKind {
  if (given === undefined) return 'folder';
  const kind = KINDS.find((each) => each === given.trim().toLowerCase());
  if (kind !== undefined) return kind;
  problems.push({
    value: given,
    message: '--as names nothing that a run can be exported as',
    remedy: 'Write folder, zip or webdataset.',
  });
  return 'folder';
}

function readBytes(given: string | undefined, problems: Problem[]): number | undefined {
  if (given === undefined) return undefined;
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]b)$/i.exec(given.trim()) ?? [];
  const bytes = Math.round(Number(figure) * (UNITS[unit.toLowerCase()] ?? 0));
  if (bytes >= LEAST_SHARD_BYTES) return bytes;
  problems.push({
    value: given,
    message: '--shard-size is not a size that can be used',
    remedy: 'Write one of at least 10KB, like 1GB or 500MB.',
  });
  return undefined;
}

function readCount(given: string | undefined, problems: Problem[]): number | undefined {
  if (given === undefined) return undefined;
  const count = Number(given);
  if (/^\d+$/.test(given.trim()) && count >= 1) return count;
  problems.push({
    value: given,
    message: '--shard-samples is not a whole number that can be used',
    remedy: 'Write how many samples a shard may have, like 10000.',
  });
  return undefined;
}
