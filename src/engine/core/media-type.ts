/** Kinds of pictures that a reference may be, by their media types. */
export const PICTURE_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'image/tiff',
  'image/bmp',
] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Bytes that `mediaTypeOf` looks at. */
export const HEAD_BYTES = 16;

/**
 * What a picture is, by its first bytes as in the formats' specifications (a name may lie); `undefined`
 * when it is none that we know. ISO media files name their brand at byte 8.
 */
export function mediaTypeOf(bytes: Uint8Array): PictureType | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  if (text.slice(4, 8) === 'ftyp') {
    if (/^avi[fs]$/.test(text.slice(8, 12))) return 'image/avif';
    return /^(heic|heix|hevc|mif1|msf1)$/.test(text.slice(8, 12)) ? 'image/heic' : undefined;
  }
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'image/tiff';
  // `BM` alone begins many texts: four reserved bytes are zero as well.
  const isBitmap = text.startsWith('BM') && bytes.length >= 14 && text.slice(6, 10) === '\0\0\0\0';
  return isBitmap ? 'image/bmp' : undefined;
}

/** `image/jpeg` → `JPEG`, as people call it. */
export function formatName(mediaType: string): string {
  const names: Readonly<Record<string, string>> = { 'image/webp': 'WebP' };
  return names[mediaType] ?? mediaType.replace(/^image\//, '').toUpperCase();
}
