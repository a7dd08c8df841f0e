/** The tus server on our store and our files, with its refusals as problems of the API. */
import { ERRORS, Server } from '@tus/server';
import type { ProblemCode } from '../../api/problem.ts';
import { OFFSET_OCTETS } from '../../api/routes/uploads.ts';
import type { Uploads } from '../../engine/engine-types.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { BucketUploads } from './bucket-uploads.ts';
import { HomeUploads } from './home-uploads.ts';
import { UploadLocker } from './upload-locker.ts';

export const UPLOADS_PATH = '/v1/uploads';
export const TUS_VERSION = '1.0.0';

/** A request that another waits for ends the piece that it is writing, and is then cut off. */
const DRAIN_MS = 500;

export type TusMethod = 'POST' | 'HEAD' | 'PATCH' | 'DELETE';

export interface TusOrder {
  readonly method: TusMethod;
  /** Of the upload: known to be the caller's, and to be there. */
  readonly id: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ReadableStream<Uint8Array>;
}

export class TusServer {
  readonly #uploads: Uploads;
  /** What went wrong with a request, where it was no word of the protocol. */
  readonly #failures = new WeakMap<Request, Error>();
  #server: Server | undefined;

  constructor(uploads: Uploads) {
    this.#uploads = uploads;
  }

  /** The answer's headers. Throws `ProblemError`, or what the disk or the store said. */
  async handle({ method, id, headers = {}, body }: TusOrder): Promise<Headers> {
    const place = method === 'POST' ? UPLOADS_PATH : `${UPLOADS_PATH}/${id}`;
    const request = new Request(`http://server${place}`, {
      method,
      headers: {
        'tus-resumable': TUS_VERSION,
        ...(method === 'POST' && { 'upload-name': id }),
        ...(body && { 'content-type': OFFSET_OCTETS }),
        ...headers,
      },
      ...(body && { body, duplex: 'half' }),
    } as RequestInit);
    this.#server ??= this.#open();
    const answer = await this.#server.handleWeb(request);
    const failure = this.#failures.get(request);
    if (failure !== undefined) throw failure;
    if (answer.status >= 400) throw await problemOf(answer);
    return answer.headers;
  }

  /** When the first upload is there: then its folder is, too. */
  #open(): Server {
    const locker = new UploadLocker(this.#uploads);
    const { folder } = this.#uploads;
    return new Server({
      path: UPLOADS_PATH,
      datastore:
        folder === undefined
          ? new BucketUploads(this.#uploads, locker)
          : new HomeUploads(this.#uploads, locker, folder),
      locker,
      lockDrainTimeout: DRAIN_MS,
      allowedOrigins: [],
      namingFunction: (request) => request.headers.get('upload-name')!,
      onResponseError: (request, error) => {
        if (error instanceof Error) this.#failures.set(request, error);
        return undefined;
      },
    });
  }
}

const CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-request',
  403: 'invalid',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
  412: 'precondition-failed',
  413: 'too-large',
};
const WORDS: Readonly<Record<string, string>> = {
  [ERRORS.INVALID_OFFSET.body]:
    'The upload does not end at this Upload-Offset. Ask with HEAD where it does, and go on from there.',
  [ERRORS.ERR_SIZE_EXCEEDED.body]: 'The piece goes beyond the Upload-Length that was said.',
  [ERRORS.FILE_NO_LONGER_EXISTS.body]: 'The bytes of the upload are not here any more.',
  [ERRORS.ABORTED.body]: 'Another request has gone on with this upload.',
};

async function problemOf(answer: Response): Promise<Error> {
  const body = await answer.text();
  const code = CODES[answer.status];
  if (code === undefined) return new Error(`the tus server answered ${answer.status}: ${body}`);
  return new ProblemError(code, WORDS[body] ?? body.trim());
}
