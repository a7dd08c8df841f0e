import { createHash } from 'node:crypto';
import { referenceLabel } from '../core/reference.ts';
import { formatSize } from '../core/size.ts';
import type { ItemRecord, RunFacts } from '../core/item-record.ts';
import {
  fitParts,
  LONGEST_NAME,
  type NamePart,
  ROOM_FOR_SUFFIX,
  safePath,
} from './compose-name.ts';
import { normalField, parseNameTemplate } from './name-template.ts';
import type { TemplatePiece } from './name-template.ts';
import { isOwnFolder } from './own-names.ts';
import { byteLength, cutText, slug } from './safe-text.ts';

/** A prompt is cut to this many characters: enough to recognise it in a list of files. */
const PROMPT_CHARACTERS = 60;
/** Rows are padded to at least this many digits, so that files sort as the sheet does. */
const LEAST_ROW_DIGITS = 4;

export interface NameFacts {
  readonly record: ItemRecord;
  readonly run: RunFacts;
  /** Without the dot. */
  readonly extension: string;
  /** Rows of the sheet, for the padding of `{row}`. */
  readonly rows?: number;
}

/**
 * The name of an item's file under a template, relative to the out folder, with `/` between folders.
 * The extension is always last. Data can bring no separator, dot, reserved name or control character
 * into it; only the template's own `/` makes folders, and none of them is one of ours. At most 170 bytes
 * of UTF-8. A canary has a name of its own, whatever the template.
 */
export function fileName(template: string, facts: NameFacts): string {
  const { canary, model } = facts.record;
  if (canary !== undefined) return canaryName(model, canary, facts.extension);
  const stem = template.replace(/\.(?:\{\s*ext\s*\}|png|jpe?g|webp)$/i, '');
  const extension = `.${facts.extension}`;
  const room = LONGEST_NAME - ROOM_FOR_SUFFIX - byteLength(extension);
  const parts = parseNameTemplate(stem).map((piece) => render(piece, facts));
  const path = safePath(fitParts(parts, room)) || shortId(facts.record.itemId);
  return `${cutText(besideOwn(path, facts.run.runId), room).replace(/[-. /]+$/, '')}${extension}`;
}

/** Not into a folder of ours: `_originals/0001` instead of `originals/0001`. */
function besideOwn(path: string, runId: string): string {
  const [folder = '', ...rest] = path.split('/');
  return rest.length > 0 && isOwnFolder(folder, runId) ? `_${path}` : path;
}

/** Canaries have a folder of their own, and sort by model and then by their order. */
function canaryName(model: string, number: number, extension: string): string {
  return `canary/${slug(model)}-${String(number).padStart(LEAST_ROW_DIGITS, '0')}.${extension}`;
}

/** Six letters and digits that stand for an item. */
export function shortId(itemId: string): string {
  return createHash('sha256').update(itemId).digest('hex').slice(0, 6);
}

function render(piece: TemplatePiece, facts: NameFacts): NamePart {
  if (piece.kind === 'words') return { text: piece.words, isFixed: true };
  for (const field of piece.fields) {
    const part = itemPart(field, facts);
    if (part.text !== '') return part;
  }
  return { text: '', isFixed: true };
}

/** What a field of a template stands for, for an item. */
export function itemPart(field: string, { record, run, extension, rows = 0 }: NameFacts): NamePart {
  const fixed = (text: string): NamePart => ({ text, isFixed: true });
  const flexible = (text: string): NamePart => ({ text: slug(text), isFixed: false });
  switch (field) {
    case 'row':
      return fixed(
        String(record.row.number).padStart(Math.max(LEAST_ROW_DIGITS, String(rows).length), '0'),
      );
    case 'index':
      return fixed(String(record.index));
    case 'size':
      return fixed(formatSize(record.size));
    case 'seed':
      return fixed(record.seed === undefined ? '' : slug(String(record.seed)));
    case 'id':
      return fixed(shortId(record.itemId));
    case 'ext':
      return fixed(slug(extension));
    case 'name':
      return flexible(record.row.name ?? '');
    case 'prompt':
      return flexible(cutWords(slug(record.row.prompt)));
    case 'model':
      return flexible(record.model);
    case 'image':
      return flexible(imageName(record.references?.[0]) ?? cellOf(record, field));
    case 'run':
      return flexible(run.runId);
    default:
      return flexible(cellOf(record, field));
  }
}

/** The name of the first reference without its ending: `photo-7`. */
function imageName(reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined;
  const label = referenceLabel(reference).split('/').at(-1) ?? '';
  return label.replace(/^@/, '').replace(/\.[a-z0-9]{2,4}$/i, '');
}

function cellOf({ row }: ItemRecord, field: string): string {
  const heading = Object.keys(row.cells).find((candidate) => normalField(candidate) === field);
  return heading === undefined ? '' : (row.cells[heading] ?? '');
}

/** Cuts a slug after a whole word where one ends in its second half. */
function cutWords(text: string): string {
  const cut = cutText(text, LONGEST_NAME, PROMPT_CHARACTERS);
  const lastWord = cut.lastIndexOf('-');
  return cut.length < text.length && lastWord > cut.length / 2 ? cut.slice(0, lastWord) : cut;
}
