/**
 * Text as SVG. With fonts on the machine they are used; on a bare one (a container without any) a
 * small bitmap font of our own draws ASCII, so that a contact sheet is never without its captions.
 */
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { escapeXml } from '../core/xml-text.ts';
import { bitmapGlyph, GLYPH_ADVANCE, GLYPH_HEIGHT } from './bitmap-font.ts';
import { charactersOf } from './safe-text.ts';

export interface Ink {
  readonly x: number;
  /** Of the line on which the letters stand. */
  readonly baseline: number;
  /** Height of the type in pixels. */
  readonly size: number;
  readonly colour: string;
  readonly bold?: boolean;
}

export interface Lettering {
  /** An SVG fragment. */
  draw(text: string, ink: Ink): string;
  /** About how wide the text becomes, rather too much than too little. */
  widthOf(text: string, size: number): number;
}

/** The text, or as much of it as fits into `width`, with an ellipsis. */
export function fitText(text: string, width: number, size: number, lettering: Lettering): string {
  if (lettering.widthOf(text, size) <= width) return text;
  const characters = charactersOf(text);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const part = `${characters.slice(0, middle).join('').trimEnd()}…`;
    if (lettering.widthOf(part, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`;
}

/** Breaks text into at most `most` lines that fit into `width`. */
export function wrapText(
  text: string,
  width: number,
  size: number,
  most: number,
  lettering: Lettering,
): string[] {
  const lines: string[] = [];
  let rest = text.split(/\s+/).filter(Boolean);
  while (rest.length > 0 && lines.length < most) {
    let words = 1;
    while (
      words < rest.length &&
      lettering.widthOf(rest.slice(0, words + 1).join(' '), size) <= width
    ) {
      words += 1;
    }
    const isLast = lines.length === most - 1;
    lines.push(
      fitText(rest.slice(0, isLast ? undefined : words).join(' '), width, size, lettering),
    );
    rest = rest.slice(words);
  }
  return lines;
}

/** Letters drawn with the fonts of the machine. */
export const fontLettering: Lettering = {
  draw: (text, { x, baseline, size, colour, bold = false }) =>
    `<text x="${x}" y="${baseline}" font-family="Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif" ` +
    `font-size="${size}" ${bold ? 'font-weight="700" ' : ''}fill="${colour}">${escapeXml(text)}</text>`,
  widthOf: (text, size) =>
    charactersOf(text).reduce((sum, character) => sum + size * emsOf(character), 0),
};

/** Letters drawn as squares; what is not ASCII loses its accents or becomes `?`. */
export const bitmapLettering: Lettering = {
  draw: (text, { x, baseline, size, colour }) => {
    const dot = dotOf(size);
    const path = toAscii(text)
      .map((character, at) => {
        const left = x + at * GLYPH_ADVANCE * dot;
        return bitmapGlyph(character, left, baseline - GLYPH_HEIGHT * dot, dot);
      })
      .join('');
    return `<path fill="${colour}" shape-rendering="crispEdges" d="${path}"/>`;
  },
  widthOf: (text, size) => toAscii(text).length * GLYPH_ADVANCE * dotOf(size),
};

let found: Promise<Lettering> | undefined;

/** The best lettering of this machine; looked for once. */
export function findLettering(): Promise<Lettering> {
  found ??= machineHasFonts().then((has) => (has ? fontLettering : bitmapLettering));
  return found;
}

/**
 * Draws two letters and compares them: without fonts they come out empty, or both as the same box.
 * Where fontconfig has no configuration it would complain on stderr, so it is not asked at all.
 */
async function machineHasFonts(): Promise<boolean> {
  const { FONTCONFIG_FILE, FONTCONFIG_PATH } = process.env;
  const isConfigured =
    process.platform !== 'linux' ||
    FONTCONFIG_FILE !== undefined ||
    FONTCONFIG_PATH !== undefined ||
    existsSync('/etc/fonts/fonts.conf');
  if (!isConfigured) return false;
  const [narrow, wide] = await Promise.all(['i', 'W'].map(inkOf));
  return narrow !== undefined && wide !== undefined && narrow > 0 && wide > narrow * 1.3;
}

async function inkOf(letter: string): Promise<number> {
  const ink = { x: 8, baseline: 48, size: 40, colour: '#fff' };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/>${fontLettering.draw(letter, ink)}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer();
  return pixels.reduce((sum, value) => sum + value, 0);
}

/** Widths in DejaVu Sans, the widest of the usual fonts, rounded up by class. */
function emsOf(character: string): number {
  if (/^[ iljI.,:;'|!]/.test(character)) return 0.34;
  if (/^[frt()[\]{}"/-]/.test(character)) return 0.43;
  if (/^[a-z0-9\u00DF-\u00FF]/.test(character)) return /^[mw]/.test(character) ? 0.98 : 0.64;
  const isIdeograph = (character.codePointAt(0) ?? 0) >= 0x1100 && !/^\p{P}/u.test(character);
  return isIdeograph || /^[MW@%…—]/.test(character) ? 1.05 : 0.78;
}

function dotOf(size: number): number {
  return Math.max(1, Math.round(size / 9));
}

const SPELT: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '-',
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  ß: 'ss',
};

function toAscii(text: string): string[] {
  const spelt = charactersOf(text).map((character) => SPELT[character] ?? character);
  return Array.from(
    spelt
      .join('')
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^ -~]/gu, '?'),
  );
}
