/** Decoded pixels between two steps: sRGB, 8 bits a channel, row by row, alpha not premultiplied. */
export interface RawPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}
