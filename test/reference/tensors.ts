/** Memory as the oracle's ops see it: every access is by row and column, and one outside the buffer throws. */

class Cells<T extends Float64Array | Int32Array> {
  constructor(
    protected readonly values: T,
    protected readonly offset: number,
  ) {}

  protected at(index: number): number {
    const value = this.values[this.#place(index)];
    if (value === undefined) throw new RangeError(`element ${this.offset} + ${index} of ${this.values.length}`);
    return value;
  }

  protected put(index: number, value: number): void {
    this.values[this.#place(index)] = value;
  }

  #place(index: number): number {
    const place = this.offset + index;
    if (index >= 0 && place < this.values.length) return place;
    throw new RangeError(`element ${this.offset} + ${index} of ${this.values.length}`);
  }
}

/** Row-major, `ld` elements from one row to the next. */
export class Matrix extends Cells<Float64Array> {
  constructor(
    values: Float64Array,
    offset: number,
    readonly ld: number,
  ) {
    super(values, offset);
  }

  get(row: number, column: number): number {
    return this.at(row * this.ld + column);
  }

  set(row: number, column: number, value: number): void {
    this.put(row * this.ld + column, value);
  }

  add(row: number, column: number, value: number): void {
    this.set(row, column, this.get(row, column) + value);
  }
}

export class Vector extends Cells<Float64Array> {
  get(index: number): number {
    return this.at(index);
  }

  set(index: number, value: number): void {
    this.put(index, value);
  }

  add(index: number, value: number): void {
    this.set(index, this.get(index) + value);
  }
}

export class Ids extends Cells<Int32Array> {
  get(index: number): number {
    return this.at(index);
  }

  set(index: number, id: number): void {
    this.put(index, id);
  }
}

/** An element of a policy or a mask; one that is left out is 1 everywhere. */
export function factor(matrix: Pick<Matrix, 'get'> | null, row: number, column: number): number {
  return matrix ? matrix.get(row, column) : 1;
}
