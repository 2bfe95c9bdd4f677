/** The policy's backward and the latent cell's as one kernel (gpu/kernel-call.ts), against the oracle's two. */
import { expect } from '@open-wc/testing';
import { ProgramBuilder, type Program } from '../../core/program.js';
import { Random } from '../../core/random.js';
import { createGpuExecutor, type GpuExecutor } from '../../gpu/executor.js';
import { relativeError } from '../parity/compare.js';
import { createReferenceExecutor } from '../reference/executor.js';

/** More rows than a tile has, and more policies than one part. */
const [B, I, H, A, P] = [17, 3, 5, 6, 700];
const steps = 2;

function backward(offset: number): Program {
  const builder = new ProgramBuilder(`offset ${offset}`, steps);
  const matrix = (name: string, rows: number, columns: number) => {
    const view = builder.matrix(name, rows, columns);
    builder.port(name, view, [rows, columns]);
    return view;
  };
  const latent = (name: string) => matrix(name, B, A);
  const dz = latent('dz');
  const policy = { d: matrix('d', B, P), weight: matrix('weight', P, A), dd: matrix('dd', B, P), dz };
  const cell = {
    zcPrevious: latent('zcPrevious'),
    zc: latent('zc'),
    weightX: matrix('weightX', 4 * A, I),
    weightH: matrix('weightH', 4 * A, H),
    weightZeta: matrix('weightZeta', 4 * A, A),
    weightHh: matrix('weightHh', 4 * A, A),
    mask: latent('mask'),
    gates: matrix('gates', B, 4 * A),
    dz,
    dzc: latent('dzc'),
    dh: matrix('dh', B, H),
    dx: matrix('dx', B, I),
    dzeta: latent('dzeta'),
  };
  builder.scan('backward', (scan) => {
    scan.call('policyBackward', policy, { b: B, a: A, p: P }, { offset });
    scan.call('latentCellBackward', cell, { b: B, i: I, h: H, a: A });
  });
  return builder.build();
}

describe('policy and latent cell backward, as one', () => {
  let executor: GpuExecutor;
  before(async () => {
    executor = await createGpuExecutor({ style: 'tiles' });
  });
  after(() => executor.destroy());

  for (const offset of [0, 1]) {
    it(`offset ${offset}`, async () => {
      const program = backward(offset);
      const [fused, oracle] = [await executor.load(program), await createReferenceExecutor().load(program)];
      const random = new Random(1, offset);
      for (const [name, { shape }] of program.ports) {
        const [rows, columns] = shape.map(Number);
        const around = name === 'd' ? offset : 0;
        const size = name === 'weight' ? 0.1 : 1;
        const draw = () => around + size * (2 * random.next() - 1);
        const values = Float32Array.from({ length: (rows ?? NaN) * (columns ?? NaN) }, draw);
        for (const runner of [fused, oracle]) runner.write(name, values);
      }
      for (const runner of [fused, oracle]) runner.run(steps);
      expect(fused.dispatches).to.equal(2 * steps);
      for (const [name, { shape }] of program.ports) {
        const length = shape.map(Number).reduce((product, size) => product * size, 1);
        const got = await fused.read(name, new Float32Array(length));
        const expected = await oracle.read(name, new Float64Array(length));
        expect(relativeError(got, expected), name).to.be.at.most(1e-5);
      }
      for (const runner of [fused, oracle]) runner.unload();
    });
  }
});
