/** References of the caller's workspace: kept, looked at, forgotten. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { apiReferenceJson } from '../../api/json/reference-json.ts';
import { referenceFitsJson } from '../../api/json/reference-fit-json.ts';
import {
  addReferenceRoute,
  changeReferenceRoute,
  getReferenceFitRoute,
  getReferencePictureRoute,
  getReferenceRoute,
  listReferencesRoute,
  referenceThumbnailRoute,
  removeReferenceRoute,
  restoreReferenceRoute,
} from '../../api/routes/references.ts';
import { newReferenceSchema, referenceNameSchema } from '../../api/schemas/reference.ts';
import type { ReferencePicture } from '../../engine/engine-types.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { notFound, ProblemError } from '../problems/problem-error.ts';
import { isForm, receiveForm } from '../files/receive-form.ts';
import { schemaProblems } from '../problems/schema-problems.ts';
import { letUploadsGo, placeUploads } from '../uploads/given-uploads.ts';
import { sendFile } from '../files/send-file.ts';
import { sendThumbnail } from '../files/send-thumbnail.ts';

/** Names that a workspace may keep. */
const MOST_REFERENCES = 1_000;
/** As much as is read from an address: above what any model takes. */
const MOST_BYTES = 50 * 2 ** 20;

export function referenceRoutes(app: App, deps: ServerDeps): void {
  const { engine } = deps;
  const shelf = (c: AppContext) => engine.inWorkspace(c.var.caller.workspace).references;
  const known = async (c: AppContext, name: string): Promise<ReferencePicture> => {
    const picture = await shelf(c).picture(name);
    if (picture === undefined) throw notFound('such reference');
    return picture;
  };

  handleRoute(app, listReferencesRoute, async (c) => {
    const { limit, after = '' } = c.req.valid('query');
    const all = await shelf(c).list();
    const rest = all.filter(({ name }) => name > after).toSorted(byName);
    const data = rest.slice(0, limit).map(apiReferenceJson);
    return c.json({ data, next: rest.length > limit ? (data.at(-1)?.name ?? null) : null }, 200);
  });

  handleRoute(app, addReferenceRoute, async (c) => {
    const { reference, replaced } = isForm(c.req.raw)
      ? await addUploaded(c, deps)
      : await addFromBody(c, deps);
    return c.json({ ...apiReferenceJson(reference), replaced }, 201);
  });

  handleRoute(app, getReferenceRoute, async (c) => {
    const { reference } = await known(c, c.req.valid('param').name);
    return c.json(apiReferenceJson(reference), 200);
  });

  handleRoute(app, getReferencePictureRoute, async (c) => {
    const picture = await known(c, c.req.valid('param').name);
    const { reference, path } = picture;
    return (await sendFile(c, {
      ...(path !== undefined && { path }),
      read: () => picture.read(),
      bytes: reference.bytes,
      tag: reference.hash,
      changedAt: reference.addedAt,
      mediaType: reference.mediaType,
      name: `${reference.name}.${reference.mediaType.split('/').at(-1) ?? 'png'}`,
    })) as never;
  });

  handleRoute(app, referenceThumbnailRoute, async (c) => {
    const { reference } = await known(c, c.req.valid('param').name);
    const { width, hash } = c.req.valid('query');
    const isImmutable = hash === reference.hash;
    const order = { hash: reference.hash, width, isImmutable };
    return (await sendThumbnail(c, deps, order)) as never;
  });

  handleRoute(app, getReferenceFitRoute, async (c) => {
    const { reference } = await known(c, c.req.valid('param').name);
    const finding = await shelf(c).facts(reference.name);
    if (finding.kind === 'problem') {
      throw new ProblemError('gone', `${finding.message}. ${finding.remedy}`);
    }
    const { catalog } = engine;
    return c.json(
      referenceFitsJson(reference, finding.facts, catalog.all, engine.availableModels()),
      200,
    );
  });

  handleRoute(app, changeReferenceRoute, async (c) => {
    const { name } = c.req.valid('param');
    const to = c.req.valid('json').name;
    const renamed = await shelf(c).rename(name, to);
    if (renamed === 'missing') throw notFound('such reference');
    if (renamed === 'taken') {
      throw new ProblemError(
        'conflict',
        `@${to.replace(/^@/, '')} has a picture already. Choose another name, or remove that one first.`,
      );
    }
    return c.json(apiReferenceJson(renamed), 200);
  });

  handleRoute(app, restoreReferenceRoute, async (c) => {
    const { name } = c.req.valid('param');
    if ((await shelf(c).picture(name)) !== undefined) {
      throw new ProblemError('conflict', 'The name has a picture: nothing is brought back.');
    }
    await refuseAboveMost(c, deps);
    const restored = await shelf(c).restore(name);
    if (restored === undefined) {
      throw notFound('reference of this name that was removed within the last day');
    }
    return c.json(apiReferenceJson(restored), 200);
  });

  handleRoute(app, removeReferenceRoute, async (c) => {
    const { reference } = await known(c, c.req.valid('param').name);
    await shelf(c).remove(reference.name);
    return c.body(null, 204);
  });
}

