import type { CredentialsReport } from '../../core/credentials.ts';
import { mediaTypeOf } from '../../core/media-type.ts';
import { c2paSettings, openC2pa, wordsOf } from './c2pa-library.ts';
import { parseStore } from './manifest-store.ts';
import { reportOf } from './report-credentials.ts';

export interface TrustOptions {
  /** Certificates of those whose word is good, PEM. Absent: nobody is trusted. */
  readonly trustAnchors?: string;
}

/**
 * What a file's content credentials say of it, and whether they hold. Asks nobody: no revocation lists, no
 * addresses that the file names. Takes the calling thread's time (1-60 ms). Never rejects for bad bytes.
 */
export async function verifyCredentials(
  bytes: Uint8Array,
  { trustAnchors }: TrustOptions = {},
): Promise<CredentialsReport> {
  const read = await readManifests(bytes, trustAnchors);
  return 'json' in read ? reportOf(parseStore(read.json)) : read;
}

/** The manifests of a file as the library writes them out (crJSON), or why there are none to be read. */
export async function readManifests(
  bytes: Uint8Array,
  trustAnchors: string | undefined,
): Promise<{ readonly json: string } | CredentialsReport> {
  const type = mediaTypeOf(bytes);
  if (type === undefined) return { kind: 'none' };
  const { WasmReader } = await openC2pa();
  try {
    const reader = await WasmReader.fromBytes(type, bytes, c2paSettings(trustAnchors));
    try {
      return { json: reader.crJson() };
    } finally {
      reader.free();
    }
  } catch (error) {
    return unreadable(bytes, wordsOf(error));
  }
}

function unreadable(bytes: Uint8Array, words: string): CredentialsReport {
  const [, elsewhere] = /RemoteManifestUrl\("([^"]*)"\)/.exec(words) ?? [];
  if (elsewhere !== undefined) return { kind: 'none', elsewhere };
  if (words.includes('JumbfNotFound') || !speaksOfCredentials(bytes)) return { kind: 'none' };
  return {
    kind: 'broken',
    actions: [],
    ingredients: [],
    problems: ['The credentials are damaged and cannot be read'],
  };
}

/** Whether there is a box of credentials somewhere in bytes that cannot be read in order. */
function speaksOfCredentials(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.includes('jumb') && view.includes('c2pa');
}
