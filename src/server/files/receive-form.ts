/**
 * Streams a multipart form into a folder: its files as files with names of our own, its fields as texts. What
 * a client calls a file is kept to be shown, and is never part of a path.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { ProblemError } from '../problems/problem-error.ts';

export interface FormBounds {
  /** Bytes of the whole form. */
  readonly mostBytes: number;
  readonly mostFiles: number;
  /** Bytes of each file. Default: those of the whole form. */
  readonly mostFileBytes?: number;
  /** Default: 100. */
  readonly mostFields?: number;
  /** Bytes of each field's text. Default: 1 MiB. */
  readonly mostFieldBytes?: number;
}

export interface ReceivedFile {
  /** The form's name of it: `sheet`, `image[]`. */
  readonly field: string;
  /** What the client calls it, as it was sent: to be shown, and to be found by; never a path of ours. */
  readonly name: string;
  /** As the client says. */
  readonly mediaType: string;
  /** Absolute path, on the disk for good. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** What is put at its place, however it came. */
export type FormFile = Pick<ReceivedFile, 'field' | 'name' | 'mediaType' | 'path'>;

export interface ReceivedForm {
  /** The texts of each field, in their order. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** In the order of the form. */
  readonly files: readonly ReceivedFile[];
}

/** Longer names of fields are cut, and then are none that a route knows. */
const MOST_NAME_BYTES = 200;
const MOST_FIELDS = 100;
const MOST_FIELD_BYTES = 2 ** 20;

export function isForm(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '');
}

/**
 * `folder` is made, and removed again with everything in it when the form is broken, too large or cut off:
 * it must be a folder of this form's own. Throws `ProblemError` for what is wrong with the form.
 */
export async function receiveForm(
  request: Request,
  folder: string,
  bounds: FormBounds,
): Promise<ReceivedForm> {
  const parser = openParser(request, bounds);
  await mkdir(folder, { recursive: true });
  const fields = new Map<string, string[]>();
  const writes: Promise<ReceivedFile>[] = [];
  parser.on('field', (name, value, info) => {
    if (info.valueTruncated || info.nameTruncated) return stop(parser, `The field ${name}`);
    fields.set(name, [...(fields.get(name) ?? []), value]);
  });
  parser.on('file', (field, stream, info) => {
    stream.once('limit', () => stop(parser, `The file in ${field}`));
    const write = writeFile(stream, join(folder, `${writes.length + 1}.part`)).then((written) => ({
      ...written,
      field,
      name: info.filename ?? '',
      mediaType: info.mimeType,
    }));
    // It is looked at when the form has ended; until then its failure ends the form.
    write.catch((error: unknown) => parser.destroy(error as Error));
    writes.push(write);
  });
  try {
    await pipeline(bodyOf(request), bounded(bounds.mostBytes), parser);
    return { fields, files: await Promise.all(writes) };
  } catch (error) {
    await Promise.allSettled(writes);
    await rm(folder, { recursive: true, force: true });
    throw asProblem(error);
  }
}

function openParser(request: Request, bounds: FormBounds): busboy.Busboy {
  if (!isForm(request)) {
    throw new ProblemError('unsupported-media-type', 'Send this as multipart/form-data.');
  }
  const parser = create(request, bounds);
  parser.on('filesLimit', () => stop(parser, 'The number of files', bounds.mostFiles));
  parser.on('fieldsLimit', () => stop(parser, 'The number of fields', bounds.mostFields));
  return parser;
}

function create(request: Request, bounds: FormBounds): busboy.Busboy {
  try {
    return busboy({
      headers: Object.fromEntries(request.headers),
      // A folder's pictures are told apart by the folders in their names.
      preservePath: true,
      defParamCharset: 'utf8',
      limits: {
        fieldNameSize: MOST_NAME_BYTES,
        fieldSize: bounds.mostFieldBytes ?? MOST_FIELD_BYTES,
        fields: bounds.mostFields ?? MOST_FIELDS,
        files: bounds.mostFiles,
        fileSize: bounds.mostFileBytes ?? bounds.mostBytes,
      },
    });
  } catch (error) {
    throw new ProblemError('malformed-request', 'The form has no boundary.', { cause: error });
  }
}

/** Ends the form when the parser has done with the chunk at hand; `pipeline` throws the problem. */
function stop(parser: busboy.Busboy, what: string, most?: number): void {
  const text = most === undefined ? `${what} is too large.` : `${what} is above ${most}.`;
  process.nextTick(() => parser.destroy(new ProblemError('too-large', text)));
}

function bodyOf(request: Request): Readable {
  if (request.body === null) throw new ProblemError('malformed-request', 'The form is empty.');
  return Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
}

function bounded(most: number) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) {
        throw new ProblemError('too-large', `The form has more than ${most} bytes.`);
      }
      yield chunk;
    }
  };
}

/** Whole and flushed, or it throws. */
async function writeFile(
  stream: Readable,
  path: string,
): Promise<Pick<ReceivedFile, 'path' | 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    stream,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx', flush: true }),
  );
  return { path, bytes, sha256: hash.digest('hex') };
}

/** What the parser cannot read, and a client that left, are the client's; a full disk is ours. */
function asProblem(error: unknown): unknown {
  if (error instanceof ProblemError || isSystemError(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new ProblemError('malformed-request', `The form cannot be read: ${why}.`, {
    cause: error,
  });
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
