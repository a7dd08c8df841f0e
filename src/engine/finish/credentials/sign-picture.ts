import type { WasmBuilder } from '@contentauth/c2pa-wasm';
import { blobOf, c2paSettings, openC2pa, type SignerDefinition, wordsOf } from './c2pa-library.ts';
import { wordsOfFailures } from './credential-problems.ts';
import { coseSignature } from './cose-signature.ts';
import type { EditAction } from './edit-actions.ts';
import type { SigningIdentity } from './signing-identity.ts';

/** What a signature says of a picture. */
export interface PictureClaim {
  /** MIME type of the file to be signed. */
  readonly type: string;
  /** In their order; the first is `c2pa.created`, or `c2pa.opened` with a parent. */
  readonly actions: readonly EditAction[];
  /** What the file was made from; its own credentials are kept inside. */
  readonly parent?: { readonly bytes: Uint8Array; readonly type: string };
}

export type SignResult =
  | { readonly kind: 'signed'; readonly bytes: Uint8Array }
  /** `reason` in plain words; no key and no certificate is in it. */
  | { readonly kind: 'failed'; readonly reason: string };

/** By what `c2pa.opened` names its ingredient until it is signed. */
export const PARENT = 'parent';

/**
 * Gives a finished file content credentials. It must be complete: whatever is changed in it afterwards
 * breaks the signature. What was signed is verified before it is handed back. The manifest has random
 * parts, so the same picture has other bytes each time, of the same length. Asks nobody.
 */
export async function signPicture(
  bytes: Uint8Array,
  { type, actions, parent }: PictureClaim,
  identity: SigningIdentity,
): Promise<SignResult> {
  const { WasmBuilder } = await openC2pa();
  const builder = WasmBuilder.fromJson(
    JSON.stringify({
      claim_version: 2,
      claim_generator_info: [identity.generator],
      format: type,
      assertions: [
        {
          label: 'c2pa.actions.v2',
          // Said by us, not gathered from elsewhere.
          created: true,
          data: { actions, allActionsIncluded: true },
        },
      ],
    }),
    c2paSettings(identity.trustAnchors),
  );
  try {
    if (parent !== undefined) await addParent(builder, parent);
    return {
      kind: 'signed',
      bytes: await builder.sign(signerOf(identity), [], type, blobOf(bytes)),
    };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(wordsOf(error)) };
  } finally {
    builder.free();
  }
}

async function addParent(
  builder: WasmBuilder,
  { bytes, type }: NonNullable<PictureClaim['parent']>,
): Promise<void> {
  const parent = JSON.stringify({ label: PARENT, relationship: 'parentOf' });
  await builder.addIngredientFromBlob(parent, type, blobOf(bytes));
}

function signerOf(identity: SigningIdentity): SignerDefinition {
  return {
    alg: identity.algorithm,
    reserveSize: coseSignature(new Uint8Array(), identity).length,
    // Async as the library wants it.
    sign: async (claim) => new Uint8Array(coseSignature(claim, identity)),
  };
}

/** The library's words hold whole manifests where it tells of one that does not hold. */
function reasonOf(words: string): string {
  const failures = words
    .split('ValidationStatus {')
    .filter((part) => part.includes('kind: Failure'))
    .map((part) => ({
      code: /code: "([^"]+)"/.exec(part)?.[1] ?? '',
      explanation: /explanation: Some\("([^"]*)"\)/.exec(part)?.[1] ?? '',
    }))
    .filter(({ code }) => code !== 'signingCredential.untrusted');
  if (failures.length === 0) return `the C2PA library says: ${words.slice(0, 120)}`;
  const [{ code, explanation } = { code: '', explanation: '' }] = failures;
  const told = wordsOfFailures(failures.map((failure) => failure.code));
  // Its code alone says nothing of what a certificate lacks.
  return code === 'signingCredential.invalid'
    ? `${told.join('; ')}: ${explanation}`
    : told.join('; ');
}
