/** From a sheet and options to what the engine is asked for. */
import { basename, extname, join, resolve } from 'node:path';
import type { RunSettings } from '../engine/core/settings.ts';
import { readRunOptions, type RawValues, type RunOptions } from './options.ts';
import type { Session } from './session.ts';

export interface Order extends Omit<RunOptions, 'settings' | 'out'> {
  readonly sheet: string;
  readonly out: string;
  readonly title: string;
  readonly settings: RunSettings;
}

/** @throws InputError with every option that cannot be used */
export function readOrder(session: Session, sheetPath: string, options: RawValues): Order {
  const { config, environment, workingFolder } = session;
  const read = readRunOptions({
    options,
    environment,
    workingFolder,
    ...(config.file !== undefined && {
      defaults: { file: config.file, values: config.defaults },
    }),
  });
  const title = basename(sheetPath, extname(sheetPath));
  return {
    ...read,
    sheet: resolve(workingFolder, sheetPath),
    out: read.out ?? join(workingFolder, `${title}-images`),
    title: basename(sheetPath),
  };
}
