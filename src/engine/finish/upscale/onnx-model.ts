import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A constant of a model: float32, row by row. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** One operation. Its attributes are whole numbers, lists of them, or words. */
export interface OnnxNode {
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A graph of float32 tensors with one input and one output; a word in a shape is a free dimension. */
export interface OnnxGraph {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: readonly (number | string)[] };
  readonly output: { readonly name: string; readonly shape: readonly (number | string)[] };
  readonly constants: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

/** Operators as of ONNX 1.8, which every runtime of the last years knows; IR 7 belongs to it. */
const OPERATOR_SET = 13;
const IR_VERSION = 7;

/** Enumerations of onnx.proto: TensorProto.DataType and AttributeProto.AttributeType. */
const FLOAT = 1;
const ATTRIBUTE = { number: 2, word: 3, numbers: 7 } as const;

/**
 * The bytes of an ONNX model, written by the field numbers of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, so that no file of a model has to be shipped.
 */
export function writeOnnxModel(graph: OnnxGraph): Uint8Array {
  return message((model) => {
    model.tag(1, WireType.Varint).int64(IR_VERSION);
    text(model, 2, 'imagemill');
    part(model, 7, (body) => writeGraph(body, graph));
    part(model, 8, (set) => set.tag(2, WireType.Varint).int64(OPERATOR_SET));
  });
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) part(writer, 1, (body) => writeNode(body, node));
  text(writer, 2, graph.name);
  for (const constant of graph.constants) part(writer, 5, (body) => writeTensor(body, constant));
  part(writer, 11, (body) => writeValue(body, graph.input));
  part(writer, 12, (body) => writeValue(body, graph.output));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  text(writer, 2, node.output);
  // A name of its own: the runtime's complaints name it.
  text(writer, 3, node.output);
  text(writer, 4, node.operation);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    part(writer, 5, (attribute) => {
      text(attribute, 1, name);
      if (typeof value === 'number') {
        attribute.tag(3, WireType.Varint).int64(value);
        attribute.tag(20, WireType.Varint).int32(ATTRIBUTE.number);
      } else if (typeof value === 'string') {
        text(attribute, 4, value);
        attribute.tag(20, WireType.Varint).int32(ATTRIBUTE.word);
      } else {
        for (const each of value) attribute.tag(8, WireType.Varint).int64(each);
        attribute.tag(20, WireType.Varint).int32(ATTRIBUTE.numbers);
      }
    });
  }
}

function writeTensor(writer: BinaryWriter, { name, shape, values }: OnnxTensor): void {
  for (const side of shape) writer.tag(1, WireType.Varint).int64(side);
  writer.tag(2, WireType.Varint).int32(FLOAT);
  text(writer, 8, name);
  writer.tag(9, WireType.LengthDelimited).bytes(littleEndian(values));
}

function writeValue(writer: BinaryWriter, value: OnnxGraph['input']): void {
  text(writer, 1, value.name);
  part(writer, 2, (type) => {
    part(type, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(FLOAT);
      part(tensor, 2, (shape) => {
        for (const side of value.shape) {
          part(shape, 1, (dimension) => {
            if (typeof side === 'number') dimension.tag(1, WireType.Varint).int64(side);
            else text(dimension, 2, side);
          });
        }
      });
    });
  });
}

/** ONNX stores little-endian, whatever the machine. */
function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setFloat32(at * 4, value, true);
  return bytes;
}

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function part(writer: BinaryWriter, field: number, write: (body: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
