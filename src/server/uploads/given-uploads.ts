/** Uploads that an order names, put where the files of a form would be; they are let go when the order is there. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemDetail } from '../../api/problem.ts';
import type { UploadPurpose } from '../../engine/core/upload.ts';
import type { ClientUpload } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import type { FormFile } from '../files/receive-form.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { ownUpload } from './own-upload.ts';

/** Uploads that are fetched or removed at a time. */
const AT_ONCE = 16;

/** Ids as an order names them. */
export interface NamedUploads {
  readonly upload?: string | undefined;
  readonly uploads?: readonly string[] | undefined;
}

export interface GivenUploads {
  readonly files: readonly FormFile[];
  readonly uploads: readonly ClientUpload[];
}

/**
 * Puts what an order names into the folder. Throws an `invalid` problem with all that cannot be used: what is not
 * there, another's, not whole, or not meant for this.
 */
export async function placeUploads(
  c: AppContext,
  deps: ServerDeps,
  folder: string,
  { upload, uploads = [] }: NamedUploads,
): Promise<GivenUploads> {
  const named = [
    ...(upload === undefined ? [] : [{ id: upload, field: 'upload', purpose: 'sheet' as const }]),
    ...uploads.map((id, at) => ({ id, field: `uploads[${at}]`, purpose: 'pictures' as const })),
  ];
  const problems: ProblemDetail[] = [];
  const found = await inParts(named, async ({ id, field, purpose }) => {
    const known = await usable(c, deps, id, purpose);
    if ('id' in known) return known;
    problems.push({ field: `body.${field}`, value: id, ...known });
    return undefined;
  });
  problems.push(...repeated(named));
  if (problems.length > 0) {
    throw new ProblemError('invalid', 'An upload cannot be used.', { problems });
  }
  const whole = found.filter((each) => each !== undefined);
  const paths = whole.map((_, at) => join(folder, `upload-${at + 1}.part`));
  if (whole.length > 0) await mkdir(folder, { recursive: true });
  await inParts([...whole.entries()], ([at, each]) =>
    deps.engine.service.uploads.placeAt(each, paths[at]!),
  );
  return {
    uploads: whole,
    files: whole.map(({ purpose, name, mediaType }, at) => ({
      field: purpose,
      name,
      mediaType,
      path: paths[at]!,
    })),
  };
}

/** Lets uploads go of which something was made; what fails here is tidied up when they expire. */
export async function letUploadsGo(
  c: AppContext,
  { engine }: ServerDeps,
  uploads: readonly ClientUpload[],
  usedBy: string,
): Promise<void> {
  if (uploads.length === 0) return;
  try {
    await engine.service.uploads.use(uploads, usedBy);
  } catch (error) {
    c.var.log.warn({ err: error, used_by: usedBy }, 'uploads that were used could not be removed');
  }
}

type Fault = Pick<ProblemDetail, 'message' | 'remedy'>;

async function usable(
  c: AppContext,
  deps: ServerDeps,
  id: string,
  purpose: UploadPurpose,
): Promise<ClientUpload | Fault> {
  const own = await ownUpload(c, deps, id).catch((error: unknown) => {
    if (error instanceof ProblemError) return error;
    throw error;
  });
  if (own instanceof ProblemError) return { message: own.message, remedy: 'Upload it again.' };
  const { upload, received } = own;
  if (received < upload.bytes) {
    return {
      message: `It is not whole: ${received} of ${upload.bytes} bytes are here.`,
      remedy: 'Send the rest of it first.',
    };
  }
  if (upload.purpose === purpose) return upload;
  return {
    message: `It was uploaded for ${upload.purpose}, and is none for ${purpose}.`,
    remedy: `Upload it with the purpose ${purpose}.`,
  };
}

function repeated(named: readonly { readonly id: string; readonly field: string }[]) {
  const seen = new Set<string>();
  return named.flatMap(({ id, field }): ProblemDetail[] => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [
      { field: `body.${field}`, value: id, message: 'It is named twice.', remedy: 'Name it once.' },
    ];
  });
}

async function inParts<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
