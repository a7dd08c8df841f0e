/** A picture's size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const DEFAULT_SIZE: Size = { width: 1024, height: 1024 };

/** `1024x1024`, the form used in the CLI, the sheet and the results. */
export function formatSize(size: Size): string {
  return `${size.width}x${size.height}`;
}

/** Reads `1024x768`, `1024 × 768`, `1024*768` or `1024` (a square). Anything else is `undefined`. */
export function parseSize(text: string): Size | undefined {
  const match = /^\s*(\d{1,5})(?:\s*[x×*]\s*(\d{1,5}))?\s*$/i.exec(text);
  if (!match) return undefined;
  const width = Number(match[1]);
  const height = Number(match[2] ?? match[1]);
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Width over height. */
export function ratioOf(size: Size): number {
  return size.width / size.height;
}

/**
 * The size of ratio `across:down` with the area of `area`, both sides rounded to multiples of 16
 * (what image models of this generation work in).
 */
export function sizeOfRatio(across: number, down: number, area: Size): Size {
  const pixels = area.width * area.height;
  const width = Math.sqrt((pixels * across) / down);
  const to16 = (side: number) => Math.max(16, Math.round(side / 16) * 16);
  return { width: to16(width), height: to16((width * down) / across) };
}

/** True when a picture of `actual` can be scaled down to `asked`: ratio within 2 % and enough pixels. */
export function covers(actual: Size, asked: Size): boolean {
  const ratioError = Math.abs(ratioOf(actual) / ratioOf(asked) - 1);
  return ratioError <= 0.02 && actual.width >= asked.width && actual.height >= asked.height;
}
