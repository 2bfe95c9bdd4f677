/** ONNX models as bytes. The numbers are the fields of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import { AdaptiveError } from '../../../core/errors.js';
import { integer, lengthOf, nested, type Message } from './protobuf.js';

/** Number in TensorProto.DataType, bytes of an element. */
const elementTypes = { float: [1, 4], int8: [3, 1], int64: [7, 8], float16: [10, 2] } as const;

/** An input or an output. */
export interface Value {
  readonly name: string;
  readonly type: keyof typeof elementTypes;
  /** A name stands for a size that only the caller knows. */
  readonly shape: readonly (number | string)[];
}

export interface Constant {
  readonly name: string;
  readonly type: keyof typeof elementTypes;
  readonly shape: readonly number[];
  /** The elements, row-major, little-endian. */
  readonly data: Uint8Array;
}

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers are all that is needed here. */
  readonly attributes?: Readonly<Record<string, number>>;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface ModelText {
  /** For people. */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Version of the standard operators: the first whose Add, Mul, Relu and Split are today's. */
const operators = 14;
/** Version of the format that goes with it. */
const format = 7;
/** The most that readers of protocol buffers take. */
const maxBytes = 2 ** 31 - 1;

/**
 * The file, in pieces that follow each other: weights are not copied.
 * @throws AdaptiveError 'memory' if it were larger than the format allows
 */
export function onnxModel(graph: Graph, { description = '', metadata = {} }: ModelText = {}): Message {
  const model = [
    ...integer(1, format),
    ...nested(2, 'adaptive-lm'),
    ...(description === '' ? [] : nested(6, description)),
    ...nested(8, integer(2, operators)),
    ...nested(7, encodeGraph(graph)),
    ...Object.entries(metadata).flatMap(([key, value]) => nested(14, [...nested(1, key), ...nested(2, value)])),
  ];
  const bytes = lengthOf(model);
  if (bytes <= maxBytes) return model;
  throw new AdaptiveError(
    'memory',
    `An ONNX file holds at most 2 GB, and this model takes ${(bytes / 1e9).toFixed(1)}. Choose a smaller precision.`,
    { expected: maxBytes, got: bytes },
  );
}

function encodeGraph({ name, nodes, constants, inputs, outputs }: Graph): Message {
  return [
    ...nodes.flatMap((node) => nested(1, encodeNode(node))),
    ...nested(2, name),
    ...constants.flatMap((constant) => nested(5, encodeConstant(constant))),
    ...inputs.flatMap((value) => nested(11, encodeValue(value))),
    ...outputs.flatMap((value) => nested(12, encodeValue(value))),
  ];
}

function encodeNode({ type, inputs, outputs, attributes = {} }: Node): Message {
  const whole = 2; // AttributeProto.INT
  return [
    ...inputs.flatMap((name) => nested(1, name)),
    ...outputs.flatMap((name) => nested(2, name)),
    ...nested(3, outputs[0] ?? ''), // a node goes by the name of what it makes
    ...nested(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      nested(5, [...nested(1, name), ...integer(3, value), ...integer(20, whole)]),
    ),
  ];
}

function encodeConstant({ name, type, shape, data }: Constant): Message {
  const [number, elementBytes] = elementTypes[type];
  const bytes = shape.reduce((product, size) => product * size, elementBytes);
  if (bytes !== data.byteLength) throw new RangeError(`${name}: expected ${bytes} bytes, got ${data.byteLength}.`);
  return [...shape.flatMap((size) => integer(1, size)), ...integer(2, number), ...nested(8, name), ...nested(9, data)];
}

function encodeValue({ name, type, shape }: Value): Message {
  const dims = shape.flatMap((size) => nested(1, typeof size === 'string' ? nested(2, size) : integer(1, size)));
  const tensor = [...integer(1, elementTypes[type][0]), ...nested(2, dims)];
  return [...nested(1, name), ...nested(2, nested(1, tensor))];
}
