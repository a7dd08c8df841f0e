/** Pictures that a client uploads, put into a folder under names that are safe and like their own. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type FormBounds, type FormFile, type ReceivedForm, receiveForm } from './receive-form.ts';

/** Endings of pictures by the type that a client says. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/gif': '.gif',
  'image/tiff': '.tiff',
  'image/bmp': '.bmp',
  'image/heic': '.heic',
};
const KNOWN = /^\.(?:png|jpe?g|jfif|hei[cf]|webp|avif|gif|tiff?|bmp)$/i;
const LONGEST_NAME = 80;

/** The fields of the form; its files are in `folder/in`. `folder` is removed when the form cannot be read. */
export function receivePictures(
  request: Request,
  folder: string,
  bounds: FormBounds,
): Promise<ReceivedForm> {
  return placedPictures(folder, (arriving) => receiveForm(request, arriving, bounds));
}

/** The same for pictures that come otherwise: `receive` puts them into a folder of this call's own. */
export async function placedPictures<Received extends { readonly files: readonly FormFile[] }>(
  folder: string,
  receive: (arriving: string) => Promise<Received>,
): Promise<Received> {
  const arriving = join(folder, 'arriving');
  const pictures = join(folder, 'in');
  try {
    const received = await receive(arriving);
    await mkdir(pictures, { recursive: true });
    const taken = new Set<string>();
    for (const file of received.files) {
      await rename(file.path, join(pictures, freeName(file, taken)));
    }
    return received;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
}

/** `holiday/Büro 1.PNG` → `Büro 1.PNG`; a second one of the name gets a number. */
function freeName(file: FormFile, taken: Set<string>): string {
  const [stem, ending] = nameOf(file);
  for (let number = 1; ; number += 1) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}${ending}`;
    const key = name.normalize('NFC').toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return name;
  }
}

function nameOf({ name, mediaType }: FormFile): readonly [string, string] {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const found = extname(last);
  const isKnown = KNOWN.test(found);
  const stem = (isKnown ? last.slice(0, -found.length) : last)
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .replace(/^[\s.]+/, '')
    .slice(0, LONGEST_NAME)
    .trim();
  return [stem === '' ? 'picture' : stem, isKnown ? found : (ENDINGS[mediaType] ?? '.png')];
}
