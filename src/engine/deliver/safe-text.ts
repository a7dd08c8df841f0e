/**
 * Text as a part of a file name: letters and digits of any script (NFC), everything else a single `-`.
 * What comes out holds no separator, dot, space or control character, so it is safe on every system.
 */
export function slug(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^[-\p{M}]+|-+$/gu, '');
}

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What a reader takes for one character each: a letter with its marks, an emoji with its modifiers. */
export function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The longest beginning of `text` within `bytes` of UTF-8 and `characters`, never half a character. */
export function cutText(
  text: string,
  bytes: number,
  characters = Number.POSITIVE_INFINITY,
): string {
  if (byteLength(text) <= bytes && text.length <= characters) return text;
  let cut = '';
  let left = { bytes, characters };
  for (const { segment } of graphemes.segment(text)) {
    left = { bytes: left.bytes - byteLength(segment), characters: left.characters - 1 };
    if (left.bytes < 0 || left.characters < 0) break;
    cut += segment;
  }
  return cut;
}
