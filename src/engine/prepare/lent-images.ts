/**
 * The references that a run lends to rows without any of their own (`--image`): files, addresses and
 * names go to each of them; the pictures of a folder make one row each, as if the sheet had a line for
 * every picture.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Problem } from '../core/errors.ts';
import { HEAD_BYTES, mediaTypeOf } from '../core/media-type.ts';
import type { Row } from '../core/row.ts';
import { CONTACT_SHEET_FILE } from '../deliver/contact-sheet.ts';
import { MANIFEST_FILE } from '../deliver/manifest.ts';
import type { Sheet, SheetRow } from '../input/sheet.ts';

export interface LentImages {
  /** Given to each row without references. */
  readonly each: readonly string[];
  /** Each makes a row of its own, in the natural order of their names. */
  readonly pictures: readonly string[];
}

/** Heads that are read at a time. */
const HEADS_AT_ONCE = 32;

/**
 * Tells files from folders, and finds the pictures in these: those directly inside, whatever their
 * names end in. Throws `InputError` with all that is not there.
 */
export async function readLentImages(images: readonly string[]): Promise<LentImages> {
  const each: string[] = [];
  const pictures: string[] = [];
  const problems: Problem[] = [];
  for (const image of images) {
    const isPath = !image.startsWith('@') && !/^https?:/i.test(image);
    const facts = isPath ? await stat(image).catch(() => undefined) : undefined;
    if (isPath && facts === undefined) {
      problems.push({
        value: image,
        message: 'There is no file or folder of this name (--image)',
        remedy: 'Correct the path; it counts from the folder where the command is given.',
      });
    } else if (facts?.isDirectory()) {
      const found = await picturesIn(image);
      pictures.push(...found);
      if (found.length === 0) problems.push(emptyFolder(image));
    } else each.push(image);
  }
  if (problems.length > 0) throw new InputError(problems);
  return { each, pictures };
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder);
  // In an out folder of ours the contact sheet is no picture of the run.
  const [stem = '', ending = ''] = CONTACT_SHEET_FILE.split('.');
  const isContactSheet = (name: string) =>
    entries.includes(MANIFEST_FILE) && name.startsWith(stem) && name.endsWith(ending);
  const names = entries
    .filter((name) => !name.startsWith('.') && !isContactSheet(name))
    .toSorted(naturally);
  const pictures: string[] = [];
  for (let from = 0; from < names.length; from += HEADS_AT_ONCE) {
    const paths = names.slice(from, from + HEADS_AT_ONCE).map((name) => join(folder, name));
    const isPicture = await Promise.all(paths.map(isMeantAsAPicture));
    pictures.push(...paths.filter((_, place) => isPicture[place]));
  }
  return pictures;
}

/** A broken file that is named like a picture is left in, so that the plan can tell of it. */
const NAMED_LIKE_A_PICTURE = /\.(png|jpe?g|webp|gif|avif|hei[cf]|tiff?|bmp)$/i;

async function isMeantAsAPicture(path: string): Promise<boolean> {
  try {
    if (NAMED_LIKE_A_PICTURE.test(path)) return (await stat(path)).isFile();
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return mediaTypeOf(buffer.subarray(0, bytesRead)) !== undefined;
  } catch {
    return false;
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** `photo2` before `photo10`. */
function naturally(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : 1);
}

/** The sheet with what is lent to its rows. Rows are numbered anew where pictures make rows. */
export function lendImages(sheet: Sheet, images: LentImages): Sheet {
  const { each, pictures } = images;
  if (each.length === 0 && pictures.length === 0) return sheet;
  const heading = imageHeading(sheet);
  const isNew = pictures.length > 0 && !sheet.columns.includes(heading);
  return {
    ...sheet,
    columns: isNew ? [...sheet.columns, heading] : sheet.columns,
    rows: () => lentRows(sheet.rows(), images, heading),
  };
}

async function* lentRows(
  rows: AsyncIterable<SheetRow>,
  { each, pictures }: LentImages,
  heading: string,
): AsyncGenerator<SheetRow> {
  let number = 0;
  for await (const line of rows) {
    if (line.kind === 'bad') {
      number += 1;
      yield { ...line, number };
    } else if (line.row.references.length > 0) {
      number += 1;
      yield { kind: 'row', row: { ...line.row, number } };
    } else if (pictures.length === 0) {
      number += 1;
      yield { kind: 'row', row: { ...lent(line.row, each), number } };
    } else {
      for (const picture of pictures) {
        number += 1;
        const row = lent(line.row, [...each, picture]);
        // The results name the picture, and can be run again as a sheet.
        const cells = { ...row.cells, [heading]: row.references.join(' | ') };
        yield { kind: 'row', row: { ...row, number, cells } };
      }
    }
  }
}

function lent(row: Row, references: readonly string[]): Row {
  return { ...row, references, lentReferences: true };
}

/** The sheet's own column of references, or a new one under a name that is free. */
function imageHeading({ columns, mapping }: Sheet): string {
  const own = columns.find((column) => mapping[column] === 'image');
  const names = ['image', 'reference', 'reference_image'];
  return own ?? names.find((name) => !columns.includes(name)) ?? 'image';
}

function emptyFolder(folder: string): Problem {
  return {
    value: folder,
    message: 'There is no picture in this folder (--image)',
    remedy: 'Name a folder with pictures directly inside it, or a picture.',
  };
}
