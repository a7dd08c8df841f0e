/** Whose content credentials are trusted: by an option, or by the config file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../engine/core/errors.ts';
import { readConfig } from './config.ts';
import { type CommonOptions, homeFolder } from './session.ts';

/**
 * Certificates (PEM) of the file given, or else of the one that `credentials.trust` of the config file
 * names; `undefined`: nobody is trusted. Neither a certificate to sign with nor its key is looked at.
 * @throws InputError when the file cannot be read or holds no certificate
 */
export async function trustAnchors(
  given: string | undefined,
  options: CommonOptions,
): Promise<string | undefined> {
  const workingFolder = process.cwd();
  if (given !== undefined) return await readTrust(resolve(workingFolder, given), '--trust');
  const home = homeFolder(options.home, process.env, workingFolder);
  const named = options.config ?? process.env['IMAGEMILL_CONFIG'];
  const config = await readConfig({ workingFolder, home, ...(named && { given: named }) });
  const trust = config.credentials?.trust;
  if (trust === undefined || config.file === undefined) return undefined;
  return await readTrust(resolve(dirname(config.file), trust), 'credentials.trust');
}

async function readTrust(path: string, setting: string): Promise<string> {
  const problem = (message: string) =>
    new InputError([
      { value: path, message, remedy: 'Name a file of certificates: -----BEGIN CERTIFICATE-----.' },
    ]);
  const text = await readFile(path, 'utf8').catch(() => {
    throw problem(`The file of ${setting} cannot be read`);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw problem(`There is no certificate in the file of ${setting}`);
  }
  return text;
}
