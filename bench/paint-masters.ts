import sharp from 'sharp';
import { paint } from '../src/engine/vendors/demo-painter/paint.ts';

const SUBJECTS = ['a city at night', 'a coral reef', 'a tea set in a room', 'a snowy forest'];

/** Pictures of the demo's painter, square, as a vendor would deliver them. */
export async function paintMasters(
  format: 'png' | 'jpeg',
  side: number,
  seed: number,
): Promise<Buffer[]> {
  const masters: Buffer[] = [];
  for (const prompt of SUBJECTS) {
    const painted = paint({ prompt, width: side, height: side, quality: 'medium', seed });
    const { data, width, height } = painted;
    const picture = sharp(data, { raw: { width, height, channels: 3 } });
    masters.push(await picture.toFormat(format, { quality: 92 }).toBuffer());
  }
  return masters;
}
