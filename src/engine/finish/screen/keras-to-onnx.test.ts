/** Small Keras models of every layer that is read, beside a plain evaluation of what Keras says of each. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { openSession } from '../onnx/open-session.ts';
import type { KerasLayer, KerasModelJson, KerasWeight } from './keras-model.ts';
import { onnxOfKeras } from './keras-to-onnx.ts';

const NEED = { who: 'This test', instead: 'leave it out' };
const random = seededRandom(11);
const numbers = (count: number, from = -1, to = 1) =>
  Float32Array.from({ length: count }, () => from + (to - from) * random.next());

/** Height, width and channels; numbers pixel by pixel, as Keras has them. */
interface Values {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly data: Float32Array;
}

describe('a Keras model as ONNX gives the same numbers', () => {
  test.each([
    ['same', [1, 1], [7, 6, 3]],
    ['same', [2, 2], [7, 6, 3]],
    ['same', [2, 2], [8, 8, 2]],
    ['valid', [2, 1], [7, 6, 3]],
  ] as const)('of a convolution, padding %s, strides %j', async (padding, strides, shape) => {
    const input = { shape, data: numbers(shape[0] * shape[1] * shape[2]) };
    const kernel = numbers(3 * 2 * shape[2] * 4);
    const bias = numbers(4);
    const config = { ...windows([3, 2], strides, padding), use_bias: true, activation: 'relu' };
    const parts = [weight('kernel', [3, 2, shape[2], 4], kernel), weight('bias', [4], bias)];
    const wanted = convolve(input, [3, 2], strides, padding, 4, (y, x, from, to) => [
      kernel[((y * 2 + x) * shape[2] + from) * 4 + to]!,
      bias[to]!,
    ]);
    const given = await run('Conv2D', config, parts, input);
    expectSame(
      given,
      wanted.map((value) => Math.max(0, value)),
    );
  });

  test('of a depthwise convolution with two outputs a channel', async () => {
    const shape = [5, 4, 3] as const;
    const input = { shape, data: numbers(60) };
    const kernel = numbers(3 * 3 * 3 * 2);
    const config = { ...windows([3, 3], [1, 1], 'same'), use_bias: false, activation: 'linear' };
    const wanted = convolve(input, [3, 3], [1, 1], 'same', 6, (y, x, from, to) => [
      Math.floor(to / 2) === from ? kernel[((y * 3 + x) * 3 + from) * 2 + (to % 2)]! : 0,
      0,
    ]);
    const parts = [weight('depthwise_kernel', [3, 3, 3, 2], kernel)];
    expectSame(await run('DepthwiseConv2D', config, parts, input), wanted);
  });

  test('of a normalization without scale', async () => {
    const shape = [2, 2, 3] as const;
    const input = { shape, data: numbers(12) };
    const [beta, mean, variance] = [numbers(3), numbers(3), numbers(3, 0.1, 2)];
    const config = { axis: 3, epsilon: 0.001, scale: false, center: true };
    const parts = [
      weight('beta', [3], beta),
      weight('moving_mean', [3], mean),
      weight('moving_variance', [3], variance),
    ];
    const wanted = input.data.map((value, at) => {
      const channel = at % 3;
      return (value - mean[channel]!) / Math.sqrt(variance[channel]! + 0.001) + beta[channel]!;
    });
    expectSame(await run('BatchNormalization', config, parts, input), wanted);
  });

  test.each([
    ['MaxPooling2D', 'valid', [2, 2]],
    ['AveragePooling2D', 'same', [1, 1]],
    ['AveragePooling2D', 'valid', [2, 2]],
  ] as const)('of %s, padding %s', async (kind, padding, strides) => {
    const shape = [6, 5, 2] as const;
    const input = { shape, data: numbers(60) };
    const wanted = pool(input, kind === 'MaxPooling2D', strides, padding);
    const config = { ...windows([3, 3], strides, padding, 'pool_size') };
    expectSame(await run(kind, config, [], input), wanted);
  });

  test('of padding, a bounded rectifier, branches that are joined or added, and a head', async () => {
    const shape = [3, 3, 2] as const;
    const input = { shape, data: numbers(18, -2, 8) };
    const bias = numbers(3);
    const layers: readonly KerasLayer[] = [
      layer(
        'pad',
        'ZeroPadding2D',
        {
          padding: [
            [0, 1],
            [1, 1],
          ],
        },
        ['input'],
      ),
      layer('six', 'ReLU', { max_value: 6, negative_slope: 0, threshold: 0 }, ['pad']),
      layer('sum', 'Add', {}, ['pad', 'six']),
      layer('both', 'Concatenate', { axis: -1 }, ['sum', 'pad']),
      layer('drop', 'Dropout', { rate: 0.5 }, ['both']),
      layer('flat', 'Flatten', {}, ['drop']),
      layer('head', 'Dense', { use_bias: true, activation: 'softmax', units: 3 }, ['flat']),
    ];
    const flat: number[] = [];
    for (let y = 0; y < 4; y += 1) {
      for (let x = 0; x < 5; x += 1) {
        const at = (channel: number) =>
          y < 3 && x > 0 && x < 4 ? input.data[(y * 3 + x - 1) * 2 + channel]! : 0;
        const pixel = [at(0), at(1)];
        flat.push(...pixel.map((value) => value + Math.min(6, Math.max(0, value))), ...pixel);
      }
    }
    const kernel = numbers(flat.length * 3, -0.1, 0.1);
    const logits = [0, 1, 2].map((to) =>
      flat.reduce((total, value, at) => total + value * kernel[at * 3 + to]!, bias[to]!),
    );
    const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
    const total = powers.reduce((sum, value) => sum + value, 0);
    const parts = [weight('head/kernel', [flat.length, 3], kernel), weight('head/bias', [3], bias)];
    const given = await evaluate(model(layers, shape, parts, 'head'), input);
    for (const [at, power] of powers.entries()) expect(given[at]).toBeCloseTo(power / total, 5);
  });

  test('of weights that are kept as bytes', async () => {
    const bytes = Uint8Array.of(0, 100, 200, 255);
    const spec = { name: 'layer/kernel', shape: [2, 2], dtype: 'float32' };
    const quantization = { dtype: 'uint8', min: -1.5, scale: 0.02 };
    const layers = [
      layer('flat', 'Flatten', {}, ['input']),
      layer('layer', 'Dense', { use_bias: false, activation: 'linear' }, ['flat']),
    ];
    const json = model(layers, [1, 1, 2], [], 'layer');
    const manifest = [{ paths: ['shard'], weights: [{ ...spec, quantization }] }];
    const given = await evaluate(
      { json: { ...json.json, weightsManifest: manifest }, shards: [bytes] },
      { shape: [1, 1, 2], data: Float32Array.of(1, 10) },
    );
    const [a, b, c, d] = [...bytes].map((byte) => byte * 0.02 - 1.5) as [
      number,
      number,
      number,
      number,
    ];
    expect(given[0]).toBeCloseTo(a + 10 * c, 4);
    expect(given[1]).toBeCloseTo(b + 10 * d, 4);
  });
});

