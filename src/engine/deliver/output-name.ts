/** Names of files that are made of files: `{folder}/{stem}{-output}.{ext}`. */
import type { Problem } from '../core/errors.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import {
  fitParts,
  LONGEST_NAME,
  type NamePart,
  ROOM_FOR_SUFFIX,
  safeFolder,
} from './compose-name.ts';
import { itemPart, shortId } from './file-name.ts';
import {
  checkNameTemplate,
  NAME_FIELDS,
  normalField,
  parseNameTemplate,
  type TemplateKind,
  type TemplatePiece,
} from './name-template.ts';
import { byteLength, cutText, slug } from './safe-text.ts';

/** What a template may name of any source. `{-output}` is the same with a `-` before it, or nothing. */
export const OUTPUT_FIELDS = [
  'stem',
  'folder',
  'output',
  'width',
  'height',
  'size',
  'number',
  'ext',
] as const;

export const DEFAULT_OUTPUT_NAME = '{folder}/{stem}{-output}.{ext}';
/** Numbers are padded to at least this many digits, so that files sort as they were made. */
const LEAST_DIGITS = 4;

export interface OutputFacts {
  /** Path of the source below its folder, with `/` between folders and its own ending. */
  readonly source: string;
  /** Place in the order of the work, from 1. */
  readonly number: number;
  /** Pixels of the new file. */
  readonly width: number;
  readonly height: number;
  /** Of the new file, without the dot. */
  readonly extension: string;
  /** The recipe's name of the file. */
  readonly output?: string;
  /** Of a run: its own fields may be named as well. */
  readonly image?: { readonly record: ItemRecord; readonly run: RunFacts; readonly rows: number };
}

/**
 * The name of a new file under a template, relative to the out folder, with `/` between folders. The
 * source's folders are kept as they are called, as far as every system takes such names; nothing leads
 * out of the folder. Each part has at most 180 bytes of UTF-8; the extension is always last.
 */
export function outputName(template: string, facts: OutputFacts): string {
  const path = withoutEnding(template).split(/[/\\]/);
  const last = path.pop() ?? '';
  const folders = path.flatMap((segment) => folderNames(segment, facts));
  const extension = `.${facts.extension}`;
  const room = LONGEST_NAME - ROOM_FOR_SUFFIX - byteLength(extension);
  const stem = cutText(segmentName(last, facts, room), room).replace(/[-. ]+$/, '');
  return [...folders, `${stem || shortId(facts.source)}${extension}`].join('/');
}

/**
 * Everything that is wrong with a template. `headings`: of the run whose images are worked on, if it is a
 * run; `outputs`: how many files are made of each source.
 */
export function checkOutputTemplate(
  template: string,
  {
    headings,
    outputs,
  }: { readonly headings?: readonly string[] | undefined; readonly outputs: number },
): Problem[] {
  const kind: TemplateKind = {
    fields: [...OUTPUT_FIELDS, ...(headings === undefined ? [] : NAME_FIELDS)],
    example: DEFAULT_OUTPUT_NAME,
  };
  const plain = template.replaceAll(/([{|])\s*-/g, '$1');
  const problems = checkNameTemplate(plain, headings ?? [], kind).map((problem) => ({
    ...problem,
    value: template,
  }));
  const fields = parseNameTemplate(plain).flatMap((piece) =>
    piece.kind === 'fields' ? piece.fields : [],
  );
  if (outputs > 1 && !['output', 'size', 'width', 'height'].some((name) => fields.includes(name))) {
    problems.push({
      value: template,
      message: `The name template tells the ${outputs} files of a picture not apart`,
      remedy: 'Put {-output} into it, like {stem}{-output}.{ext}.',
    });
  }
  return problems;
}

function withoutEnding(template: string): string {
  return template.replace(/\.(?:\{\s*ext\s*\}|png|jpe?g|webp|avif)$/i, '');
}

/** `{folder}` alone makes as many folders as the source has; anything else makes one. */
function folderNames(segment: string, facts: OutputFacts): string[] {
  const [piece, ...others] = parseNameTemplate(segment);
  const isFolder = piece?.kind === 'fields' && piece.fields.length === 1 && others.length === 0;
  if (isFolder && piece.fields[0] === 'folder') {
    return foldersOf(facts.source).map(wholeName).filter(Boolean);
  }
  const name = segmentName(segment, facts, LONGEST_NAME);
  return name === '' ? [] : [wholeName(name)];
}

function wholeName(name: string): string {
  return cutText(safeFolder(name.normalize('NFC')), LONGEST_NAME).replace(/[-. ]+$/, '');
}

function segmentName(segment: string, facts: OutputFacts, room: number): string {
  const parts = parseNameTemplate(segment).map((piece) => partOf(piece, facts));
  return safeFolder(fitParts(parts, room));
}

function partOf(piece: TemplatePiece, facts: OutputFacts): NamePart {
  if (piece.kind === 'words') return { text: piece.words, isFixed: true };
  for (const field of piece.fields) {
    const isJoined = field.startsWith('-');
    const { text, isFixed } = fieldPart(normalField(isJoined ? field.slice(1) : field), facts);
    if (text !== '') return { text: isJoined ? `-${text}` : text, isFixed };
  }
  return { text: '', isFixed: true };
}

function fieldPart(field: string, facts: OutputFacts): NamePart {
  const fixed = (text: string): NamePart => ({ text, isFixed: true });
  const { source, number, width, height, extension, output, image } = facts;
  switch (field) {
    case 'stem':
      return { text: stemOf(source), isFixed: false };
    case 'folder':
      return { text: foldersOf(source).map(slug).join('-'), isFixed: false };
    case 'output':
      return fixed(output ?? '');
    case 'width':
      return fixed(String(width));
    case 'height':
      return fixed(String(height));
    case 'size':
      return fixed(`${width}x${height}`);
    case 'number':
      return fixed(String(number).padStart(LEAST_DIGITS, '0'));
    case 'ext':
      return fixed(extension);
    default:
      return image === undefined ? fixed('') : itemPart(field, { ...image, extension });
  }
}

function foldersOf(source: string): string[] {
  return source.split('/').slice(0, -1);
}

/** As it is called, without its ending; what no system takes is made safe with the whole name. */
function stemOf(source: string): string {
  const name = source.split('/').at(-1) ?? '';
  return name.replace(/(?<=.)\.[a-z0-9]{1,5}$/i, '').normalize('NFC');
}
