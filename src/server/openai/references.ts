/** The reference pictures of a call: files of its run, or addresses that the engine reads behind its guard. */
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageBody, MOST_REFERENCES } from '../../api/schemas/openai-image.ts';
import type { Engine } from '../../engine/engine-types.ts';
import { invalid, notThere } from './openai-error.ts';

/** As OpenAI takes them. */
export const MOST_REFERENCE_BYTES = 50 * 2 ** 20;
const DATA = /^data:image\/[a-z0-9.+-]+;base64,/i;

export interface ReferenceSource {
  readonly param: string;
  readonly address?: string;
  readonly fileId?: string;
}

/** Throws `OpenaiError` where an edit has none, or an entry is none. */
export function referencesOf({ images, image }: ImageBody): ReferenceSource[] {
  const plain = typeof image === 'string' ? [image] : (image ?? []);
  const sources = [
    ...plain.map((address) => ({ param: 'image', address })),
    ...(images ?? []).map(({ image_url: address, file_id: fileId }, at) => ({
      param: `images[${at}]`,
      ...(address && { address }),
      ...(fileId && { fileId }),
    })),
  ];
  if (sources.length > MOST_REFERENCES) throw tooMany();
  for (const { param, ...kinds } of sources) {
    if (Object.keys(kinds).length === 1) continue;
    throw invalid(param, 'invalid_value', 'Give each image one image_url or one file_id.');
  }
  return sources;
}

export function tooMany() {
  return invalid('image', 'invalid_value', `Send at most ${MOST_REFERENCES} images.`);
}

export function noReference() {
  return invalid(
    'image',
    'missing_required_parameter',
    "Missing required parameter: 'image'. Send one at least, or use /images/generations.",
  );
}

/**
 * What a sheet in `folder` calls the reference. Bytes are written beside it, under names of our own that
 * begin with `name`.
 */
export async function keepReference(
  engine: Engine,
  source: ReferenceSource,
  place: { readonly workspace: string; readonly folder: string; readonly name: string },
): Promise<string> {
  const { param, address, fileId } = source;
  if (address !== undefined && /^https?:\/\//i.test(address)) return plainAddress(param, address);
  await mkdir(place.folder, { recursive: true });
  const file = `${place.name}.part`;
  if (fileId !== undefined) {
    const stored = await engine.service.files.find(place.workspace, fileId);
    if (stored === undefined) throw notThere(`file ${fileId.slice(0, 100)}`, param);
    if (stored.bytes > MOST_REFERENCE_BYTES) throw tooLarge(param);
    await lend(await engine.service.files.place(stored), join(place.folder, file));
    return file;
  }
  await writeFile(join(place.folder, file), bytesOf(param, address ?? ''));
  return file;
}

/** Another name for the same bytes: one upload in ten thousand lines takes the disk of one. */
async function lend(from: string, to: string): Promise<void> {
  // Where disks know no second names, or it is there already.
  await link(from, to).catch(() => copyFile(from, to));
}

function plainAddress(param: string, address: string): string {
  if (address.length > 4_000 || /\s/.test(address) || URL.parse(address) === null) {
    throw invalid(param, 'invalid_value', 'This is no web address, or it is too long.');
  }
  // A bar would end it in the sheet.
  return address.replaceAll('|', '%7C');
}

function bytesOf(param: string, address: string): Buffer {
  const head = DATA.exec(address)?.[0];
  if (head === undefined) {
    throw invalid(
      param,
      'invalid_value',
      'Send an http(s) address or a data: URL of a picture in base64.',
    );
  }
  const bytes = Buffer.from(address.slice(head.length), 'base64');
  if (bytes.length === 0 || bytes.length > MOST_REFERENCE_BYTES) throw tooLarge(param);
  return bytes;
}

function tooLarge(param: string) {
  return invalid(param, 'invalid_value', `A picture has 1 to ${MOST_REFERENCE_BYTES} bytes.`);
}
