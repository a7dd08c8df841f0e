/** A Keras model as TensorFlow.js keeps it: its layers as JSON, its weights as bytes in shards. */

/** One layer, as far as it is read here. */
export interface KerasLayer {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** One call: the layers whose outputs go in, each as `[name, call, output, options]`. */
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

export interface KerasWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Kept as bytes: value = byte * scale + min. */
  readonly quantization?: {
    readonly dtype: string;
    readonly min: number;
    readonly scale: number;
  };
}

/** `model.json` of the layers format. */
export interface KerasModelJson {
  readonly modelTopology: {
    readonly model_config: {
      readonly config: {
        readonly layers: readonly KerasLayer[];
        readonly input_layers: readonly (readonly [string, ...unknown[]])[];
        readonly output_layers: readonly (readonly [string, ...unknown[]])[];
      };
    };
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly KerasWeight[];
  }[];
}

/** A weight's numbers: as they are, or as bytes with what they mean. */
export type WeightValues =
  | { readonly kind: 'float'; readonly data: Float32Array }
  | {
      readonly kind: 'bytes';
      readonly data: Uint8Array;
      readonly min: number;
      readonly scale: number;
    };

export interface ReadWeight {
  readonly shape: readonly number[];
  readonly values: WeightValues;
}

/**
 * Weights by name. `shards`: the bytes of each path of the manifest, in its order. Weights follow each
 * other without gaps. Throws an `Error` for kinds that were never seen, or when the bytes do not add up.
 */
export function readWeights(
  manifest: KerasModelJson['weightsManifest'],
  shards: readonly Uint8Array[],
): ReadonlyMap<string, ReadWeight> {
  const joined = Buffer.concat(shards);
  // A plain array: slices of a Buffer would share its memory.
  const bytes = new Uint8Array(joined.buffer, joined.byteOffset, joined.length);
  const weights = new Map<string, ReadWeight>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of manifest.flatMap((group) => group.weights)) {
    const count = shape.reduce((product, side) => product * side, 1);
    const width = widthOf(dtype, quantization?.dtype, name);
    const part = bytes.subarray(at, at + count * width);
    at += count * width;
    weights.set(name, { shape, values: valuesOf(part, count, quantization) });
  }
  if (at !== bytes.length) {
    throw new Error(`The weights take ${at} bytes, and there are ${bytes.length}`);
  }
  return weights;
}

function widthOf(dtype: string, quantized: string | undefined, name: string): 1 | 4 {
  if (dtype === 'float32' && quantized === undefined) return 4;
  if (dtype === 'float32' && quantized === 'uint8') return 1;
  throw new Error(`The weight ${name} is ${quantized ?? dtype}, which is not read`);
}

function valuesOf(
  part: Uint8Array,
  count: number,
  quantization: KerasWeight['quantization'],
): WeightValues {
  if (quantization !== undefined) {
    return { kind: 'bytes', data: part, min: quantization.min, scale: quantization.scale };
  }
  // A copy: floats may begin at any byte of the shard.
  const data = new Float32Array(count);
  new Uint8Array(data.buffer).set(part);
  return { kind: 'float', data };
}
