/**
 * Turns a Keras model (`keras-model.ts`) into an ONNX one that gives the same numbers. Keras keeps
 * pictures with their channels last, ONNX first: the input is `[1, channels, height, width]`, and
 * kernels are turned once, here.
 */
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../onnx/onnx-model.ts';
import { readWeights } from './keras-model.ts';
import type { KerasLayer, KerasModelJson, ReadWeight } from './keras-model.ts';

/** Version 13: Softmax along one axis, Pad and Clip with their bounds as inputs. */
const OPERATOR_SET = 13;

/** Throws an `Error` that names the layer where the model has something that was never seen. */
export function onnxOfKeras(model: KerasModelJson, shards: readonly Uint8Array[]): OnnxModel {
  const { layers, input_layers, output_layers } = model.modelTopology.model_config.config;
  const graph = new Graph(readWeights(model.weightsManifest, shards));
  for (const layer of layers) graph.add(layer);
  const input = layers.find(({ name }) => name === input_layers[0]?.[0]);
  if (input === undefined) throw new Error('The model has no input');
  const [, height, width, channels] = input.config['batch_input_shape'] as number[];
  return {
    operatorSet: OPERATOR_SET,
    nodes: graph.nodes,
    tensors: graph.tensors,
    inputs: [{ name: graph.outputOf(input.name), dims: [1, channels!, height!, width!] }],
    outputs: output_layers.map(([name]) => ({ name: graph.outputOf(name), dims: [1, 'classes'] })),
  };
}

type Attributes = Readonly<Record<string, OnnxAttribute>>;

class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #weights: ReadonlyMap<string, ReadWeight>;
  /** Name of the value that a layer gives. */
  readonly #outputs = new Map<string, string>();

  constructor(weights: ReadonlyMap<string, ReadWeight>) {
    this.#weights = weights;
  }

  outputOf(layer: string): string {
    const output = this.#outputs.get(layer);
    if (output === undefined)
      throw new Error(`There is no layer ${layer} before its output is used`);
    return output;
  }

  add(layer: KerasLayer): void {
    const inputs = (layer.inbound_nodes[0] ?? []).map(([name]) => this.outputOf(name));
    this.#outputs.set(layer.name, this.#write(layer, inputs));
  }

  #write(layer: KerasLayer, inputs: readonly string[]): string {
    const { name, config } = layer;
    const input = inputs[0] ?? name;
    switch (layer.class_name) {
      case 'InputLayer':
        return name;
      // It acts in training only.
      case 'Dropout':
        return input;
      case 'ZeroPadding2D':
        return this.#node(name, 'Pad', [input, this.#longs(`${name}/pads`, padsOf(config))]);
      case 'Conv2D':
        return this.#convolution(layer, input, [3, 2, 0, 1]);
      case 'DepthwiseConv2D':
        return this.#convolution(layer, input, [2, 3, 0, 1]);
      case 'BatchNormalization':
        return this.#normalization(layer, input);
      case 'MaxPooling2D':
        return this.#node(name, 'MaxPool', [input], windowOf(layer, 'pool_size'));
      case 'AveragePooling2D':
        return this.#node(name, 'AveragePool', [input], windowOf(layer, 'pool_size'));
      case 'ReLU':
        return this.#rectified(layer, input);
      case 'Activation':
        return this.#activated(layer, input);
      case 'Add':
        return this.#node(name, 'Add', inputs);
      case 'Concatenate':
        if (config['axis'] !== 3 && config['axis'] !== -1) throw unknown(layer, 'axis');
        return this.#node(name, 'Concat', inputs, { axis: { int: 1 } });
      case 'Flatten':
        // The numbers follow each other as Keras has them: pixel by pixel.
        this.#node(`${name}/last`, 'Transpose', [input], { perm: { ints: [0, 2, 3, 1] } });
        return this.#node(name, 'Flatten', [`${name}/last`]);
      case 'Dense':
        this.#node(`${name}/product`, 'MatMul', [input, this.#weight(layer, 'kernel')]);
        return this.#activated(layer, this.#biased(layer, `${name}/product`, []));
      default:
        throw unknown(layer, 'class_name');
    }
  }

  /** `order`: where output channels, input channels, height and width stand in Keras' kernel. */
  #convolution(layer: KerasLayer, input: string, order: readonly number[]): string {
    const { name } = layer;
    const isDepthwise = layer.class_name === 'DepthwiseConv2D';
    const part = isDepthwise ? 'depthwise_kernel' : 'kernel';
    const shape = this.#read(layer, part).shape;
    // Depthwise, each channel has outputs of its own, and each of them one channel of input.
    const dims = isDepthwise
      ? [shape[2]! * shape[3]!, 1, shape[0]!, shape[1]!]
      : order.map((place) => shape[place]!);
    const kernel = this.#weight(layer, part, { order, dims });
    const attributes = {
      ...windowOf(layer, 'kernel_size'),
      dilations: { ints: layer.config['dilation_rate'] as number[] },
      group: { int: isDepthwise ? shape[2]! : 1 },
    };
    this.#node(`${name}/sum`, 'Conv', [input, kernel], attributes);
    return this.#activated(layer, this.#biased(layer, `${name}/sum`, [1, -1, 1, 1]));
  }

  /** `dims`: how a bias lies over the channels; empty: as it is. */
  #biased(layer: KerasLayer, input: string, dims: readonly number[]): string {
    if (layer.config['use_bias'] !== true) return input;
    const { shape } = this.#read(layer, 'bias');
    const lying = dims.map((dim) => (dim === -1 ? shape[0]! : dim));
    const bias = this.#weight(layer, 'bias', { dims: dims.length === 0 ? shape : lying });
    return this.#node(`${layer.name}/biased`, 'Add', [input, bias]);
  }

  #normalization(layer: KerasLayer, input: string): string {
    const { name, config } = layer;
    if (config['axis'] !== 3 && config['axis'] !== -1) throw unknown(layer, 'axis');
    const channels = this.#read(layer, 'moving_mean').shape[0]!;
    const plain = (part: string, value: number) =>
      this.#tensor(`${name}/${part}`, [channels], new Float32Array(channels).fill(value));
    const inputs = [
      input,
      config['scale'] === true ? this.#weight(layer, 'gamma') : plain('gamma', 1),
      config['center'] === true ? this.#weight(layer, 'beta') : plain('beta', 0),
      this.#weight(layer, 'moving_mean'),
      this.#weight(layer, 'moving_variance'),
    ];
    const epsilon = { float: config['epsilon'] as number };
    return this.#node(name, 'BatchNormalization', inputs, { epsilon });
  }

  #rectified(layer: KerasLayer, input: string): string {
    const { name, config } = layer;
    const { max_value: most, negative_slope: slope = 0, threshold = 0 } = config;
    if (slope !== 0 || threshold !== 0) throw unknown(layer, 'negative_slope or threshold');
    if (typeof most !== 'number') return this.#node(name, 'Relu', [input]);
    const bound = (part: string, value: number) =>
      this.#tensor(`${name}/${part}`, [], Float32Array.of(value));
    return this.#node(name, 'Clip', [input, bound('least', 0), bound('most', most)]);
  }

  #activated(layer: KerasLayer, input: string): string {
    const { name } = layer;
    switch (layer.config['activation']) {
      case 'linear':
        return input;
      case 'relu':
        return this.#node(name, 'Relu', [input]);
      case 'softmax':
        return this.#node(name, 'Softmax', [input], { axis: { int: -1 } });
      default:
        throw unknown(layer, 'activation');
    }
  }

  #node(
    output: string,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): string {
    this.nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  }

  #tensor(name: string, dims: readonly number[], data: OnnxTensor['data']): string {
    this.tensors.push({ name, dims, data });
    return name;
  }

  #longs(name: string, values: readonly number[]): string {
    return this.#tensor(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  #read(layer: KerasLayer, part: string): ReadWeight {
    const weight = this.#weights.get(`${layer.name}/${part}`);
    if (weight === undefined) throw new Error(`The weight ${layer.name}/${part} is missing`);
    return weight;
  }

  /**
   * A weight as a constant. Bytes stay bytes and are spread out by the runtime as it loads them: a
   * quarter of the memory on the way.
   */
  #weight(
    layer: KerasLayer,
    part: string,
    lay: { readonly order?: readonly number[]; readonly dims?: readonly number[] } = {},
  ): string {
    const name = `${layer.name}/${part}`;
    const { shape, values } = this.#read(layer, part);
    const { order, dims = shape } = lay;
    const data = order === undefined ? values.data : turned(values.data, shape, order);
    if (values.kind === 'float') return this.#tensor(name, dims, data);
    this.#tensor(`${name}/bytes`, dims, data);
    this.#tensor(`${name}/scale`, [], Float32Array.of(values.scale));
    this.#tensor(`${name}/min`, [], Float32Array.of(values.min));
    this.#node(`${name}/cast`, 'Cast', [`${name}/bytes`], { to: { int: 1 } });
    this.#node(`${name}/scaled`, 'Mul', [`${name}/cast`, `${name}/scale`]);
    return this.#node(name, 'Add', [`${name}/scaled`, `${name}/min`]);
  }
}

