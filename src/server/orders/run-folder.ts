/** The folder of a run that came in through the service: what was sent, and what is delivered. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { ProblemDetail } from '../../api/problem.ts';
import type { HomeFiles } from '../../engine/engine-types.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { FormFile } from '../files/receive-form.ts';

/** `HOME/runs/ID`. */
export interface RunFolder {
  readonly path: string;
  /** What was sent; references of the sheet must lie in it. */
  readonly sheet: string;
  readonly out: string;
}

export function runFolder(home: string, runId: string): RunFolder {
  return folderAt(join(home, 'runs', runId));
}

export function folderAt(path: string): RunFolder {
  return { path, sheet: join(path, 'sheet'), out: join(path, 'out') };
}

/** Makes what was sent outlive this machine. Its pictures are stored with the run. */
export async function keepSheet(
  files: HomeFiles,
  { sheet, stylesFile }: PlacedSheet,
): Promise<void> {
  await files.keep(sheet);
  if (stylesFile !== undefined) await files.keep(stylesFile);
}

export async function removeFolder({ path }: RunFolder): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** What was sent, at its place. */
export interface PlacedSheet {
  readonly sheet: string;
  readonly stylesFile?: string;
  /** What the client calls the sheet. */
  readonly name: string;
  /** Line N is row N of a request's body: problems are told by the body's places. */
  readonly isBody: boolean;
}

/** Writes rows as a sheet: one a line, so that a line's number is the row's. */
export async function placeRows(folder: RunFolder, rows: readonly unknown[]): Promise<PlacedSheet> {
  await mkdir(folder.sheet, { recursive: true });
  const sheet = join(folder.sheet, 'rows.jsonl');
  await writeFile(sheet, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return { sheet, name: rows.length === 1 ? '1 prompt' : `${rows.length} prompts`, isBody: true };
}

/** Folders in the name of a picture. */
const MOST_FOLDERS = 8;
const PLAIN_NAME = /^(?!\.{1,2}$)[^/\\\p{Cc}]{1,200}$/u;

/** Puts the files of a form where the sheet finds them. Throws `ProblemError` with all that cannot be used. */
export async function placeForm(
  folder: RunFolder,
  form: { readonly files: readonly FormFile[] },
): Promise<PlacedSheet> {
  const sheets = form.files.filter(({ field }) => field === 'sheet');
  const styles = form.files.filter(({ field }) => field === 'styles');
  const pictures = form.files.filter(({ field }) => field === 'pictures');
  const sheetName = sheetNameOf(sheets[0]);
  const names = placesOf(pictures, sheetName);
  refuse([
    ...unknownFiles(form.files),
    ...(sheets.length === 1 ? [] : [onlyOne('sheet', 'Send one sheet.')]),
    ...(styles.length <= 1 ? [] : [onlyOne('styles', 'Send one file of styles.')]),
    ...names.problems,
  ]);
  const [file] = sheets;
  const sheet = join(folder.sheet, sheetName);
  await move(file!.path, sheet);
  for (const [place, picture] of names.places) {
    await move(picture.path, join(folder.sheet, ...place.split('/')));
  }
  const [style] = styles;
  const stylesFile = style && join(folder.path, `styles${endingOf(style)}`);
  if (style && stylesFile) await move(style.path, stylesFile);
  return {
    sheet,
    name: sheetName,
    isBody: false,
    ...(stylesFile !== undefined && { stylesFile }),
  };
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** The pictures by their checked places below the sheet's folder. */
function placesOf(pictures: readonly FormFile[], sheetName: string) {
  const taken = new Set([fold(sheetName)]);
  const places = new Map<string, FormFile>();
  const problems: ProblemDetail[] = [];
  for (const picture of pictures) {
    const parts = picture.name.split(/[/\\]/).filter((part) => part !== '.');
    const place = parts.join('/');
    if (parts.length > MOST_FOLDERS || !parts.every(isPlain)) problems.push(badName(picture));
    else if (taken.has(fold(place))) problems.push(twice(picture));
    else places.set(place, picture);
    taken.add(fold(place));
  }
  return { places, problems };
}

/** As file systems that take no notice of case compare names. */
function fold(name: string): string {
  return name.normalize('NFKD').toLowerCase();
}

/** The client's name of it where that is a plain one: it is shown, and tells text from CSV. */
function sheetNameOf(file: FormFile | undefined): string {
  const name = lastPart(file?.name ?? '');
  return isPlain(name) ? name : `sheet${file === undefined ? '' : endingOf(file)}`;
}

function isPlain(part: string): boolean {
  return PLAIN_NAME.test(part) && !part.startsWith('.');
}

/** Of what the client calls a file, only a plain ending. */
function endingOf({ name }: FormFile): string {
  const ending = extname(lastPart(name)).toLowerCase();
  return /^\.[a-z0-9]{1,8}$/.test(ending) ? ending : '';
}

function lastPart(name: string): string {
  return (name.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{Cc}/gu, '').slice(0, 200);
}

function unknownFiles(files: readonly FormFile[]): ProblemDetail[] {
  return files
    .filter(({ field }) => !['sheet', 'styles', 'pictures'].includes(field))
    .map(({ field }) => ({
      field: `body.${field}`,
      message: 'There is no such file in this form',
      remedy: 'Send sheet, pictures and styles.',
    }));
}

function onlyOne(field: string, remedy: string): ProblemDetail {
  return { field: `body.${field}`, message: 'There has to be exactly one', remedy };
}

function badName({ name }: FormFile): ProblemDetail {
  return {
    field: 'body.pictures',
    value: name,
    message: 'A picture cannot have this name',
    remedy: `Use a plain name with at most ${MOST_FOLDERS - 1} folders before it, none of them beginning with a dot.`,
  };
}

function twice({ name }: FormFile): ProblemDetail {
  return {
    field: 'body.pictures',
    value: name,
    message: 'Two files have this name',
    remedy: 'Send each once.',
  };
}

function refuse(problems: readonly ProblemDetail[]): void {
  if (problems.length === 0) return;
  throw new ProblemError('invalid', 'The form cannot be used.', { problems });
}
