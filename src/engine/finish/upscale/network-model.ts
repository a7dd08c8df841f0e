import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/onnx-model.ts';
import type { Network, NetworkLayer } from './read-network.ts';
import { COLOURS } from './patch.ts';
import { assert } from '../../core/errors.ts';

export const GRAPH_INPUT = 'picture';
export const GRAPH_OUTPUT = 'enlarged';

/** With DepthToSpace's order by columns, rows and depth (`CRD`). */
const OPERATOR_SET = 13;
/** Each pixel becomes 2x2; their places in a block are channels until the end, row by row. */
const BLOCK = 2;
const PLACES = BLOCK * BLOCK;

/**
 * The network as a model: [1, 3, height, width] in 0 to 1 → [1, 3, 2 height, 2 width]. What the last
 * layer gives is added to the picture enlarged linearly, as the network was trained. Zeros lie around
 * every layer, so that a rim of `reachOf` pixels of the input is wasted.
 */
export function networkModel(network: Network): OnnxModel {
  const last = network.at(-1);
  assert(last?.outChannels === COLOURS * PLACES, 'a network ends in three colours of 2x2 pixels');
  const linear = linearLayer();
  return {
    operatorSet: OPERATOR_SET,
    inputs: [{ name: GRAPH_INPUT, dims: [1, COLOURS, 'height', 'width'] }],
    outputs: [{ name: GRAPH_OUTPUT, dims: [1, COLOURS, 'enlarged height', 'enlarged width'] }],
    tensors: [
      ...network.flatMap((layer) => tensorsOf(layer === last ? layer : mirrored(layer))),
      ...tensorsOf(linear),
    ],
    nodes: [
      ...network.flatMap((layer) =>
        layer === last ? convolution(layer) : [...convolution(layer), rectifier(layer)],
      ),
      ...convolution(linear),
      { operator: 'Add', inputs: [linear.name, last.name], outputs: ['blocks'] },
      {
        operator: 'DepthToSpace',
        inputs: ['blocks'],
        outputs: [GRAPH_OUTPUT],
        attributes: { blocksize: { int: BLOCK }, mode: { string: 'CRD' } },
      },
    ],
  };
}

/** How many pixels around one have a say in what it becomes. */
export function reachOf(network: Network): number {
  const reach = new Map<string, number>();
  for (const { name, inputs, side } of network) {
    const before = Math.max(0, ...inputs.map((input) => reach.get(input)!));
    reach.set(name, before + (side - 1) / 2);
  }
  return Math.max(...reach.values());
}

function convolution({ name, inputs, side }: NetworkLayer): OnnxNode[] {
  const border = (side - 1) / 2;
  const rectified = inputs.map(rectifiedName);
  const joined = `${name}.inputs`;
  const from = inputs.length > 1 ? joined : (rectified[0] ?? GRAPH_INPUT);
  const join = {
    operator: 'Concat',
    inputs: rectified,
    outputs: [joined],
    attributes: { axis: { int: 1 } },
  };
  return [
    ...(inputs.length > 1 ? [join] : []),
    {
      operator: 'Conv',
      inputs: [from, weightsName(name), biasName(name)],
      outputs: [name],
      attributes: {
        kernel_shape: { ints: [side, side] },
        pads: { ints: [border, border, border, border] },
      },
    },
  ];
}

function rectifier({ name }: NetworkLayer): OnnxNode {
  return { operator: 'Relu', inputs: [name], outputs: [rectifiedName(name)] };
}

/**
 * CReLU is what is above 0, and then what is below 0 as positive. A layer with each kernel twice, the
 * second time negated, gives both to one plain rectifier, which the runtime fuses with it: measured 15 %
 * quicker than three operations more.
 */
function mirrored(layer: NetworkLayer): NetworkLayer {
  return {
    ...layer,
    outChannels: layer.outChannels * 2,
    weights: withNegated(layer.weights),
    bias: withNegated(layer.bias),
  };
}

function withNegated(values: Float32Array): Float32Array {
  const both = new Float32Array(values.length * 2);
  both.set(values);
  both.set(
    values.map((value) => -value),
    values.length,
  );
  return both;
}

/** Linear enlarging as a layer: each of the four pixels is 9/16, 3/16, 3/16 and 1/16 of the nearest. */
function linearLayer(): NetworkLayer {
  const outChannels = COLOURS * PLACES;
  const shares = [
    [0.25, 0.75, 0],
    [0, 0.75, 0.25],
  ];
  const weights = new Float32Array(outChannels * COLOURS * 9);
  for (let output = 0; output < outChannels; output += 1) {
    const colour = Math.trunc(output / PLACES);
    const down = shares[Math.trunc((output % PLACES) / BLOCK)]!;
    const across = shares[output % BLOCK]!;
    for (let tap = 0; tap < 9; tap += 1) {
      weights[(output * COLOURS + colour) * 9 + tap] =
        down[Math.trunc(tap / 3)]! * across[tap % 3]!;
    }
  }
  return {
    name: 'linear',
    inputs: [],
    inChannels: COLOURS,
    outChannels,
    side: 3,
    weights,
    bias: new Float32Array(outChannels),
  };
}

function tensorsOf(layer: NetworkLayer): OnnxTensor[] {
  const { name, outChannels, inChannels, side, weights, bias } = layer;
  return [
    { name: weightsName(name), dims: [outChannels, inChannels, side, side], data: weights },
    { name: biasName(name), dims: [outChannels], data: bias },
  ];
}

function weightsName(layer: string): string {
  return `${layer}.weights`;
}

function biasName(layer: string): string {
  return `${layer}.bias`;
}

function rectifiedName(layer: string): string {
  return `${layer}.rectified`;
}
