/**
 * The C2PA library, a WebAssembly module, opened from its installed file with the first picture that needs
 * it (30-70 ms, then 2-60 ms a picture). It is made for browsers; what it misses in Node is given here.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WasmBuilder } from '@contentauth/c2pa-wasm';

type Library = typeof import('@contentauth/c2pa-wasm');

/** Its own words for a signer. */
export type SignerDefinition = Parameters<WasmBuilder['sign']>[0];

let opening: Promise<Library> | undefined;

/** The library, one instance in each thread. */
export function openC2pa(): Promise<Library> {
  opening ??= open();
  return opening;
}

async function open(): Promise<Library> {
  const file = fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm'));
  const [library, wasm] = await Promise.all([import('@contentauth/c2pa-wasm'), readFile(file)]);
  // The only way by which the library reads a Blob; Node has no such class of its own.
  Object.assign(globalThis, { FileReaderSync: BytesReader });
  library.initSync({ module: wasm });
  return library;
}

/** Bytes as the library takes them. Unlike a real `Blob` they can be read at once. */
export function blobOf(bytes: Uint8Array): Blob {
  return new BytesBlob(bytes) as unknown as Blob;
}

class BytesBlob {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  slice(from: number, to: number): BytesBlob {
    return new BytesBlob(this.bytes.subarray(from, to));
  }
}

class BytesReader {
  readAsArrayBuffer({ bytes }: BytesBlob): ArrayBuffer {
    return new Uint8Array(bytes).buffer;
  }
}

/** What the library throws: a text like `C2pa(JumbfNotFound)`. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Certificates may be made out for any of these purposes (C2PA 2.2, 14.5.1): e-mail protection,
 * document signing, C2PA's own, and Microsoft's of it.
 */
export const CERTIFICATE_PURPOSES = [
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.4.1.311.76.59.1.9',
];

/** The library's settings. It asks nobody: no revocation lists, no manifests kept elsewhere. */
export function c2paSettings(trustAnchors: string | undefined): string {
  return JSON.stringify({
    builder: { thumbnail: { enabled: false } },
    verify: { verify_trust: true, ocsp_fetch: false, remote_manifest_fetch: false },
    trust: {
      ...(trustAnchors !== undefined && { trust_anchors: trustAnchors }),
      trust_config: CERTIFICATE_PURPOSES.join('\n'),
    },
  });
}
