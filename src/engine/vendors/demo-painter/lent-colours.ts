import sharp from 'sharp';
import { type Colour, luminance } from './colour.ts';

const SIDE = 12;
const COUNT = 6;

/**
 * The colours that a reference picture lends, from dark to bright: means of groups of equal size.
 * Throws when the bytes are no picture that can be read.
 */
export async function lendColours(bytes: Uint8Array): Promise<Colour[]> {
  const pixels = await sharp(bytes)
    .resize(SIDE, SIDE, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  const colours: Colour[] = [];
  for (let index = 0; index + 2 < pixels.length; index += 3) {
    colours.push([pixels[index]! / 255, pixels[index + 1]! / 255, pixels[index + 2]! / 255]);
  }
  colours.sort((a, b) => luminance(a) - luminance(b));
  const each = colours.length / COUNT;
  return Array.from({ length: COUNT }, (_, group) =>
    meanOf(colours.slice(Math.floor(group * each), Math.floor((group + 1) * each))),
  );
}

function meanOf(colours: readonly Colour[]): Colour {
  const sum = [0, 0, 0] as [number, number, number];
  for (const colour of colours) {
    for (let channel = 0; channel < 3; channel++) sum[channel] = sum[channel]! + colour[channel]!;
  }
  return [sum[0] / colours.length, sum[1] / colours.length, sum[2] / colours.length];
}