describe('a Keras model that cannot be read', () => {
  test('names the layer and what is unknown about it', () => {
    const of = (kind: string, config: object) =>
      model([layer('odd', kind, config, ['input'])], [2, 2, 1], [], 'odd');
    const read =
      ({ json, shards }: ReturnType<typeof of>) =>
      () =>
        onnxOfKeras(json, shards);
    expect(read(of('LSTM', {}))).toThrow('Layer odd has an unknown class_name: "LSTM"');
    expect(read(of('Activation', { activation: 'swish' }))).toThrow('activation: "swish"');
    expect(read(of('Conv2D', {}))).toThrow('The weight odd/kernel is missing');
  });

  test('says when the weights do not add up', () => {
    const { json, shards } = model(
      [layer('layer', 'Dense', {}, ['input'])],
      [1, 1, 2],
      [weight('kernel', [2, 2], numbers(4))],
      'layer',
    );
    expect(() => onnxOfKeras(json, [...shards, new Uint8Array(3)])).toThrow(
      'The weights take 16 bytes, and there are 19',
    );
  });
});

function windows(
  size: readonly number[],
  strides: readonly number[],
  padding: string,
  name = 'kernel_size',
) {
  return {
    [name]: size,
    strides,
    padding,
    data_format: 'channels_last',
    dilation_rate: [1, 1],
  };
}

type Part = { readonly spec: KerasWeight; readonly data: Float32Array };

function weight(name: string, shape: readonly number[], data: Float32Array): Part {
  const full = name.includes('/') ? name : `layer/${name}`;
  return { spec: { name: full, shape, dtype: 'float32' }, data };
}

function layer(name: string, kind: string, config: object, inputs: readonly string[]): KerasLayer {
  return {
    name,
    class_name: kind,
    config: { name, ...config },
    inbound_nodes: [inputs.map((input) => [input, 0, 0, {}] as const)],
  };
}

interface Model {
  readonly json: KerasModelJson;
  readonly shards: readonly Uint8Array[];
}

