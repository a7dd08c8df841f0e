/** Files of clients: uploaded as a stream, listed, read, deleted. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  deleteFileRoute,
  getFileContentRoute,
  getFileRoute,
  listFilesRoute,
  uploadFileRoute,
} from '../../api/routes/openai-files.ts';
import { expiresAfterSchema, FILE_PURPOSES } from '../../api/schemas/openai-file.ts';
import type { StoredFile } from '../../engine/index.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { type ReceivedForm, receiveForm } from '../files/receive-form.ts';
import { incomingFolder } from './left-uploads.ts';
import { openaiList } from './openai-list.ts';
import { invalid, notThere } from './openai-error.ts';

const FIELDS = new Set(['purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

export function fileRoutes(app: App, deps: ServerDeps): void {
  const { files } = deps.engine.service;

  const own = async (c: AppContext, id: string): Promise<StoredFile> => {
    const file = await files.find(c.var.caller.workspace, id);
    if (file === undefined) throw notThere(`file ${id}`, 'file');
    return file;
  };

  handleRoute(app, uploadFileRoute, async (c) => c.json(fileJson(await upload(c, deps)), 200));

  handleRoute(app, listFilesRoute, async (c) => {
    const { after, limit, order, purpose } = c.req.valid('query');
    const found = await files.list(c.var.caller.workspace, {
      most: limit + 1,
      isOldestFirst: order === 'asc',
      ...(after !== undefined && { after }),
      ...(purpose !== undefined && { purpose }),
    });
    return c.json(openaiList(found.map(fileJson), limit), 200);
  });

  handleRoute(app, getFileRoute, async (c) =>
    c.json(fileJson(await own(c, c.req.valid('param').file)), 200),
  );

  handleRoute(app, getFileContentRoute, async (c) => {
    const file = await own(c, c.req.valid('param').file);
    const body = Readable.toWeb(Readable.from(files.read(file))) as ReadableStream;
    return c.body(body, 200, {
      // Never what its client said it is: it must not be shown as a page of ours.
      'content-type': 'application/octet-stream',
      'content-length': String(file.bytes),
      'content-disposition': 'attachment',
    }) as never;
  });

  handleRoute(app, deleteFileRoute, async (c) => {
    const { id } = await own(c, c.req.valid('param').file);
    await files.remove(c.var.caller.workspace, id);
    return c.json({ id, object: 'file' as const, deleted: true as const }, 200);
  });
}

async function upload(c: AppContext, { engine, settings }: ServerDeps): Promise<StoredFile> {
  const { workspace, key } = c.var.caller;
  const { files } = engine.service;
  const id = `file-${c.var.resource}`;
  const known = c.var.isRepeat ? await files.find(workspace, id) : undefined;
  if (known !== undefined) return known;
  const folder = join(incomingFolder(engine.home), `file-${randomUUID()}`);
  try {
    const form = await receiveForm(c.req.raw, folder, {
      mostBytes: settings.mostUploadBytes,
      mostFiles: 1,
    });
    const { purpose, keepMs } = readFields(form);
    const [file] = form.files;
    if (file?.field !== 'file') {
      throw invalid('file', 'missing_required_parameter', "Missing required parameter: 'file'.");
    }
    const { name, mediaType } = file;
    const order = {
      workspace,
      keyId: key.id,
      purpose,
      name: plain(name, 255),
      mediaType: plain(mediaType, 100),
      ...(keepMs !== undefined && { keepMs }),
    };
    return await files.adopt(id, order, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a client calls it, without what no text can hold and no screen can show. */
function plain(text: string, most: number): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, most);
}

function readFields({ fields }: ReceivedForm): { purpose: string; keepMs?: number } {
  for (const name of fields.keys()) {
    if (!FIELDS.has(name))
      throw invalid(name, 'unknown_parameter', `Unknown parameter: '${name}'.`);
  }
  const purpose = FILE_PURPOSES.find((each) => each === fields.get('purpose')?.[0]);
  if (purpose === undefined) {
    const message = `Send purpose as one of ${FILE_PURPOSES.join(', ')}.`;
    throw invalid('purpose', 'invalid_value', message);
  }
  const anchor = fields.get('expires_after[anchor]')?.[0];
  const seconds = fields.get('expires_after[seconds]')?.[0];
  if (anchor === undefined && seconds === undefined) return { purpose };
  const expires = expiresAfterSchema.safeParse({ anchor, seconds: Number(seconds) });
  if (expires.success) return { purpose, keepMs: expires.data.seconds * 1_000 };
  const message =
    'Send expires_after[anchor]=created_at and 3600 to 2592000 expires_after[seconds].';
  throw invalid('expires_after', 'invalid_value', message);
}

function fileJson({ id, bytes, createdAt, expiresAt, name, purpose }: StoredFile) {
  return {
    id,
    object: 'file' as const,
    bytes,
    created_at: Math.floor(createdAt / 1000),
    ...(expiresAt !== undefined && { expires_at: Math.floor(expiresAt / 1000) }),
    filename: name,
    purpose,
    status: 'processed' as const,
  };
}
