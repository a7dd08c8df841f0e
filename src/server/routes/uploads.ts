/** Uploads that resume: each request is checked as everywhere, and then is the tus server's. */
import { uploadJson } from '../../api/json/upload-json.ts';
import {
  continueUploadRoute,
  createUploadRoute,
  getUploadRoute,
  OFFSET_OCTETS,
  removeUploadRoute,
} from '../../api/routes/uploads.ts';
import type { ClientUpload } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { checkPiece } from '../uploads/checked-piece.ts';
import { livelyBody } from '../uploads/lively-body.ts';
import { type OwnUpload, ownUpload } from '../uploads/own-upload.ts';
import { readCreation } from '../uploads/read-creation.ts';
import { TUS_VERSION, TusServer } from '../uploads/tus-server.ts';

export function uploadRoutes(app: App, deps: ServerDeps): void {
  const { uploads } = deps.engine.service;
  const tus = new TusServer(uploads);

  handleRoute(app, createUploadRoute, async (c) => {
    checkVersion(c);
    const upload = await created(c, deps, tus);
    const received = (await uploads.received(upload)) ?? 0;
    const told = uploadJson(upload, received);
    return c.json(told, 201, { ...headersOf(upload), location: told.url });
  });

  handleRoute(app, getUploadRoute, async (c) => {
    const { upload, received } = await ownUpload(c, deps, c.req.valid('param').upload);
    // Only HEAD speaks the protocol; it also ends what a broken connection still holds.
    if (c.req.method !== 'HEAD') {
      return c.json(uploadJson(upload, received), 200);
    }
    checkVersion(c);
    const headers = await tus.handle({ method: 'HEAD', id: upload.id });
    return new Response(null, {
      headers: {
        ...headersOf(upload),
        ...plainHeaders(headers),
        'cache-control': 'no-store',
      },
    }) as never;
  });

  handleRoute(app, continueUploadRoute, async (c) => {
    const own = await ownUpload(c, deps, c.req.valid('param').upload);
    checkVersion(c);
    const headers = await continued(c, deps, tus, own);
    const { id, workspace } = own.upload;
    const upload = (await uploads.find(id, workspace)) ?? own.upload;
    return c.body(null, 204, { ...headersOf(upload), ...plainHeaders(headers) });
  });

  handleRoute(app, removeUploadRoute, async (c) => {
    const { upload } = await ownUpload(c, deps, c.req.valid('param').upload);
    checkVersion(c);
    await tus.handle({ method: 'DELETE', id: upload.id });
    return c.body(null, 204, { 'tus-resumable': TUS_VERSION });
  });
}

/** Throws a problem for a request that speaks no version of the protocol, or another one. */
function checkVersion(c: AppContext): void {
  if (c.req.header('tus-resumable') === TUS_VERSION) return;
  throw new ProblemError('precondition-failed', `Send Tus-Resumable: ${TUS_VERSION}.`, {
    headers: { 'tus-version': TUS_VERSION },
  });
}

async function created(c: AppContext, deps: ServerDeps, tus: TusServer): Promise<ClientUpload> {
  const { uploads } = deps.engine.service;
  const { workspace, key } = c.var.caller;
  const id = `up_${c.var.resource}`;
  const known = c.var.isRepeat ? await uploads.find(id, workspace) : undefined;
  if (known !== undefined) return known;
  const creation = readCreation(c, deps.settings);
  const outcome = await uploads.create({ id, workspace, keyId: key.id, ...creation });
  if (outcome !== 'created') throw noRoom(outcome, uploads.room);
  try {
    await tus.handle({ method: 'POST', id, headers: { 'upload-length': String(creation.bytes) } });
  } catch (error) {
    await uploads.remove({ id }).catch(() => undefined);
    throw error;
  }
  return (await uploads.find(id, workspace))!;
}

async function continued(
  c: AppContext,
  { engine }: ServerDeps,
  tus: TusServer,
  { upload, received }: OwnUpload,
): Promise<Headers> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== OFFSET_OCTETS) {
    throw new ProblemError('unsupported-media-type', `Send ${OFFSET_OCTETS}.`);
  }
  const offset = c.req.header('upload-offset') ?? '';
  if (!/^(?:0|[1-9]\d{0,14})$/.test(offset)) throw noOffset(offset);
  const raw = livelyBody(c.req.raw.body ?? new Blob([]).stream());
  const length = c.req.header('content-length');
  const headers = { 'upload-offset': offset, ...(length && { 'content-length': length }) };
  const order = { method: 'PATCH', id: upload.id, headers } as const;
  const checksum = c.req.header('upload-checksum');
  if (checksum === undefined) return tus.handle({ ...order, body: raw });
  const most = upload.bytes - received;
  await using piece = await checkPiece(raw, checksum, { home: engine.home, most });
  return await tus.handle({ ...order, body: piece.body });
}

function headersOf({ expiresAt }: ClientUpload): Record<string, string> {
  return { 'tus-resumable': TUS_VERSION, 'upload-expires': new Date(expiresAt).toUTCString() };
}

/** Whom an answer is for is decided by the API, not by the protocol. */
function plainHeaders(headers: Headers): Record<string, string> {
  const told = [...headers].filter(([name]) => name.startsWith('upload-'));
  return Object.fromEntries(told);
}

function noRoom(
  outcome: 'too-many' | 'too-large',
  { mostOpen, mostBytes }: { readonly mostOpen: number; readonly mostBytes: number },
): ProblemError {
  const what = outcome === 'too-many' ? `${mostOpen} uploads` : `uploads of ${mostBytes} bytes`;
  return new ProblemError(
    'conflict',
    `The workspace may have ${what} open at once. Use some of them, or give them up.`,
  );
}

function noOffset(value: string): ProblemError {
  return new ProblemError('invalid', 'It is not said where the piece begins.', {
    problems: [
      {
        field: 'header.Upload-Offset',
        value,
        message: 'It has to be a number of bytes.',
        remedy: 'Send the place where the upload ends until now: HEAD tells it.',
      },
    ],
  });
}
