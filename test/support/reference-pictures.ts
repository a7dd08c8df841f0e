/** Pictures as people have them: turned, deep, clear, in other formats, in real files. */
import sharp, { type Sharp } from 'sharp';

/** A slope with a grain that compresses as a photograph does, in raw RGB or RGBA. */
export function grainyPixels(width: number, height: number, channels: 3 | 4 = 3): Buffer {
  const pixels = Buffer.alloc(width * height * channels);
  let chance = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    chance = (Math.imul(chance, 1_103_515_245) + 12_345) & 0x7fffffff;
    const pixel = Math.floor(at / channels);
    const slope = ((pixel % width) * 160) / width + (Math.floor(pixel / width) * 60) / height;
    pixels[at] = slope + ((chance >> 16) & 31);
  }
  return pixels;
}

/** Ready to be written in any format. */
export function grainy(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  return sharp(grainyPixels(width, height, channels), { raw: { width, height, channels } });
}

/** A photograph that lies on its side: stored as `width`x`height`, to be shown turned by 90 degrees. */
export function turnedPhoto(width: number, height: number): Promise<Buffer> {
  return grainy(width, height).withMetadata({ orientation: 6 }).jpeg().toBuffer();
}

/** A BMP file: 24 bits from below, or 32 with masks and alpha from above. */
export function bitmap(width: number, height: number, bits: 24 | 32): Buffer {
  const headerLength = bits === 24 ? 40 : 108;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const pixelsAt = 14 + headerLength;
  const file = Buffer.alloc(pixelsAt + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(pixelsAt, 10);
  file.writeUInt32LE(headerLength, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(bits === 24 ? height : -height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.writeUInt32LE(bits === 24 ? 0 : 3, 30);
  if (bits === 32) {
    for (const [place, mask] of [0xff0000, 0xff00, 0xff, 0xff000000].entries()) {
      file.writeUInt32LE(mask, 54 + place * 4);
    }
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const line = bits === 24 ? height - 1 - y : y;
      const at = pixelsAt + line * stride + (x * bits) / 8;
      // Blue, green, red: the picture is red from left to right and green from top to bottom.
      file[at] = 7;
      file[at + 1] = (y * 255) / height;
      file[at + 2] = (x * 255) / width;
      if (bits === 32) file[at + 3] = x < width / 2 ? 255 : 128;
    }
  }
  return file;
}
