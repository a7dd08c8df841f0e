/**
 * Bytes as an answer: whole or a part, and nothing where the client has them already. By RFC 9110, sections 13
 * and 14: https://www.rfc-editor.org/rfc/rfc9110
 */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import parseRange from 'range-parser';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';

export interface SentFile {
  /** Where it lies; absent: `read` gives it. */
  readonly path?: string;
  readonly read?: () => Promise<Uint8Array>;
  readonly bytes: number;
  /** Names the bytes: SHA-256, or what changes with them. */
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly changedAt?: number;
  readonly mediaType: string;
  /** What it is called when it is saved. */
  readonly name: string;
  /** Browsers keep it as a file. Default: they show it. */
  readonly isDownload?: boolean;
  /** What has this address never changes. Default: it is asked for again each time. */
  readonly isImmutable?: boolean;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

const IMMUTABLE = 'private, max-age=31536000, immutable';
const ASKED_AGAIN = 'private, no-cache';

/** Throws a problem for a range that it does not have, and `gone` for a file that is not there any more. */
export async function sendFile(c: AppContext, file: SentFile): Promise<Response> {
  const etag = `"${file.tag}"`;
  const headers: Record<string, string> = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': file.isImmutable === true ? IMMUTABLE : ASKED_AGAIN,
    'content-disposition': contentDisposition(file.name, {
      type: file.isDownload === true ? 'attachment' : 'inline',
    }),
    'x-content-type-options': 'nosniff',
    ...(file.changedAt !== undefined && {
      'last-modified': new Date(file.changedAt).toUTCString(),
    }),
    ...file.headers,
  };
  if (isKnown(c, file, etag)) return c.body(null, 304, headers);
  const part = partOf(c, file, etag);
  const { start, end } = part ?? { start: 0, end: file.bytes - 1 };
  const sized = {
    ...headers,
    'content-type': file.mediaType,
    'content-length': String(end - start + 1),
    ...(part !== undefined && { 'content-range': `bytes ${start}-${end}/${file.bytes}` }),
  };
  // Nothing is opened that nobody reads.
  const body = c.req.method === 'HEAD' ? null : await bodyOf(file, start, end);
  return c.newResponse(body, part === undefined ? 200 : 206, sized);
}

async function bodyOf(file: SentFile, start: number, end: number): Promise<ReadableStream | null> {
  if (end < start) return null;
  const stream =
    file.path === undefined
      ? await fromMemory(file, start, end)
      : await fromDisk(file.path, start, end);
  return Readable.toWeb(stream) as ReadableStream;
}

async function fromMemory({ read }: SentFile, start: number, end: number): Promise<Readable> {
  const bytes = (await read?.()) ?? new Uint8Array();
  return Readable.from([Buffer.from(bytes).subarray(start, end + 1)]);
}

/** Opened before the answer begins, so that what is not there is a problem and no broken stream. */
async function fromDisk(path: string, start: number, end: number): Promise<Readable> {
  try {
    const file = await open(path, 'r');
    return file.createReadStream({ start, end });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new ProblemError('gone', 'The file is not there any more.', { cause: error });
    }
    throw error;
  }
}

function isKnown(c: AppContext, { changedAt }: SentFile, etag: string): boolean {
  const match = c.req.header('if-none-match');
  if (match !== undefined) {
    if (match.trim() === '*') return true;
    return match.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return changedAt !== undefined && Math.floor(changedAt / 1000) * 1000 <= since;
}

/** `undefined`: all of it. Several parts at once are never given: the whole always may be. */
function partOf(c: AppContext, { bytes, changedAt }: SentFile, etag: string) {
  const asked = c.req.header('range');
  if (asked === undefined || !isSame(c.req.header('if-range'), etag, changedAt)) return undefined;
  const ranges = parseRange(bytes, asked, { combine: true });
  if (ranges === -1) {
    throw new ProblemError('range-not-satisfiable', `The file has ${bytes} bytes.`, {
      headers: { 'content-range': `bytes */${bytes}` },
    });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** Whether a part of what the client has begun is a part of this. */
function isSame(condition: string | undefined, etag: string, changedAt?: number): boolean {
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === etag;
  const at = Date.parse(condition);
  return changedAt !== undefined && Math.floor(changedAt / 1000) * 1000 === at;
}
