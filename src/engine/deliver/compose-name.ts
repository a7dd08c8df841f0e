/** What all file names are made with: parts that fit into a length, and nothing that a system forbids. */
import { byteLength, cutText } from './safe-text.ts';

/** Bytes of UTF-8 of a whole name, below what any file system or archive allows (255). */
export const LONGEST_NAME = 180;
/** Kept free for a short id and a number that make a name unique. */
export const ROOM_FOR_SUFFIX = 10;

export interface NamePart {
  readonly text: string;
  /** What tells files apart is never cut: row, index, id and the template's own words. */
  readonly isFixed: boolean;
}

/** Shortens the longest flexible part until all fit. */
export function fitParts(parts: readonly NamePart[], room: number): string {
  const texts = parts.map(({ text }) => text);
  for (;;) {
    const excess = byteLength(texts.join('')) - room;
    const longest = parts
      .map(({ isFixed }, at) => ({ at, bytes: isFixed ? 0 : byteLength(texts[at] ?? '') }))
      .reduce((most, part) => (part.bytes > most.bytes ? part : most), { at: -1, bytes: 0 });
    if (excess <= 0 || longest.bytes === 0) return texts.join('');
    const keep = Math.max(longest.bytes - excess, Math.floor(longest.bytes / 2));
    texts[longest.at] = cutText(texts[longest.at] ?? '', keep).replace(/-+$/, '');
  }
}

/** Windows device names, with or without an extension: also COM and LPT with a superscript digit. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=$|\.)/i;

/** Each part between two `/` made safe on every system; empty ones are left out. */
export function safePath(text: string): string {
  return text.split('/').map(safeFolder).filter(Boolean).join('/');
}

/** One name of a file or folder, made safe on every system. */
export function safeFolder(text: string): string {
  const safe = text
    .replace(/[<>:"\\|?*\p{C}]/gu, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-. ]+|[-. ]+$/g, '');
  return RESERVED.test(safe) ? `_${safe}` : safe;
}
