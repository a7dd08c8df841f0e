import { paintPicture, type Picture, type PictureOrder } from '../picture.ts';
import type { ImageOrder } from './read-order.ts';
import type { Usage } from './usage.ts';

export async function paintAll(orders: readonly PictureOrder[]): Promise<readonly Picture[]> {
  return Promise.all(orders.map(paintPicture));
}

/** The body of a good answer; `at` in milliseconds since 1970. */
export function imageAnswer(
  at: number,
  order: ImageOrder,
  pictures: readonly Picture[],
  usage: Usage,
): Record<string, unknown> {
  const { background, format, quality, size } = order;
  return {
    created: Math.floor(at / 1000),
    background: background === 'auto' ? 'opaque' : background,
    data: pictures.map(({ bytes }) => ({ b64_json: Buffer.from(bytes).toString('base64') })),
    output_format: format,
    quality,
    size: `${size.width}x${size.height}`,
    usage,
  };
}
