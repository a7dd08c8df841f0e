import type { Colour } from './colour.ts';

/** A picture being painted: red, green, blue as 0 to 1, so that soft gradients do not band. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Interleaved, row by row from the top. */
  readonly data: Float32Array;
  /** Room for a shape's coverage, all zeros between two fills; it grows as needed. */
  cover: Float32Array;
}

/** What a pixel gets: red, green, blue and how much of it (0 to 1). */
export type Shaded = [red: number, green: number, blue: number, alpha: number];
/** Writes the colour of the pixel at (x, y) into `out`; `out[3]` is 1 unless the shader lowers it. */
export type Shader = (x: number, y: number, out: Shaded) => void;
export type Paint = Colour | Shader;

export function createCanvas(width: number, height: number): Canvas {
  return {
    width,
    height,
    data: new Float32Array(width * height * 3),
    cover: new Float32Array(4096),
  };
}

/** Runs `shader` over all pixels of the rows `top` to `bottom` (not included). */
export function shadeRows(canvas: Canvas, top: number, bottom: number, shader: Shader): void {
  const out: Shaded = [0, 0, 0, 1];
  const { width, data } = canvas;
  const first = Math.max(0, Math.floor(top));
  const end = Math.min(canvas.height, Math.ceil(bottom));
  for (let y = first; y < end; y++) {
    let index = y * width * 3;
    for (let x = 0; x < width; x++, index += 3) {
      out[3] = 1;
      shader(x, y, out);
      const alpha = out[3];
      data[index] = data[index]! + (out[0] - data[index]!) * alpha;
      data[index + 1] = data[index + 1]! + (out[1] - data[index + 1]!) * alpha;
      data[index + 2] = data[index + 2]! + (out[2] - data[index + 2]!) * alpha;
    }
  }
}

/** Lays `colour` over one pixel; outside of the picture it does nothing. */
export function blendPixel(
  canvas: Canvas,
  x: number,
  y: number,
  colour: Colour,
  alpha: number,
): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  const index = (y * canvas.width + x) * 3;
  const { data } = canvas;
  data[index] = data[index]! + (colour[0] - data[index]!) * alpha;
  data[index + 1] = data[index + 1]! + (colour[1] - data[index + 1]!) * alpha;
  data[index + 2] = data[index + 2]! + (colour[2] - data[index + 2]!) * alpha;
}
