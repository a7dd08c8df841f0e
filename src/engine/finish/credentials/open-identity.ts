import type { CredentialSettings, SignerStanding } from '../../core/credentials.ts';
import { InputError, type Problem } from '../../core/errors.ts';
import { SOURCE_TYPE_SCHEME } from '../../core/source-type.ts';
import { checkChain, nameIn } from './check-chain.ts';
import { readCredentials } from './read-credentials.ts';
import { signPicture } from './sign-picture.ts';
import type { Generator, SigningIdentity } from './signing-identity.ts';

/**
 * Everything that is wrong with the settings, at `now` (milliseconds), as far as it can be seen without a
 * signature. A part that is missing is passed over: so the others are checked even when one is not there.
 */
export function checkCredentials(settings: CredentialSettings, now: number): Problem[] {
  const problems: Problem[] = [];
  const { chain, key } = readCredentials(settings, problems);
  problems.push(...checkChain(chain, key, now));
  return problems;
}

/** Who signs by these settings; `undefined`: nobody. */
export function signerStanding(settings: CredentialSettings): SignerStanding | undefined {
  const {
    chain: [own],
    algorithm,
  } = readCredentials(settings, []);
  if (own === undefined || algorithm === undefined) return undefined;
  return {
    signer: nameIn(own.subject),
    issuer: nameIn(own.issuer),
    algorithm,
    endsAt: own.validToDate.getTime(),
  };
}

/**
 * What files are signed with; `undefined` where nothing is to be signed. A first signature is made and
 * verified here, so that a certificate that C2PA refuses is known before anything is spent.
 * @throws InputError with everything that is wrong with the settings
 */
export async function openIdentity(
  settings: CredentialSettings,
  generator: Generator,
  now: number,
): Promise<SigningIdentity | undefined> {
  const problems = checkCredentials(settings, now);
  if (problems.length > 0) throw new InputError(problems);
  const { chain, key, algorithm } = readCredentials(settings, []);
  if (key === undefined || algorithm === undefined || chain.length === 0) return undefined;
  const { trustAnchors } = settings;
  const identity: SigningIdentity = {
    // Whoever verifies has the roots that he trusts; they do not travel (C2PA 2.2, 14.5).
    chain: chain
      .filter((certificate, at) => at === 0 || !certificate.checkIssued(certificate))
      .map(({ raw }) => new Uint8Array(raw)),
    key,
    algorithm,
    generator,
    ...(trustAnchors !== undefined && { trustAnchors }),
  };
  await tryIdentity(identity);
  return identity;
}

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

async function tryIdentity(identity: SigningIdentity): Promise<void> {
  const digitalSourceType = `${SOURCE_TYPE_SCHEME}algorithmicMedia`;
  const actions = [{ action: 'c2pa.created', digitalSourceType }];
  const result = await signPicture(PIXEL, { type: 'image/png', actions }, identity);
  if (result.kind === 'signed') return;
  throw new InputError([
    {
      column: 'credentials.certificate',
      message: `What is signed with it does not hold (${result.reason})`,
      remedy:
        'Ask for a certificate for signing content: version 3, key usage digitalSignature, the key identifier of its authority, and no authority itself.',
    },
  ]);
}
