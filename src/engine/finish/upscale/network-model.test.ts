import { describe, expect, test } from 'vitest';
import { openDoubler } from './open-doubler.ts';
import { reachOf } from './network-model.ts';
import { type NetworkLayer, readNetwork } from './read-network.ts';

const SIDE = 12;

describe("Anime4K's network", () => {
  test('has seven layers of 3x3 and one that joins them', async () => {
    const network = await readNetwork('cnn-2x-l-an');
    const shapes = network.map(({ inChannels, outChannels, side }) => [
      inChannels,
      outChannels,
      side,
    ]);
    const inner = Array.from({ length: 6 }, () => [16, 8, 3]);
    expect(shapes).toEqual([[3, 8, 3], ...inner, [112, 12, 1]]);
    expect(reachOf(network)).toBe(7);
  });

  test('gives as a model what its layers give when they are worked out one by one', async () => {
    const network = await readNetwork('cnn-2x-l-an');
    const planes = Float32Array.from(
      { length: 3 * SIDE * SIDE },
      (_, at) => ((at * at * 31 + at * 7) % 256) / 255,
    );
    const doubler = await openDoubler();
    const { planes: got, ...size } = await doubler.double({ planes, width: SIDE, height: SIDE });
    expect(size).toEqual({ width: 2 * SIDE, height: 2 * SIDE });

    const outputs = new Map<string, readonly number[]>();
    for (const layer of network) {
      const inputs = layer.inputs.flatMap((name) => crelu(outputs.get(name)!));
      outputs.set(layer.name, convolve(layer.inputs.length > 0 ? inputs : [...planes], layer));
    }
    const last = outputs.get(network.at(-1)!.name)!;
    let farthest = 0;
    for (let colour = 0; colour < 3; colour += 1) {
      for (let y = 0; y < 2 * SIDE; y += 1) {
        for (let x = 0; x < 2 * SIDE; x += 1) {
          // The rim lacks what is outside: the model takes 0 there, the linear enlarging the border.
          if (Math.min(x, y, 2 * SIDE - 1 - x, 2 * SIDE - 1 - y) < 2) continue;
          const place = (y % 2) * 2 + (x % 2);
          const at =
            Math.trunc(y / 2) * SIDE + Math.trunc(x / 2) + (colour * 4 + place) * SIDE * SIDE;
          const wanted =
            last[at]! + linear(planes, colour, (y + 0.5) / 2 - 0.5, (x + 0.5) / 2 - 0.5);
          const given = got[(colour * 2 * SIDE + y) * 2 * SIDE + x]!;
          farthest = Math.max(farthest, Math.abs(wanted - given));
        }
      }
    }
    expect(farthest).toBeLessThan(1e-4);
    // It is not the linear enlarging alone that agrees.
    expect(Math.max(...last.map(Math.abs))).toBeGreaterThan(0.05);
  });
});

function crelu(values: readonly number[]): number[] {
  return [
    ...values.map((value) => Math.max(0, value)),
    ...values.map((value) => Math.max(0, -value)),
  ];
}

/** By the definition, with 0 around. */
function convolve(input: readonly number[], layer: NetworkLayer): number[] {
  const { inChannels, outChannels, side, weights, bias } = layer;
  const border = (side - 1) / 2;
  const output: number[] = [];
  for (let out = 0; out < outChannels; out += 1) {
    for (let y = 0; y < SIDE; y += 1) {
      for (let x = 0; x < SIDE; x += 1) {
        let sum = bias[out]!;
        for (let from = 0; from < inChannels; from += 1) {
          for (let row = 0; row < side; row += 1) {
            for (let column = 0; column < side; column += 1) {
              const [atY, atX] = [y + row - border, x + column - border];
              if (Math.min(atX, atY) < 0 || Math.max(atX, atY) >= SIDE) continue;
              const weight = weights[((out * inChannels + from) * side + row) * side + column]!;
              sum += weight * input[(from * SIDE + atY) * SIDE + atX]!;
            }
          }
        }
        output.push(sum);
      }
    }
  }
  return output;
}

function linear(planes: Float32Array, colour: number, y: number, x: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const at = (row: number, column: number) => planes[(colour * SIDE + row) * SIDE + column]!;
  const across = (row: number) => at(row, left) * (left + 1 - x) + at(row, left + 1) * (x - left);
  return across(top) * (top + 1 - y) + across(top + 1) * (y - top);
}