function model(
  layers: readonly KerasLayer[],
  shape: readonly number[],
  parts: readonly Part[],
  output: string,
): Model {
  const input = {
    name: 'input',
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, ...shape] },
    inbound_nodes: [],
  };
  return {
    json: {
      modelTopology: {
        model_config: {
          config: {
            layers: [input, ...layers],
            input_layers: [['input', 0, 0]],
            output_layers: [[output, 0, 0]],
          },
        },
      },
      weightsManifest: [{ paths: ['shard'], weights: parts.map(({ spec }) => spec) }],
    },
    shards: parts.map(({ data }) => new Uint8Array(data.buffer)),
  };
}

function run(kind: string, config: object, parts: readonly Part[], input: Values) {
  return evaluate(
    model([layer('layer', kind, config, ['input'])], input.shape, parts, 'layer'),
    input,
  );
}

/** What comes out, pixel by pixel as Keras has it. */
async function evaluate({ json, shards }: Model, { shape, data }: Values): Promise<Float32Array> {
  const onnx = onnxOfKeras(json, shards);
  const isHead = json.modelTopology.model_config.config.layers.at(-1)?.class_name === 'Dense';
  // A model's own output is a list of classes; here it may be any layer's.
  const outputs = onnx.outputs.map((value) =>
    isHead ? value : { ...value, dims: [1, 'channels', 'height', 'width'] },
  );
  const session = await openSession({ ...onnx, outputs }, NEED);
  const [height, width, channels] = shape;
  const input = {
    data: turned(data, [height * width, channels]),
    dims: [1, channels, height, width],
  };
  const [result] = Object.values(await session.run({ input }));
  const [, depth = 1, high = 1, wide = 1] = result!.dims;
  return isHead ? result!.data : turned(result!.data, [depth, high * wide]);
}

/** Rows become columns. */
function turned(data: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  return data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
}

function expectSame(given: Float32Array, wanted: Float32Array): void {
  expect(given).toHaveLength(wanted.length);
  for (const [at, value] of wanted.entries()) expect(given[at]).toBeCloseTo(value, 4);
}

/** Rows or columns of the result, and padding before the first. */
function reach(length: number, size: number, stride: number, padding: string) {
  if (padding === 'valid') return { places: Math.floor((length - size) / stride) + 1, before: 0 };
  const places = Math.ceil(length / stride);
  const padded = Math.max(0, (places - 1) * stride + size - length);
  return { places, before: Math.floor(padded / 2) };
}

function convolve(
  { shape: [height, width, channels], data }: Values,
  [high, wide]: readonly [number, number],
  [down, along]: readonly [number, number],
  padding: string,
  outputs: number,
  at: (y: number, x: number, from: number, to: number) => readonly [factor: number, bias: number],
): Float32Array {
  const rows = reach(height, high, down, padding);
  const columns = reach(width, wide, along, padding);
  const result: number[] = [];
  for (let row = 0; row < rows.places; row += 1) {
    for (let column = 0; column < columns.places; column += 1) {
      for (let to = 0; to < outputs; to += 1) {
        let sum = at(0, 0, 0, to)[1];
        for (let y = 0; y < high; y += 1) {
          for (let x = 0; x < wide; x += 1) {
            const top = row * down + y - rows.before;
            const left = column * along + x - columns.before;
            if (top < 0 || left < 0 || top >= height || left >= width) continue;
            for (let from = 0; from < channels; from += 1) {
              sum += data[(top * width + left) * channels + from]! * at(y, x, from, to)[0];
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return Float32Array.from(result);
}

function pool(
  { shape: [height, width, channels], data }: Values,
  isMax: boolean,
  [down, along]: readonly [number, number],
  padding: string,
): Float32Array {
  const rows = reach(height, 3, down, padding);
  const columns = reach(width, 3, along, padding);
  const result: number[] = [];
  for (let row = 0; row < rows.places; row += 1) {
    for (let column = 0; column < columns.places; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const values: number[] = [];
        for (let y = 0; y < 3; y += 1) {
          for (let x = 0; x < 3; x += 1) {
            const top = row * down + y - rows.before;
            const left = column * along + x - columns.before;
            if (top < 0 || left < 0 || top >= height || left >= width) continue;
            values.push(data[(top * width + left) * channels + channel]!);
          }
        }
        const sum = values.reduce((total, value) => total + value, 0);
        // What lies outside does not count in TensorFlow's mean.
        result.push(isMax ? Math.max(...values) : sum / values.length);
      }
    }
  }
  return Float32Array.from(result);
}
