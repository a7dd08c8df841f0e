import { parseStore } from './manifest-store.ts';
import { reportOf } from './report-credentials.ts';
import type { SigningIdentity } from './signing-identity.ts';
import { readManifests } from './verify-credentials.ts';

/**
 * Whether two files are the same but for the random parts of their credentials: `existing` is intact, the
 * same certificate signed both, and all that they claim is equal, the hash of everything around the
 * manifest included. So it is the picture that was signed before, not one that somebody changed.
 */
export async function isSameSigned(
  existing: Uint8Array,
  fresh: Uint8Array,
  { chain: [certificate] }: Pick<SigningIdentity, 'chain'>,
): Promise<boolean> {
  if (existing.length !== fresh.length) return false;
  // Whole, since names and numbers of certificates can be alike.
  if (certificate === undefined || !Buffer.from(existing).includes(Buffer.from(certificate)))
    return false;
  const [old, made] = [
    await readManifests(existing, undefined),
    await readManifests(fresh, undefined),
  ];
  if (!('json' in old && 'json' in made)) return false;
  // Who is trusted does not matter here, and a certificate may have ended since.
  if (reportOf(parseStore(old.json)).kind === 'broken') return false;
  return lasting(old.json) === lasting(made.json);
}

/** Given at random, or said of the moment of reading. */
const PASSING = new Set(['label', 'instanceID', 'validationResults', 'ingredientDeltas']);

/** What of the manifests would be the same if the picture were signed again. */
function lasting(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) => {
      if (PASSING.has(name)) return undefined;
      // References within the manifests carry those names, and hashes of boxes that have random salts. What
      // they point at is compared itself.
      if (typeof value === 'string') return value.startsWith('self#jumbf=') ? '' : value;
      return isReference(value) ? '' : value;
    }),
  );
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'url' in value && 'hash' in value;
}
