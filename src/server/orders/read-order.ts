/** From a request to what the engine is asked for: a sheet at its place, and settings. */
import { join } from 'node:path';
import type { z } from '../../api/zod.ts';
import { isNoPath, readRunSettings } from '../../api/json/run-settings-json.ts';
import { type newRunSchema, runFormSchema } from '../../api/schemas/runs.ts';
import type { ClientUpload, PlanOrder } from '../../engine/engine-types.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { explainInput } from '../problems/explain-input.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { isForm, receiveForm } from '../files/receive-form.ts';
import {
  type PlacedSheet,
  placeForm,
  placeRows,
  removeFolder,
  type RunFolder,
} from './run-folder.ts';
import { type GivenUploads, placeUploads } from '../uploads/given-uploads.ts';
import { schemaProblems } from '../problems/schema-problems.ts';

/** Pictures of one form; more come as references of the library or by their addresses. */
const MOST_FILES = 2_000;

export interface SentOrder {
  readonly order: PlanOrder;
  readonly placed: PlacedSheet;
  readonly title: string;
  readonly approve: boolean;
  readonly planHash?: string;
  /** To be let go when a run was made of them. */
  readonly uploads?: readonly ClientUpload[];
}

/**
 * Reads a request into a folder of its own: a form as it streams in, or a body that was checked. When it
 * throws, the folder is gone again.
 */
export async function readOrder(
  c: AppContext,
  deps: ServerDeps,
  folder: RunFolder,
  body: SentBody,
): Promise<SentOrder> {
  try {
    if (isForm(c.req.raw)) return await readForm(c, deps, folder);
    if (body.upload !== undefined) return await readUploads(c, deps, folder, body);
    const rows = body.rows ?? body.prompts;
    if (rows === undefined) {
      throw new ProblemError(
        'unsupported-media-type',
        'Send rows, prompts or an upload as application/json, or a sheet as multipart/form-data.',
      );
    }
    return sentOrder(deps, folder, await placeRows(folder, rows), body);
  } catch (error) {
    await removeFolder(folder);
    throw explainInput(error, folder);
  }
}

/** Where files are until their places are known. */
function receivedBelow({ path }: RunFolder): string {
  return join(path, 'received');
}

/** A body of JSON as its schema has read it; empty when a form was sent. */
type SentBody = Partial<z.infer<typeof newRunSchema>>;

async function readForm(c: AppContext, deps: ServerDeps, folder: RunFolder): Promise<SentOrder> {
  const form = await receiveForm(c.req.raw, receivedBelow(folder), {
    mostBytes: deps.settings.mostUploadBytes,
    mostFiles: MOST_FILES,
  });
  const fields = Object.fromEntries([...form.fields].map(([name, values]) => [name, values[0]]));
  const read = check(runFormSchema, fields);
  const given = await placeUploads(c, deps, receivedBelow(folder), read);
  const body = { ...read, approve: read.approve === 'true' };
  return placedOrder(deps, folder, body, { ...given, files: [...given.files, ...form.files] });
}

async function readUploads(
  c: AppContext,
  deps: ServerDeps,
  folder: RunFolder,
  body: SentBody,
): Promise<SentOrder> {
  const given = await placeUploads(c, deps, receivedBelow(folder), body);
  return placedOrder(deps, folder, body, given);
}

async function placedOrder(
  deps: ServerDeps,
  folder: RunFolder,
  body: SentBody,
  { files, uploads }: GivenUploads,
): Promise<SentOrder> {
  const placed = await placeForm(folder, { files });
  return { ...sentOrder(deps, folder, placed, body), uploads };
}

function sentOrder(
  { settings: { runDefaults }, now }: ServerDeps,
  folder: RunFolder,
  placed: PlacedSheet,
  { settings = {}, approve = false, ...body }: SentBody,
): SentOrder {
  // Pictures on this machine's disk are no references for somebody else's sheet.
  const defaults = { ...runDefaults, images: runDefaults.images.filter(isNoPath) };
  const { stylesFile } = placed;
  return {
    placed,
    title: body.title ?? placed.name,
    approve,
    ...(body.plan_hash !== undefined && { planHash: body.plan_hash }),
    order: {
      sheet: placed.sheet,
      within: folder.sheet,
      settings: {
        ...readRunSettings(settings, defaults, now()),
        ...(stylesFile !== undefined && { stylesFile }),
        spendingAllowed: approve,
      },
    },
  };
}

function check<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new ProblemError('invalid', 'Something in the form is wrong.', {
    problems: schemaProblems('form', read.error, data),
  });
}