/** `[[top, bottom], [left, right]]` as ONNX says it: all beginnings, then all ends. */
function padsOf(config: KerasLayer['config']): number[] {
  const [[top, bottom], [left, right]] = config['padding'] as [[number, number], [number, number]];
  return [0, 0, top, left, 0, 0, bottom, right];
}

function windowOf(layer: KerasLayer, size: 'kernel_size' | 'pool_size'): Attributes {
  const { strides, padding, data_format: format } = layer.config;
  if (format !== 'channels_last') throw unknown(layer, 'data_format');
  if (padding !== 'same' && padding !== 'valid') throw unknown(layer, 'padding');
  return {
    kernel_shape: { ints: layer.config[size] as number[] },
    strides: { ints: strides as number[] },
    // TensorFlow puts the odd pixel of padding at the end.
    auto_pad: { string: padding === 'same' ? 'SAME_UPPER' : 'VALID' },
  };
}

/** The same numbers with their axes in another order; `order[n]`: which axis comes as the n-th. */
function turned<Values extends Float32Array | Uint8Array>(
  data: Values,
  shape: readonly number[],
  order: readonly number[],
): Values {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((all, side) => all * side, 1));
  const [a, b, c, d] = order.map((axis) => ({ side: shape[axis]!, step: steps[axis]! }));
  const result = data.slice() as Values;
  let to = 0;
  for (let i = 0; i < a!.side; i += 1) {
    for (let j = 0; j < b!.side; j += 1) {
      for (let k = 0; k < c!.side; k += 1) {
        let from = i * a!.step + j * b!.step + k * c!.step;
        for (let l = 0; l < d!.side; l += 1, to += 1, from += d!.step) result[to] = data[from]!;
      }
    }
  }
  return result;
}

function unknown(layer: KerasLayer, what: string): Error {
  const value = what === 'class_name' ? layer.class_name : layer.config[what];
  return new Error(`Layer ${layer.name} has an unknown ${what}: ${JSON.stringify(value)}`);
}
