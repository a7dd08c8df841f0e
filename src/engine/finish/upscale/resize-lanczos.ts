import type { Size } from '../../core/size.ts';
import type { RawPicture } from '../raw-picture.ts';
import { resampleLanczos } from './lanczos.ts';

const MOST = 255;
const ALPHA = 3;
const WITH_ALPHA = 4;

/** Enlarges or reduces by Lanczos. What is transparent gives none of its colour to what is not. */
export function resizeLanczos(picture: RawPicture, { width, height }: Size): RawPicture {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const [readLine, writeLine] =
    channels === WITH_ALPHA ? [readSeen, writeSeen] : [readBytes, writeBytes];
  resampleLanczos(
    picture,
    { width, height },
    {
      channels,
      read: (y, row) => readLine(picture.data, y * picture.width * channels, row),
      write: (y, row) => writeLine(row, data, y * row.length),
    },
  );
  return { data, width, height, channels };
}

/** Gives `result`, which has four channels, the alpha of `picture`, enlarged or reduced by Lanczos. */
export function resizeAlpha(picture: RawPicture, result: RawPicture): void {
  const { data: source, width } = picture;
  resampleLanczos(picture, result, {
    channels: 1,
    read: (y, row) => {
      const start = y * width * WITH_ALPHA + ALPHA;
      for (let x = 0; x < width; x += 1) row[x] = source[start + x * WITH_ALPHA]!;
    },
    write: (y, row) => {
      const start = y * result.width * WITH_ALPHA + ALPHA;
      for (let x = 0; x < row.length; x += 1) result.data[start + x * WITH_ALPHA] = byte(row[x]!);
    },
  });
}

function readBytes(data: Uint8Array, start: number, row: Float32Array): void {
  for (let at = 0; at < row.length; at += 1) row[at] = data[start + at]!;
}

function writeBytes(row: Float32Array, data: Uint8Array, start: number): void {
  for (let at = 0; at < row.length; at += 1) data[start + at] = byte(row[at]!);
}

/** Colours multiplied by their alpha: so they weigh as much as they are seen. */
function readSeen(data: Uint8Array, start: number, row: Float32Array): void {
  for (let at = 0; at < row.length; at += WITH_ALPHA) {
    const alpha = data[start + at + ALPHA]!;
    for (let colour = 0; colour < ALPHA; colour += 1) {
      row[at + colour] = (data[start + at + colour]! * alpha) / MOST;
    }
    row[at + ALPHA] = alpha;
  }
}

function writeSeen(row: Float32Array, data: Uint8Array, start: number): void {
  for (let at = 0; at < row.length; at += WITH_ALPHA) {
    const alpha = row[at + ALPHA]!;
    const shown = byte(alpha);
    data[start + at + ALPHA] = shown;
    if (shown === 0) continue;
    for (let colour = 0; colour < ALPHA; colour += 1) {
      data[start + at + colour] = byte((row[at + colour]! * MOST) / alpha);
    }
  }
}

function byte(value: number): number {
  if (value <= 0) return 0;
  return value >= MOST ? MOST : Math.trunc(value + 0.5);
}
