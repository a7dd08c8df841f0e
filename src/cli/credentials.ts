/** Reads what the credentials section of the config file names, into what the engine takes. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CredentialSettings } from '../engine/core/credentials.ts';
import { InputError, type Problem } from '../engine/core/errors.ts';
import type { CredentialsConfig } from './credentials-schema.ts';
import type { Environment } from './environment.ts';

export interface CredentialsPlace {
  /** The config file: paths are from its folder. */
  readonly file: string;
  readonly environment: Environment;
  /** What the engine finds wrong with those settings that could be read. */
  readonly check: (settings: CredentialSettings) => readonly Problem[];
}

/**
 * The settings with the texts of their files and variables.
 * @throws InputError with everything that is wrong, files that are not there and what is in the others
 */
export async function readCredentials(
  config: CredentialsConfig,
  { file, environment, check }: CredentialsPlace,
): Promise<CredentialSettings> {
  const problems: Problem[] = [];
  const fromFile = async (setting: 'certificate' | 'private_key' | 'trust') => {
    const path = config[setting];
    return path === undefined ? undefined : await readText(setting, path, file, problems);
  };
  const fromVariable = (setting: 'private_key_variable' | 'passphrase_variable') => {
    const name = config[setting];
    return name === undefined ? undefined : variable(setting, name, environment, file, problems);
  };
  const certificates = await fromFile('certificate');
  // A variable of one line is written with \n by many programs.
  const privateKey =
    (await fromFile('private_key')) ??
    fromVariable('private_key_variable')?.replaceAll(String.raw`\n`, '\n');
  const passphrase = fromVariable('passphrase_variable');
  const trustAnchors = await fromFile('trust');
  const settings: CredentialSettings = {
    ...(certificates !== undefined && { certificates }),
    ...(privateKey !== undefined && { privateKey }),
    ...(passphrase !== undefined && { passphrase }),
    ...(config.algorithm !== undefined && { algorithm: config.algorithm }),
    ...(trustAnchors !== undefined && { trustAnchors }),
  };
  problems.push(...check(settings).map((problem) => ({ file, ...problem })));
  if (problems.length > 0) throw new InputError(problems);
  return settings;
}

async function readText(
  setting: string,
  path: string,
  file: string,
  problems: Problem[],
): Promise<string | undefined> {
  const full = resolve(dirname(file), path);
  try {
    return await readFile(full, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    problems.push({
      file,
      column: `credentials.${setting}`,
      value: full,
      message: isMissing
        ? 'The file is not there'
        : `The file cannot be read (${error instanceof Error ? error.message : String(error)})`,
      remedy: isMissing
        ? 'Correct the path; it is from the folder of the config file.'
        : 'Give this user the right to read it, or name another.',
    });
    return undefined;
  }
}

function variable(
  setting: string,
  name: string,
  environment: Environment,
  file: string,
  problems: Problem[],
): string | undefined {
  const value = environment[name];
  if (value !== undefined && value.trim() !== '') return value;
  problems.push({
    file,
    column: `credentials.${setting}`,
    value: name,
    message: 'The environment variable is not set',
    remedy: 'Set it where imagemill runs, or correct its name.',
  });
  return undefined;
}
