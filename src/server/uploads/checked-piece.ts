/** A piece with a checksum: kept aside until it is known to be right, and then read from there. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { incomingFolder } from '../openai/left-uploads.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { unnamedFile } from '../files/unnamed-file.ts';

/** As the protocol names them: https://tus.io/protocols/resumable-upload#checksum */
const ALGORITHMS = ['sha256', 'sha1', 'md5'];
const HEADER = 'Upload-Checksum';

export interface CheckedPiece extends AsyncDisposable {
  readonly body: ReadableStream<Uint8Array>;
}

/** `most`: bytes that the upload still lacks. Throws `ProblemError` for another checksum. */
export async function checkPiece(
  body: ReadableStream<Uint8Array>,
  header: string,
  { home, most }: { readonly home: string; readonly most: number },
): Promise<CheckedPiece> {
  const [algorithm = '', expected = ''] = header.trim().split(/\s+/);
  if (!ALGORITHMS.includes(algorithm)) throw unknownAlgorithm(header);
  const file = await unnamedFile(incomingFolder(home));
  try {
    const hash = createHash(algorithm);
    let bytes = 0;
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > most) throw tooLong();
      hash.update(chunk);
      await file.write(chunk);
    }
    if (hash.digest('base64') !== expected) {
      throw new ProblemError('checksum-mismatch', `The ${algorithm} of the piece is another one.`);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  const read = file.createReadStream({ start: 0, autoClose: false });
  return {
    body: Readable.toWeb(read) as ReadableStream<Uint8Array>,
    [Symbol.asyncDispose]: async () => {
      read.destroy();
      await file.close();
    },
  };
}

function tooLong(): ProblemError {
  return new ProblemError('too-large', 'The piece goes beyond the Upload-Length that was said.');
}

function unknownAlgorithm(value: string): ProblemError {
  return new ProblemError('invalid', 'The checksum cannot be read.', {
    problems: [
      {
        field: `header.${HEADER}`,
        value,
        message: 'There is no such algorithm.',
        remedy: `Write one of ${ALGORITHMS.join(', ')}, a space, and the digest in base64.`,
      },
    ],
  });
}
