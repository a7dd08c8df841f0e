/** What `imagemill doctor` says of the certificate that files are signed with. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Session } from './session.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Renewing one takes an authority some days. */
const SOON_DAYS = 30;

export interface CredentialsCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly optional?: true;
}

/** Whether files are signed, as whom, and until when. Never prints a key. */
export async function credentialsCheck({
  engine,
  config,
}: Pick<Session, 'engine' | 'config'>): Promise<CredentialsCheck> {
  const name = 'Credentials';
  const { signer } = engine;
  if (signer === undefined) {
    const trust =
      config.credentials?.trust === undefined ? '' : '; some are trusted by imagemill.yaml';
    return { name, ok: false, optional: true, text: `files are not signed${trust}` };
  }
  const days = Math.floor((signer.endsAt - Date.now()) / DAY_MS);
  const end = new Date(signer.endsAt).toISOString().slice(0, 10);
  const text = `signs as ${signer.signer} (${signer.algorithm}, by ${signer.issuer}) until ${end}`;
  const warnings = [
    ...(days < SOON_DAYS
      ? [
          `the certificate ends in ${days} days: renew it, what it signed is not vouched for after that`,
        ]
      : []),
    ...((await isOpenToOthers(config))
      ? ['others on this machine can read the key: chmod 600']
      : []),
  ];
  return warnings.length === 0
    ? { name, ok: true, text }
    : { name, ok: false, optional: true, text: `${text}; ${warnings.join('; ')}` };
}

async function isOpenToOthers({ credentials, file }: Session['config']): Promise<boolean> {
  // Windows has no such bits.
  if (
    credentials?.private_key === undefined ||
    file === undefined ||
    process.platform === 'win32'
  ) {
    return false;
  }
  const { mode } = await stat(resolve(dirname(file), credentials.private_key));
  return (mode & 0o077) !== 0;
}
