import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { assert } from '../../core/errors.ts';

/** Convolutions with a border of their own half width. `weights`: [out][in][row][column]. */
export interface NetworkLayer {
  readonly name: string;
  /** Layers before it, each seen as CReLU (its positive part, then its negative part); empty: the picture. */
  readonly inputs: readonly string[];
  readonly inChannels: number;
  readonly outChannels: number;
  readonly side: 1 | 3;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Layers in the order in which they are worked out; the last gives what is added to the picture. */
export type Network = readonly NetworkLayer[];

/** The graphics processor that the file was written for takes four channels at a time. */
const LANES = 4;
const CELLS = LANES * LANES;
/** Red, green, blue; the fourth lane of the picture is not used. */
const COLOURS = 3;

/**
 * Reads a network as the package `@websr/websr` (MIT) ships it: Anime4K's CNN x2, of which each layer
 * is cut into pieces of four channels, and each kernel into 4x4 matrices, column after column. How they
 * are read is taken from that package's `src/layers/anime4k` and `custom_training/direct_webgpu_export.py`.
 */
export async function readNetwork(name: string): Promise<Network> {
  const require = createRequire(import.meta.url);
  const path = require.resolve(`@websr/websr/weights/anime4k/${name}.json`);
  const { layers } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const pieces = Object.entries(layers).flatMap(([key, layer]) =>
    layer.type === 'conv' ? [{ ...layer, name: key }] : [],
  );
  // Pieces of the same inputs are one layer.
  const groups = Map.groupBy(pieces, ({ inputs }) => inputs.join(' '));
  const nameOfPiece = new Map(
    [...groups.values()].flatMap((group) => group.map((piece) => [piece.name, group[0]!.name])),
  );
  return [...groups.values()].map((group) => layerOf(group, nameOfPiece));
}

type Piece = z.infer<typeof pieceSchema> & { readonly name: string };

function layerOf(pieces: readonly Piece[], nameOfPiece: ReadonlyMap<string, string>): NetworkLayer {
  const [{ name, inputs: from }] = pieces as [Piece, ...Piece[]];
  const known = from.filter((input) => nameOfPiece.has(input));
  const inputs = [...new Set(known.map((input) => nameOfPiece.get(input)!))];
  const inChannels = inputs.length === 0 ? COLOURS : known.length * LANES * 2;
  const matrices = Math.ceil(inChannels / LANES);
  const taps = pieces[0]!.weights.length / CELLS / matrices;
  assert(taps === 1 || taps === 9, `layer ${name} has kernels of 1x1 or 3x3`);
  const side = Math.sqrt(taps) as 1 | 3;
  const outChannels = pieces.length * LANES;
  const weights = new Float32Array(outChannels * inChannels * taps);
  for (const [nth, piece] of pieces.entries()) {
    assert(piece.weights.length === matrices * taps * CELLS, `layer ${piece.name} is whole`);
    for (let output = 0; output < LANES; output += 1) {
      for (let input = 0; input < inChannels; input += 1) {
        const matrix = Math.trunc(input / LANES);
        for (let tap = 0; tap < taps; tap += 1) {
          const [column, row] = [Math.trunc(tap / side), tap % side];
          const cell = (matrix * taps + tap) * CELLS + (input % LANES) * LANES + output;
          const at = ((nth * LANES + output) * inChannels + input) * taps + row * side + column;
          weights[at] = piece.weights[cell]!;
        }
      }
    }
  }
  const bias = Float32Array.from(pieces.flatMap((piece) => piece.bias));
  return { name, inputs, inChannels, outChannels, side, weights, bias };
}

const pieceSchema = z.object({
  type: z.literal('conv'),
  inputs: z.array(z.string()),
  weights: z.array(z.number()),
  bias: z.array(z.number()).length(LANES),
});

const fileSchema = z.object({
  layers: z.record(
    z.string(),
    z.discriminatedUnion('type', [pieceSchema, z.object({ type: z.literal('pixel_shuffle') })]),
  ),
});