async function addUploaded(c: AppContext, { engine }: ServerDeps) {
  const folder = join(engine.home, 'arriving', c.var.resource);
  try {
    const { fields, files } = await receiveForm(c.req.raw, folder, {
      mostBytes: MOST_BYTES + 2 ** 16,
      mostFileBytes: MOST_BYTES,
      mostFiles: 1,
    });
    const [file] = files;
    if (file === undefined || file.field !== 'picture') {
      throw invalid('body.picture', 'The form has no file of this name', 'Send the picture in it.');
    }
    const name = checkedName(fields.get('name')?.at(-1));
    return await add(c, { engine }, name, file.path, shownName(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function addFromBody(c: AppContext, deps: ServerDeps) {
  const data = (await c.req.json()) as unknown;
  const read = newReferenceSchema.safeParse(data);
  if (!read.success) {
    const problems = schemaProblems('json', read.error, data);
    throw new ProblemError('invalid', 'Something in the request is wrong.', { problems });
  }
  const { name, source = '', upload } = read.data;
  if (upload !== undefined) return addFromUpload(c, deps, name, upload);
  if (!/^https?:\/\//i.test(source)) {
    throw invalid(
      'body.source',
      'This service opens no file of its machine',
      'Upload the picture in a form with name and picture, or send an http or https address.',
    );
  }
  return add(c, deps, name, source);
}

async function addFromUpload(c: AppContext, deps: ServerDeps, name: string, id: string) {
  const { uploads } = deps.engine.service;
  const mark = `reference ${c.var.resource}`;
  const known = await uploads.find(id, c.var.caller.workspace);
  // It was done, and its answer was lost with the server.
  const made = known?.usedBy === mark ? await kept(c, deps, name) : undefined;
  if (made !== undefined) return { reference: made, replaced: false };
  if (known !== undefined && known.bytes > MOST_BYTES) {
    throw invalid('body.upload', `It has more than ${MOST_BYTES} bytes`, 'Send a smaller one.', id);
  }
  const folder = join(deps.engine.home, 'arriving', c.var.resource);
  try {
    const given = await placeUploads(c, deps, folder, { uploads: [id] });
    const [file] = given.files;
    const added = await add(c, deps, name, file!.path, shownName(file!));
    await letUploadsGo(c, deps, given.uploads, mark);
    return added;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function kept(c: AppContext, { engine }: ServerDeps, name: string) {
  const { references } = engine.inWorkspace(c.var.caller.workspace);
  return (await references.picture(name.replace(/^@/, '')))?.reference;
}

/** What a file is called where it is shown. */
function shownName({ name }: { readonly name: string }): string {
  return name.split(/[/\\]/).at(-1)?.slice(0, 200) || 'upload';
}

async function add(
  c: AppContext,
  { engine }: Pick<ServerDeps, 'engine'>,
  name: string,
  source: string,
  shown?: string,
) {
  const { references } = engine.inWorkspace(c.var.caller.workspace);
  const plain = name.replace(/^@/, '');
  if ((await references.picture(plain)) === undefined) await refuseAboveMost(c, { engine });
  return references.add(plain, source, shown);
}

async function refuseAboveMost(
  c: AppContext,
  { engine }: Pick<ServerDeps, 'engine'>,
): Promise<void> {
  const kept = await engine.inWorkspace(c.var.caller.workspace).references.list();
  if (kept.length < MOST_REFERENCES) return;
  throw new ProblemError(
    'conflict',
    `The workspace keeps ${MOST_REFERENCES} references already. Remove some, or give one of them another picture.`,
  );
}

function checkedName(name: string | undefined): string {
  const read = referenceNameSchema.safeParse(name);
  if (read.success) return read.data;
  throw invalid(
    'body.name',
    'This is no name for a reference',
    'Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit.',
    name,
  );
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function invalid(field: string, message: string, remedy: string, value?: string): ProblemError {
  return new ProblemError('invalid', 'Something in the request is wrong.', {
    problems: [{ field, ...(value !== undefined && { value }), message, remedy }],
  });
}
