/** ONNX models as bytes. The numbers are the fields of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import { integer, joined, nested, type Message } from './protobuf.js';

export const elementTypes = { float: 1, int64: 7 } as const;

export interface Value {
  readonly name: string;
  readonly type: keyof typeof elementTypes;
  readonly shape: readonly number[];
}

export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Node {
  readonly type: string;
  /** '' leaves an optional one out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers are all that is needed here. */
  readonly attributes?: Readonly<Record<string, number>>;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** Version of the standard operators: the first whose MatMul, LSTM and ArgMax are today's. */
const operators = 14;
/** Version of the format that goes with it. */
const format = 7;

export function onnxModel({ nodes, constants, inputs, outputs }: Graph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) => nested(1, encodeNode(node))),
    ...nested(2, 'one token'),
    ...constants.flatMap((constant) => nested(5, encodeConstant(constant))),
    ...inputs.flatMap((value) => nested(11, encodeValue(value))),
    ...outputs.flatMap((value) => nested(12, encodeValue(value))),
  ];
  return joined([...integer(1, format), ...nested(8, integer(2, operators)), ...nested(7, graph)]);
}

function encodeNode({ type, inputs, outputs, attributes = {} }: Node): Message {
  const whole = 2; // AttributeProto.INT
  return [
    ...inputs.flatMap((name) => nested(1, name)),
    ...outputs.flatMap((name) => nested(2, name)),
    ...nested(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      nested(5, [...nested(1, name), ...integer(3, value), ...integer(20, whole)]),
    ),
  ];
}

function encodeConstant({ name, shape, values }: Constant): Message {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements !== values.length) throw new RangeError(`${name}: expected ${elements} elements, got ${values.length}.`);
  return [
    ...shape.flatMap((size) => integer(1, size)),
    ...integer(2, elementTypes.float),
    ...nested(8, name),
    ...nested(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}

function encodeValue({ name, type, shape }: Value): Message {
  const dims = shape.flatMap((size) => nested(1, integer(1, size)));
  const tensor = [...integer(1, elementTypes[type]), ...nested(2, dims)];
  return [...nested(1, name), ...nested(2, nested(1, tensor))];
}
