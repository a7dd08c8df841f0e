/** Files that go up piece by piece: over lines that break, and after a reload of the page when they are chosen again. */
import { createClient, type Upload } from '../../../src/api/client/index.ts';
import { uploadFetch } from './upload-fetch.ts';

/** What is smaller is sent again as fast as it is asked for. */
export const LARGE_BYTES = 8 * 2 ** 20;

export interface Resuming {
  readonly purpose: Upload['purpose'];
  /** Bytes of the file that are gone up. */
  readonly onSent?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Sends what the server does not have yet; answers the upload's id. */
export async function resumableUpload(
  file: File,
  { purpose, onSent, signal }: Resuming,
): Promise<string> {
  let place = 0;
  const client = createClient({
    baseUrl: location.origin,
    retries: 1,
    fetch: uploadFetch((sent) => onSent?.(Math.min(file.size, place + sent))),
  });
  const options = {
    ...(signal && { signal }),
    onProgress: (received: number) => {
      place = received;
      onSent?.(received);
    },
  };
  const key = keyOf(file, purpose);
  const begun = localStorage.getItem(key);
  if (begun !== null && (await isOpen(client, begun))) {
    await client.uploads.resume(begun, file, options);
    return begun;
  }
  const onBegun = (upload: string) => localStorage.setItem(key, upload);
  return (await client.uploads.create(file, { ...options, purpose, onBegun })).upload;
}

/** Something was made of it: the server has let it go. */
export function forgetUpload(file: File, purpose: Upload['purpose']): void {
  localStorage.removeItem(keyOf(file, purpose));
}

/** The same file, as far as a browser tells. */
function keyOf(file: File, purpose: string): string {
  const { size, lastModified } = file;
  const name = file.webkitRelativePath || file.name;
  return `imagemill-upload-${purpose}-${size}-${lastModified}-${name}`;
}

async function isOpen(client: ReturnType<typeof createClient>, upload: string): Promise<boolean> {
  try {
    return (await client.uploads.get(upload)).used_by === null;
  } catch {
    return false;
  }
}
