/** Small matrices of plain numbers, for what is shown rather than trained. */

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly values: readonly number[];
}

/** diag(rows) m diag(columns); null is all ones. */
export function scaled(m: Matrix, rows: readonly number[] | null, columns: readonly number[] | null): Matrix {
  const values = m.values.map((value, at) => {
    const [row, column] = [Math.floor(at / m.columns), at % m.columns];
    return value * (rows?.[row] ?? 1) * (columns?.[column] ?? 1);
  });
  return { ...m, values };
}

/** a [M, K] · b [K, N] */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const values: number[] = [];
  for (let row = 0; row < a.rows; row++) {
    for (let column = 0; column < b.columns; column++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) {
        sum += (a.values[row * a.columns + k] ?? 0) * (b.values[k * b.columns + column] ?? 0);
      }
      values.push(sum);
    }
  }
  return { rows: a.rows, columns: b.columns, values };
}

export function transposed({ rows, columns, values }: Matrix): Matrix {
  const turned = Array.from({ length: rows * columns }, (_, at) => {
    return values[(at % rows) * columns + Math.floor(at / rows)] ?? 0;
  });
  return { rows: columns, columns: rows, values: turned };
}
