import type { Size } from '../../core/size.ts';
import type { RawPicture } from '../raw-picture.ts';
import { resampleLanczos } from './lanczos.ts';

const OPAQUE = 255;

/** Enlarges or reduces by Lanczos. What is transparent gives no colour to what is not. */
export function resizeLanczos(picture: RawPicture, to: Size): RawPicture {
  const { channels } = picture;
  const data = new Uint8Array(to.width * to.height * channels);
  resampleLanczos({
    from: picture,
    to,
    channels,
    read: (y, row) => readLine(picture, y, row),
    write: (y, row) => writeLine(row, data, y * row.length, channels),
  });
  return { data, width: to.width, height: to.height, channels };
}

/** The alpha of a picture alone, written into `data`, the four channels of the result. */
export function resizeAlpha(picture: RawPicture, to: Size, data: Uint8Array): void {
  const { data: source, width } = picture;
  resampleLanczos({
    from: picture,
    to,
    channels: 1,
    read: (y, row) => {
      for (let x = 0, at = y * width * 4 + 3; x < width; x += 1, at += 4) row[x] = source[at]!;
    },
    write: (y, row) => {
      for (let x = 0, at = y * to.width * 4 + 3; x < to.width; x += 1, at += 4) {
        data[at] = toByte(row[x]!);
      }
    },
  });
}

/** With alpha, the colours are multiplied by it: then they weigh as much as they are seen. */
function readLine({ data, width, channels }: RawPicture, y: number, row: Float32Array): void {
  const start = y * width * channels;
  if (channels === 3) {
    for (let at = 0; at < row.length; at += 1) row[at] = data[start + at]!;
    return;
  }
  for (let at = 0; at < row.length; at += 4) {
    const alpha = data[start + at + 3]!;
    for (let colour = 0; colour < 3; colour += 1) {
      row[at + colour] = (data[start + at + colour]! * alpha) / OPAQUE;
    }
    row[at + 3] = alpha;
  }
}

function writeLine(row: Float32Array, data: Uint8Array, start: number, channels: 3 | 4): void {
  if (channels === 3) {
    for (let at = 0; at < row.length; at += 1) data[start + at] = toByte(row[at]!);
    return;
  }
  for (let at = 0; at < row.length; at += 4) {
    const alpha = row[at + 3]!;
    const shown = toByte(alpha);
    for (let colour = 0; colour < 3; colour += 1) {
      data[start + at + colour] = shown === 0 ? 0 : toByte((row[at + colour]! * OPAQUE) / alpha);
    }
    data[start + at + 3] = shown;
  }
}

/** The nearest byte. */
export function toByte(value: number): number {
  if (value <= 0) return 0;
  return value >= 255 ? 255 : Math.trunc(value + 0.5);
}
