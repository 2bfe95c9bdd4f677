import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Epochs, type WeightedSpan } from '../../../worker/corpus/epochs.js';
import { RowStream } from '../../../worker/corpus/row-stream.js';
import { around, joined, totalLength, type Span } from '../../../worker/corpus/spans.js';
import { DocumentTable } from '../../../worker/corpus/document-table.js';
import { split, type Divided } from '../../../worker/corpus/split.js';
import { MemoryTokens, runLength, type Tokens } from '../../../worker/corpus/tokens.js';

/** n tokens, of which token i is i mod 65521. */
function counting(n: number): MemoryTokens {
  const runs = [];
  for (let at = 0; at < n; at += runLength) {
    runs.push(Uint16Array.from({ length: Math.min(runLength, n - at) }, (_, i) => (at + i) % 65521));
  }
  return new MemoryTokens(runs, n);
}

/** The same as if it were far away. */
function slow(tokens: Tokens): Tokens {
  return {
    length: tokens.length,
    bytes: 0,
    place: 'disk',
    read: async (into, at) => tokens.read(into, at),
    close: () => tokens.close(),
  };
}

function positions(spans: readonly Span[]): number[] {
  return spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
}

const lengths = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 });
const weights = fc.array(fc.constantFrom(0.25, 0.5, 1, 1.5, 2, 3.75), { minLength: 8, maxLength: 8 });

function spansOf(sizes: readonly number[], weighted: readonly number[]): WeightedSpan[] {
  let start = 0;
  return sizes.map((size, i) => {
    const span = { start, end: start + size, weight: weighted[i] ?? 1 };
    start = span.end;
    return span;
  });
}

