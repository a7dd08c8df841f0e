/** What tells whether a request is the same as one before: its method, path and body, and what its sender may do. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { AppContext } from '../app-env.ts';
import { isUpload } from '../files/bound-body.ts';
import { unnamedFile } from '../files/unnamed-file.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** More parts than any route takes: each is remembered until the form has ended. */
const MOST_FILES = 4_000;
const MOST_FIELDS = 200;

/** Headers that say what is made: of an upload that has no body yet. */
const TELLING = ['upload-length', 'upload-metadata'];

export interface Fingerprint extends AsyncDisposable {
  /** SHA-256, hex. */
  readonly fingerprint: string;
}

/**
 * Reads the whole body; whoever comes after reads it again from where it lies meanwhile: JSON in memory, an
 * upload on the disk, in a file without a name, which is gone with this or with the process.
 */
export async function fingerprintOf(c: AppContext, home: string): Promise<Fingerprint> {
  const url = new URL(c.req.url);
  // An answer is told again to those only who may do what it answers.
  const rights = c.var.caller.key.scopes.toSorted().join(' ');
  const said = TELLING.flatMap((name) => c.req.header(name) ?? []);
  const place = [`${c.req.method} ${url.pathname}${url.search} ${rights}`, ...said].join('\n');
  if (c.req.raw.body === null) return held(place, '');
  if (!isUpload(c.req.header('content-type')))
    return held(place, sha256(Buffer.from(await c.req.arrayBuffer())));
  const file = await unnamedFile(join(home, 'incoming'));
  try {
    const digest = await spool(c, file);
    const body = file.createReadStream({ start: 0, autoClose: false });
    c.req.raw = new Request(c.req.raw, {
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    return held(place, digest, async () => {
      body.destroy();
      await file.close();
    });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function held(place: string, digest: string, dispose = async () => {}): Fingerprint {
  return { fingerprint: sha256(`${place}\n${digest}`), [Symbol.asyncDispose]: dispose };
}

/** Writes the body to the file; answers the digest of what is in it. */
async function spool(c: AppContext, file: FileHandle): Promise<string> {
  const digest = digestOf(c.req.raw.headers);
  const write = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      await file.write(chunk);
      yield chunk;
    }
  };
  const body = Readable.fromWeb(c.req.raw.body as never);
  await pipeline(body, write, digest.sink).catch((error: unknown) => {
    throw isClients(error) && !(error instanceof ProblemError)
      ? new ProblemError('malformed-request', 'The body is cut off, or is no form.', {
          cause: error,
        })
      : error;
  });
  return digest.end();
}

/** What is too large is answered elsewhere, and a full disk is ours. */
function isClients(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name !== 'BodyLimitError' && !('syscall' in error);
}

interface Digest {
  readonly sink: Writable;
  end(): string;
}

/** A form's boundary is another one each time that it is sent: its parts are what counts. */
function digestOf(headers: Headers): Digest {
  const isForm = /^multipart\/form-data\b/i.test(headers.get('content-type') ?? '');
  return isForm ? formDigest(headers) : rawDigest();
}

function rawDigest(): Digest {
  const hash = createHash('sha256');
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done();
    },
  });
  return { sink, end: () => hash.digest('hex') };
}

function formDigest(headers: Headers): Digest {
  const sink = openForm(headers);
  const refuse = () =>
    sink.destroy(new ProblemError('too-large', 'The form has too many parts, or too long ones.'));
  const parts: { readonly about: unknown; readonly digest: () => string }[] = [];
  sink.on('field', (name, value, { valueTruncated }) => {
    // Of a text that is cut, nobody knows whether it is the same.
    if (valueTruncated) process.nextTick(refuse);
    const digest = sha256(value);
    parts.push({ about: [name], digest: () => digest });
  });
  sink.on('file', (name, stream, { filename, mimeType }) => {
    const hash = createHash('sha256');
    parts.push({ about: [name, filename, mimeType], digest: () => hash.digest('hex') });
    stream.on('data', (chunk: Buffer) => hash.update(chunk));
    // The form breaks with its file, and is what is asked; a file that nobody hears ends the process.
    stream.on('error', () => {});
  });
  sink.on('filesLimit', () => process.nextTick(refuse));
  sink.on('fieldsLimit', () => process.nextTick(refuse));
  return {
    sink,
    end: () => sha256(JSON.stringify(parts.map(({ about, digest }) => [about, digest()]))),
  };
}

function openForm(headers: Headers): busboy.Busboy {
  try {
    return busboy({
      headers: Object.fromEntries(headers),
      preservePath: true,
      limits: { files: MOST_FILES, fields: MOST_FIELDS },
    });
  } catch (error) {
    throw new ProblemError('malformed-request', 'The form has no boundary.', { cause: error });
  }
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
