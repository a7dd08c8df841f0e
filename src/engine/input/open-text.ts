import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import iconv from 'iconv-lite';
import type { DetectedEncoding } from './text-encoding.ts';

/**
 * Streams a text file, decoded and without its byte order mark, in chunks. UTF-8 comes as bytes, since
 * the CSV parser works on bytes; `chunksOfText` gives strings. Destroying the stream closes the file.
 */
export function openText(file: string, detected: DetectedEncoding): Readable {
  const bytes = createReadStream(file, { start: detected.bomBytes });
  if (detected.encoding === 'utf8') return bytes;
  const decoder = iconv.decodeStream(detected.encoding) as unknown as Readable &
    NodeJS.WritableStream;
  // An error reaches the reader through the decoder, which the pipeline destroys with it.
  return pipeline(bytes, decoder, () => undefined) as unknown as Readable;
}

/** The same text in strings that never cut a character in two. */
export async function* chunksOfText(
  file: string,
  detected: DetectedEncoding,
): AsyncGenerator<string> {
  const stream = openText(file, detected);
  if (detected.encoding === 'utf8') stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) yield chunk;
}
