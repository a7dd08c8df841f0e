/**
 * Writes ONNX models in memory, as far as weights that come in other clothes need it. Field numbers are
 * those of `onnx.proto3` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** `onnx.TensorProto.DataType`. */
const TENSOR_TYPES = { float32: 1, uint8: 2, int64: 7 } as const;
/** `onnx.AttributeProto.AttributeType`. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A constant of the graph; `data` row by row, one element for each place of `dims`. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint8Array | BigInt64Array;
}

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

/** One operation, by its name in the standard operator set (`Conv`, `Relu`, …). */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** What goes in and comes out, always float32; a string is a dimension known only when it is run. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  /** Version of the standard operator set, which says what its operators mean. */
  readonly operatorSet: number;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Of the file's layout, not of its operators: 8 is read by every runtime since 2021. */
const IR_VERSION = 8;

/** The bytes of an `.onnx` file. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string('imagemill');
  message(writer, 7, () => writeGraph(writer, model));
  message(writer, 8, () => writer.tag(2, WireType.Varint).int64(model.operatorSet));
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, model: OnnxModel): void {
  for (const node of model.nodes) message(writer, 1, () => writeNode(writer, node));
  writer.tag(2, WireType.LengthDelimited).string('graph');
  for (const tensor of model.tensors) message(writer, 5, () => writeTensor(writer, tensor));
  for (const value of model.inputs) message(writer, 11, () => writeValue(writer, value));
  for (const value of model.outputs) message(writer, 12, () => writeValue(writer, value));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.tag(1, WireType.LengthDelimited).string(input);
  for (const output of node.outputs) writer.tag(2, WireType.LengthDelimited).string(output);
  writer.tag(4, WireType.LengthDelimited).string(node.operator);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  if ('float' in attribute) {
    writer.tag(2, WireType.Bit32).float(attribute.float);
    writer.tag(20, WireType.Varint).int32(ATTRIBUTE_TYPES.float);
  } else if ('int' in attribute) {
    writer.tag(3, WireType.Varint).int64(attribute.int);
    writer.tag(20, WireType.Varint).int32(ATTRIBUTE_TYPES.int);
  } else if ('string' in attribute) {
    writer.tag(4, WireType.LengthDelimited).string(attribute.string);
    writer.tag(20, WireType.Varint).int32(ATTRIBUTE_TYPES.string);
  } else {
    for (const each of attribute.ints) writer.tag(8, WireType.Varint).int64(each);
    writer.tag(20, WireType.Varint).int32(ATTRIBUTE_TYPES.ints);
  }
}

function writeTensor(writer: BinaryWriter, { name, dims, data }: OnnxTensor): void {
  for (const dim of dims) writer.tag(1, WireType.Varint).int64(dim);
  writer.tag(2, WireType.Varint).int32(typeOf(data));
  writer.tag(8, WireType.LengthDelimited).string(name);
  // Little-endian, which is what every machine that Node runs on is.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function typeOf(data: OnnxTensor['data']): number {
  if (data instanceof Float32Array) return TENSOR_TYPES.float32;
  return data instanceof Uint8Array ? TENSOR_TYPES.uint8 : TENSOR_TYPES.int64;
}

/** `TypeProto.Tensor` within `TypeProto` within `ValueInfoProto`. */
function writeValue(writer: BinaryWriter, { name, dims }: OnnxValue): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  const dimension = (dim: number | string) =>
    typeof dim === 'number'
      ? writer.tag(1, WireType.Varint).int64(dim)
      : writer.tag(2, WireType.LengthDelimited).string(dim);
  const shape = () => {
    for (const dim of dims) message(writer, 1, () => dimension(dim));
  };
  const tensor = () => {
    writer.tag(1, WireType.Varint).int32(TENSOR_TYPES.float32);
    message(writer, 2, shape);
  };
  message(writer, 2, () => message(writer, 1, tensor));
}

function message(writer: BinaryWriter, field: number, write: () => unknown): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}
