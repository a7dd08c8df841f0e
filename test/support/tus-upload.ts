/** The tus project's own client against a server of ours, as a program of somebody else's would use it. */
import { Upload, type UploadOptions } from 'tus-js-client';

export interface TusTarget {
  readonly url: string;
  readonly secret: string;
}

/** Resolves with the upload's id when all of it is there. */
export function tusUpload(
  { url, secret }: TusTarget,
  bytes: Buffer,
  options: Partial<UploadOptions> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${url}/v1/uploads`,
      headers: { authorization: `Bearer ${secret}` },
      metadata: { purpose: 'sheet', filename: 'prompts.csv', filetype: 'text/csv' },
      retryDelays: Array.from({ length: 30 }, () => 200),
      onError: reject,
      onSuccess: () => resolve(idOf(upload.url!)),
      ...options,
    });
    upload.start();
  });
}

export function idOf(url: string): string {
  return url.split('/').at(-1)!;
}
