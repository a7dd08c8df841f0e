/** A file as an answer: whole or a part, with what tells a client that it has it already. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import parseRange from 'range-parser';
import type { AppContext } from './app-env.ts';
import { ProblemError } from './problem-error.ts';

export interface AnsweredFile {
  readonly path: string;
  readonly bytes: number;
  /** Hex: the bytes of a hash never change. */
  readonly sha256: string;
  readonly mediaType: string;
  /** What it is called when it is saved. */
  readonly name: string;
}

/** Throws a problem for a range that the file does not have. */
export function answerFile(c: AppContext, file: AnsweredFile): Response {
  const etag = `"${file.sha256}"`;
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': contentDisposition(file.name, { type: 'inline' }),
  };
  if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  const part = partOf(c, file, etag);
  const { start = 0, end = file.bytes - 1 } = part ?? {};
  const body = Readable.toWeb(createReadStream(file.path, { start, end })) as ReadableStream;
  return new Response(body, {
    status: part === undefined ? 200 : 206,
    headers: {
      ...headers,
      'content-type': file.mediaType,
      'content-length': String(end - start + 1),
      ...(part !== undefined && { 'content-range': `bytes ${start}-${end}/${file.bytes}` }),
    },
  });
}

/** `undefined`: the whole file. Several parts at once are not given: the whole is always allowed. */
function partOf(c: AppContext, { bytes }: AnsweredFile, etag: string) {
  const asked = c.req.header('range');
  const condition = c.req.header('if-range');
  if (asked === undefined || (condition !== undefined && condition !== etag)) return undefined;
  const ranges = parseRange(bytes, asked, { combine: true });
  if (ranges === -1) {
    throw new ProblemError('range-not-satisfiable', `The file has ${bytes} bytes.`, {
      headers: { 'content-range': `bytes */${bytes}` },
    });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return (
    header.trim() === '*' ||
    header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)
  );
}
