/** Numbers computed on a coarse grid and read smoothly between: noise for a fraction of its price. */
export interface Field {
  /** The value at a place of the picture, in pixels. */
  at(x: number, y: number): number;
}

/**
 * Computes `value(x, y)` (pixels) about every `step` pixels over `width` x `height`.
 * `step` may be a fraction above 1.
 */
export function createField(
  width: number,
  height: number,
  step: number,
  value: (x: number, y: number) => number,
): Field {
  const columns = Math.ceil(width / step) + 2;
  const rows = Math.ceil(height / step) + 2;
  const data = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = value(column * step, row * step);
    }
  }
  const at = (x: number, y: number): number => {
    const gridX = x <= 0 ? 0 : x / step;
    const gridY = y <= 0 ? 0 : y / step;
    const column = Math.min(columns - 2, gridX | 0);
    const row = Math.min(rows - 2, gridY | 0);
    const fx = Math.min(1, gridX - column);
    const fy = Math.min(1, gridY - row);
    const index = row * columns + column;
    const upper = data[index]! + (data[index + 1]! - data[index]!) * fx;
    const below = index + columns;
    const lower = data[below]! + (data[below + 1]! - data[below]!) * fx;
    return upper + (lower - upper) * fy;
  };
  return { at };
}
