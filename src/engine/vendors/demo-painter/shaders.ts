import type { Shader } from './canvas.ts';
import { type Colour, clamp01, gradientAt } from './colour.ts';

const TABLE = 256;

/** Colours along a line from (fromX, fromY) to (toX, toY), in evenly spaced stops. */
export function linear(
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
  stops: readonly Colour[],
): Shader {
  const table = tableOf(stops);
  const length = (toX - fromX) ** 2 + (toY - fromY) ** 2 || 1;
  const stepX = (toX - fromX) / length;
  const stepY = (toY - fromY) / length;
  return (x, y, out) => {
    readTable(table, (x - fromX) * stepX + (y - fromY) * stepY, out);
  };
}

/** Colours from a centre outwards. */
export function radial(
  centreX: number,
  centreY: number,
  radius: number,
  stops: readonly Colour[],
): Shader {
  const table = tableOf(stops);
  return (x, y, out) => {
    const dx = x - centreX;
    const dy = y - centreY;
    readTable(table, Math.sqrt(dx * dx + dy * dy) / radius, out);
  };
}

function tableOf(stops: readonly Colour[]): Float32Array {
  const table = new Float32Array((TABLE + 1) * 3);
  for (let index = 0; index <= TABLE; index++) {
    table.set(gradientAt(stops, index / TABLE), index * 3);
  }
  return table;
}

function readTable(table: Float32Array, place: number, out: number[]): void {
  const index = ((clamp01(place) * TABLE + 0.5) | 0) * 3;
  out[0] = table[index]!;
  out[1] = table[index + 1]!;
  out[2] = table[index + 2]!;
}
