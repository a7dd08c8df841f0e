/** A picture of four bytes a pixel, and where its upper left corner lies. */
export interface Placed {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/**
 * Puts a picture onto a canvas of three bytes a pixel, in place, by its transparency. What is opaque is only
 * copied: a compositor would blend the whole canvas anew for each picture.
 */
export function paintOnto(
  canvas: Uint8Array,
  canvasWidth: number,
  { pixels, width, height, left, top }: Placed,
): void {
  for (let y = 0; y < height; y += 1) {
    let to = ((top + y) * canvasWidth + left) * 3;
    for (let from = y * width * 4; from < (y + 1) * width * 4; from += 4, to += 3) {
      const alpha = pixels[from + 3]!;
      if (alpha === 255) {
        canvas[to] = pixels[from]!;
        canvas[to + 1] = pixels[from + 1]!;
        canvas[to + 2] = pixels[from + 2]!;
      } else {
        for (let channel = 0; channel < 3; channel += 1) {
          const mixed = pixels[from + channel]! * alpha + canvas[to + channel]! * (255 - alpha);
          canvas[to + channel] = Math.round(mixed / 255);
        }
      }
    }
  }
}
