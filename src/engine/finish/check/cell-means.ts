/**
 * Means of a grid of cells laid over a square RGB picture: red, green, blue of each cell, row by row.
 * `rgb` has `side` times `side` pixels of three bytes; cells differ by a pixel where they do not divide it.
 */
export function cellMeans(
  rgb: Uint8Array,
  side: number,
  grid: { readonly columns: number; readonly rows: number },
): Float64Array {
  const { columns, rows } = grid;
  const means = new Float64Array(columns * rows * 3);
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom] = span(row, rows, side);
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = span(column, columns, side);
      const at = (row * columns + column) * 3;
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          for (let channel = 0; channel < 3; channel += 1) {
            means[at + channel]! += rgb[(y * side + x) * 3 + channel]!;
          }
        }
      }
      const pixels = (bottom - top) * (right - left);
      for (let channel = 0; channel < 3; channel += 1) means[at + channel]! /= pixels;
    }
  }
  return means;
}

function span(place: number, places: number, side: number): [from: number, to: number] {
  return [Math.floor((place * side) / places), Math.floor(((place + 1) * side) / places)];
}
