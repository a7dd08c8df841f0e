/** An edit as a form: its pictures go to files, its fields become the body that JSON would have. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  editImageSchema,
  type ImageBody,
  MOST_REFERENCES,
} from '../../api/schemas/openai-image.ts';
import type { AppContext, ServerDeps } from '../app-env.ts';
import { receiveForm } from '../files/receive-form.ts';
import { incomingFolder } from './left-uploads.ts';
import { invalid } from './openai-error.ts';
import { MOST_REFERENCE_BYTES } from './references.ts';

export interface ImageForm extends AsyncDisposable {
  readonly body: ImageBody;
  /** Where its pictures lie until this is disposed of, or the folder is given another name. */
  readonly folder: string;
  /** Their names in it. */
  readonly pictures: readonly string[];
  /** SHA-256 of each of them, hex. */
  readonly hashes: readonly string[];
}

const NUMBERS = new Set(['n', 'output_compression', 'partial_images', 'seed']);
/** Some clients write brackets behind the names of what may be there more than once. */
const PICTURES = new Set(['image', 'image[]', 'images', 'images[]']);

export async function readImageForm(
  c: AppContext,
  { engine, settings }: ServerDeps,
): Promise<ImageForm> {
  const folder = join(incomingFolder(engine.home), `form-${randomUUID()}`);
  const form = await receiveForm(c.req.raw, folder, {
    mostBytes: settings.mostUploadBytes,
    mostFiles: MOST_REFERENCES + 1,
    mostFileBytes: MOST_REFERENCE_BYTES,
  });
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const other = form.files.find(({ field }) => !PICTURES.has(field));
    if (other !== undefined && other.field !== 'mask') {
      throw invalid(other.field, 'unknown_parameter', `Unknown parameter: '${other.field}'.`);
    }
    const body = editImageSchema.parse({
      ...bodyOf(form.fields),
      ...(other !== undefined && { mask: 'a file' }),
    });
    const files = form.files.filter(({ field }) => PICTURES.has(field));
    return {
      body,
      folder,
      pictures: files.map(({ path }) => basename(path)),
      hashes: files.map(({ sha256 }) => sha256),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function bodyOf(fields: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  return Object.fromEntries(
    [...fields].map(([name, texts]) => {
      const plain = name.replace(/\[\]$/, '');
      return [
        plain,
        plain === 'image' && texts.length > 1 ? texts : valueOf(plain, texts[0] ?? ''),
      ];
    }),
  );
}

function valueOf(name: string, text: string): unknown {
  if (NUMBERS.has(name) && /^-?\d+$/.test(text)) return Number(text);
  if (name === 'stream') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