test('rows are the tokens of each epoch in their order, each followed by its target, whatever the buffer and the place', async () => {
  await fc.assert(
    fc.asyncProperty(
      lengths,
      weights,
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(0, 100, 2 ** 22),
      async (sizes, weighted, batchSize, segments, bufferBytes) => {
        const epochs = new Epochs(spansOf(sizes, weighted));
        fc.pre(epochs.length > batchSize);
        const all = counting(sizes.reduce((a, b) => a + b, 0));
        const stream = new RowStream(slow(all), epochs, batchSize, 20, bufferBytes);
        const { rowLength } = stream;
        assert.equal(rowLength, Math.floor((epochs.length - 1) / batchSize));
        const ids = new Int32Array(20 * batchSize);
        const targets = new Int32Array(ids.length);
        for (let i = 0; stream.position < 3 * rowLength; i++) {
          const { position } = stream;
          const expected = positions(epochs.spansOf(Math.floor(position / rowLength)));
          const at = position % rowLength;
          const steps = await stream.next(ids, targets, segments[i % segments.length] ?? 1);
          assert.ok(steps > 0 && at + steps <= rowLength);
          for (let t = 0; t < steps; t++) {
            for (let row = 0; row < batchSize; row++) {
              assert.equal(ids[t * batchSize + row], expected[row * rowLength + at + t]);
              assert.equal(targets[t * batchSize + row], expected[row * rowLength + at + t + 1]);
            }
          }
          // Whoever comes to this place by another way reads the same.
          const again = new RowStream(all, epochs, batchSize, 20, 50);
          again.position = position;
          const other = new Int32Array(ids.length);
          await again.next(other, new Int32Array(ids.length), steps);
          assert.deepEqual(other.subarray(0, steps * batchSize), ids.subarray(0, steps * batchSize));
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe('weights', () => {
  test('over some epochs every token is read in proportion to its weight, within one', () => {
    fc.assert(
      fc.property(lengths, fc.nat(5), fc.integer({ min: 1, max: 9 }), (sizes, first, count) => {
        const weighted = sizes.map((_, i) => [0.25, 2, 0.5, 1, 3.75, 1.5][(first + i) % 6] ?? 1);
        const spans = spansOf(sizes, weighted);
        const epochs = new Epochs(spans);
        const times = new Map<number, number>();
        for (let epoch = 0; epoch < count; epoch++) {
          const read = positions(epochs.spansOf(epoch));
          assert.equal(read.length, epochs.length);
          for (const place of read) times.set(place, (times.get(place) ?? 0) + 1);
        }
        for (const { start, end, weight } of spans) {
          for (let place = start; place < end; place++) {
            const expected = weight * count;
            const actual = times.get(place) ?? 0;
            // Less than a token of a file's fraction is lost in each epoch.
            assert.ok(
              Math.abs(actual - expected) <= 1 + count / (end - start),
              `${actual} times instead of ${expected}`,
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a file of weight 3 is read three times as often as one of weight 1, and one of 0.5 half as often', () => {
    const epochs = new Epochs(spansOf([1000, 1000, 1000], [1, 3, 0.5]));
    assert.equal(epochs.length, 4500);
    const reads = Array.from({ length: 10 }, (_, epoch) => positions(epochs.spansOf(epoch))).flat();
    const counts = [0, 1, 2].map((each) => reads.filter((place) => Math.floor(place / 1000) === each).length);
    assert.deepEqual(counts, [10_000, 30_000, 5000]);
    const halves = [0, 1].flatMap((epoch) => positions(epochs.spansOf(epoch)).filter((place) => place >= 2000));
    assert.equal(new Set(halves).size, 1000, 'two epochs read all of it');
  });

  test('without weights an epoch is the text', () => {
    assert.deepEqual(new Epochs(spansOf([10, 20, 0, 5], [])).spansOf(7), [{ start: 0, end: 35 }]);
  });
});

describe('what is held out', () => {
  /** Documents of so many tokens and with such hashes, one in a file unless said. */
  const documents = (
    sizes: readonly number[],
    hashes: readonly number[] = sizes.map((_, i) => (i * 7919) % 997),
    files: readonly number[] = sizes.map(() => 1),
  ): Divided => {
    const table = new DocumentTable();
    sizes.forEach((size, i) => {
      table.push({ low: (i * 31) % 7 === 0 ? i : 1, high: hashes[i] ?? 0 });
      table.setTokens(i, size);
    });
    return { documents: table, files };
  };

  test('of one text, the last part', () => {
    assert.deepEqual(split(documents([1_115_394]), 0.1), {
      training: [[{ start: 0, end: 1_003_854 }]],
      held: [{ start: 1_003_854, end: 1_115_394 }],
    });
    assert.deepEqual(totalLength(split(documents([10]), 0).held), 0);
  });

  test('of many, whole documents, the same ones in any order', () => {
    const sizes = Array.from({ length: 100 }, (_, i) => 50 + (i % 13));
    const hashes = sizes.map((_, i) => 2 ** 31 - 500_000_000 + ((i * 7919) % 997) * 2_000_003);
    const { training, held } = split(documents(sizes, hashes), 0.1);
    const total = sizes.reduce((a, b) => a + b);
    assert.ok(totalLength(held) <= 0.1 * total && totalLength(held) > 0.08 * total);
    training.forEach((spans, i) => assert.ok(spans.length === 0 || totalLength(spans) === sizes[i]));
    const chosen = (order: readonly number[]) => {
      const all = documents(
        order.map((i) => sizes[i] ?? 0),
        order.map((i) => hashes[i] ?? 0),
      );
      return split(all, 0.1)
        .training.flatMap((spans, i) => (spans.length > 0 ? [] : [hashes[order[i] ?? 0]]))
        .sort();
    };
    const order = sizes.map((_, i) => i);
    assert.deepEqual(chosen([...order].reverse()), chosen(order));
  });

  test('of few large ones, the last part of each', () => {
    const { training, held } = split(documents([1000, 1000, 1]), 0.1);
    assert.deepEqual(training, [[{ start: 0, end: 900 }], [{ start: 1000, end: 1900 }], [{ start: 2000, end: 2001 }]]);
    assert.deepEqual(held, [
      { start: 900, end: 1000 },
      { start: 1900, end: 2000 },
    ]);
  });

  test('of equal documents all or none, and the spans of a file are as few as can be', () => {
    const sizes = new Array<number>(40).fill(10);
    const hashes = sizes.map((_, i) => i % 20);
    const table = new DocumentTable();
    hashes.forEach((high, i) => {
      table.push({ low: 5, high });
      table.setTokens(i, 10);
    });
    const { training, held } = split({ documents: table, files: [15, 25] }, 0.1);
    assert.deepEqual(
      held,
      [0, 1].flatMap((i) => [{ start: i === 0 ? 0 : 200, end: i === 0 ? 20 : 220 }]),
      'the two smallest hashes, twice',
    );
    assert.deepEqual(training, [
      [{ start: 20, end: 150 }],
      [
        { start: 150, end: 200 },
        { start: 220, end: 400 },
      ],
    ]);
  });

  test('no token is both trained on and held out, and none is lost', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 8, maxLength: 8 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.nat(8),
        (sizes, hashes, fraction, first) => {
          const cut = Math.min(first, sizes.length);
          const { training, held } = split(documents(sizes, hashes, [cut, sizes.length - cut]), fraction);
          const places = positions([...training.flat(), ...held]);
          assert.equal(new Set(places).size, places.length);
          assert.equal(
            places.length,
            sizes.reduce((a, b) => a + b, 0),
          );
        },
      ),
    );
  });
});

test('spans are joined, and go around in a circle', () => {
  assert.deepEqual(
    joined([
      { start: 0, end: 2 },
      { start: 2, end: 2 },
      { start: 2, end: 5 },
      { start: 7, end: 8 },
    ]),
    [
      { start: 0, end: 5 },
      { start: 7, end: 8 },
    ],
  );
  const circle = [
    { start: 0, end: 3 },
    { start: 10, end: 12 },
  ];
  assert.deepEqual(positions(around(circle, 4, 4)), [11, 0, 1, 2]);
  assert.deepEqual(positions(around(circle, 9, 5)), [11, 0, 1, 2, 10]);
});
