/** An ONNX graph as it is put together: values go by their names, and each call hands on the name of what it makes. */
import type { Constant, Graph, Node, Value } from './onnx-model.js';

export class GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #constants: Constant[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];

  input(value: Value): string {
    this.#inputs.push(value);
    return value.name;
  }

  /** Hands out a value that some call makes under this name. */
  output(value: Value): void {
    this.#outputs.push(value);
  }

  constant(constant: Constant): string {
    this.#constants.push(constant);
    return constant.name;
  }

  /** `output` names what comes out. */
  call(type: string, inputs: readonly string[], output: string, attributes: Node['attributes'] = {}): string {
    this.#nodes.push({ type, inputs, outputs: [output], attributes });
    return output;
  }

  /** `left` · `right`ᵀ (+ `sum`); right [N, K] as our weights lie. */
  product(left: string, right: string, sum: string | null, output: string): string {
    return this.call('Gemm', sum === null ? [left, right] : [left, right, sum], output, { transB: 1 });
  }

  /** Columns of `whole` [B, Σ sizes] side by side; `outputs` names each. */
  split(whole: string, sizes: readonly number[], outputs: readonly string[]): readonly string[] {
    const data = new DataView(new ArrayBuffer(8 * sizes.length));
    sizes.forEach((size, i) => data.setBigInt64(8 * i, BigInt(size), true));
    const bytes = new Uint8Array(data.buffer);
    const lengths = this.constant({ name: `${whole}.sizes`, type: 'int64', shape: [sizes.length], data: bytes });
    this.#nodes.push({ type: 'Split', inputs: [whole, lengths], outputs, attributes: { axis: 1 } });
    return outputs;
  }

  graph(name: string): Graph {
    const [nodes, constants, inputs, outputs] = [this.#nodes, this.#constants, this.#inputs, this.#outputs];
    return { name, nodes, constants, inputs, outputs };
  }
}
