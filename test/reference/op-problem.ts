/** Writes a small Program of a few calls, with random operands, whose gradients can be checked. */
import type { OpName } from '../../core/ops.js';
import { ProgramBuilder, type View, type Writer } from '../../core/program.js';
import { Random } from '../../core/random.js';
import type { Differentiable } from './finite-difference.js';

export interface OpGradient {
  readonly name: string;
  /** The ops whose forward or backward would be found wrong. */
  readonly ops: readonly OpName[];
  readonly problem: Differentiable;
}

type Draw = (random: Random) => number;

const symmetric: Draw = (random) => 2 * random.next() - 1;

export class OpProblem {
  readonly #builder = new ProgramBuilder('op', 1);
  readonly #shapes = new Map<string, readonly [rows: number, columns: number]>();
  readonly #inputs: Record<string, Float64Array | Int32Array> = {};
  readonly #outputs: Record<string, string | null> = {};
  readonly #gradients: Record<string, string> = {};
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed, 1);
  }

  call: Writer['call'] = (...call) => this.#builder.call(...call);

  /** An operand of random numbers. */
  input(name: string, rows: number, columns: number, draw = symmetric): View {
    this.#inputs[name] = Float64Array.from({ length: rows * columns }, () => draw(this.#random));
    return this.blank(name, rows, columns);
  }

  ids(name: string, ids: readonly number[]): View {
    this.#inputs[name] = Int32Array.from(ids);
    const view = this.#builder.matrix(name, 1, ids.length, 'i32');
    this.#builder.port(name, view, [ids.length]);
    return view;
  }

  /** Memory that an op writes. */
  blank(name: string, rows: number, columns: number): View {
    const view = this.#builder.matrix(name, rows, columns);
    this.#builder.port(name, view, [rows, columns]);
    this.#shapes.set(name, [rows, columns]);
    return view;
  }

  /** Makes `output` a part of the loss, and returns the loss's gradient by it, named with a d before. */
  seed(output: string): View {
    this.#outputs[output] = `d${output}`;
    const [rows, columns] = this.#shapeOf(output);
    return this.input(`d${output}`, rows, columns);
  }

  /** Makes `output`, which is one number, the loss. */
  loss(output: string): void {
    this.#outputs[output] = null;
  }

  /** Where the gradient of `input` is to be formed, 0 before. */
  gradient(input: string): View {
    const [rows, columns] = this.#shapeOf(input);
    this.#gradients[input] = `d${input}`;
    return this.input(`d${input}`, rows, columns, () => 0);
  }

  /** Where the gradient of `input` is added to that of its other uses. */
  accumulated(input: string): View {
    this.gradientIn(input, `d${input}`);
    return this.seed(input);
  }

  /** Says that the gradient of `input` ends up in a tensor that held something else before. */
  gradientIn(input: string, port: string): void {
    this.#gradients[input] = port;
  }

  done(): Differentiable {
    return {
      program: this.#builder.build(),
      steps: 1,
      inputs: this.#inputs,
      outputs: this.#outputs,
      gradients: this.#gradients,
    };
  }

  #shapeOf(name: string): readonly [rows: number, columns: number] {
    const shape = this.#shapes.get(name);
    if (!shape) throw new TypeError(`There is no ${name}.`);
    return shape;
  }
}
