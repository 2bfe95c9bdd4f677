/** Gzip of several members: in a browser, whose streams refuse what follows the first (Node's go on by themselves). */
import { assert } from '@open-wc/testing';
import { AdaptiveError } from '../../../core/errors.js';
import { Random } from '../../../core/random.js';
import { unpacked } from '../../../worker/corpus/unpack.js';

type Bytes = Uint8Array<ArrayBuffer>;

const verse = 'The sea was calm and the light turned slowly over the water.\n';
const utf8 = new TextEncoder();

async function gzip(content: string | Bytes): Promise<Bytes> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function joined(...parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function* pieces(bytes: Bytes, size: () => number): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length;) {
    const end = at + size();
    yield bytes.slice(at, end);
    at = end;
  }
}

async function unpack(bytes: Bytes, size = () => 65_536): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const part of unpacked(pieces(bytes, size), 'sea.gz')) parts.push(part);
  return joined(...parts);
}

async function textOf(bytes: Bytes, size?: () => number): Promise<string> {
  return new TextDecoder().decode(await unpack(bytes, size));
}

async function refuses(bytes: Bytes, size?: () => number): Promise<void> {
  const thrown = await unpack(bytes, size).then(
    () => null,
    (error: unknown) => error,
  );
  assert.instanceOf(thrown, AdaptiveError);
  assert.equal(thrown.code, 'corpus-not-text');
  assert.match(
    thrown.message,
    /^sea\.gz could not be unpacked: it is damaged, ends too early or goes on with something/,
  );
}

/** Bytes that do not get smaller. */
function noise(length: number, random: Random): Bytes {
  return Uint8Array.from({ length }, () => Math.floor(256 * random.next()));
}

it('the platform refuses a second member, which is why there is more to this than a stream', async () => {
  const two = joined(await gzip('a'), await gzip('b'));
  const stream = new Blob([two]).stream().pipeThrough(new DecompressionStream('gzip'));
  const refused = await new Response(stream).text().then(
    () => false,
    () => true,
  );
  assert.isTrue(refused);
});

it('members of any length are one text, in whatever pieces they come', async () => {
  const random = new Random(1, 1);
  for (let round = 0; round < 40; round++) {
    const count = 1 + Math.floor(6 * random.next());
    const texts = Array.from({ length: count }, (_, i) =>
      `${round} ${i} ${verse}`.repeat(Math.floor(400 * random.next() ** 4)),
    );
    const packed = joined(...(await Promise.all(texts.map(gzip))));
    const most = 1 + Math.floor(300 * random.next() ** 3);
    assert.equal(await textOf(packed, () => 1 + Math.floor(most * random.next())), texts.join(''));
  }
});

it('a thousand members, packed files within packed files, and large ones', async () => {
  const small = await gzip(verse);
  assert.equal(await textOf(joined(...new Array<Bytes>(1000).fill(small))), verse.repeat(1000));
  const random = new Random(2, 1);
  const within = joined(small, noise(100_000, random), small);
  const stored = joined(await gzip(within), small, await gzip(joined(small, small)), await gzip(''));
  assert.deepEqual(await unpack(stored), joined(within, utf8.encode(verse), small, small));
  const large = verse.repeat(200_000);
  assert.equal(await textOf(joined(await gzip(large), await gzip(large))), large + large);
});

it('what ends too early, is damaged or goes on with something else is refused', async () => {
  const [one, two] = [await gzip(verse.repeat(50)), await gzip('end\n')];
  const both = joined(one, two);
  for (let end = 3; end < both.length; end++) if (end !== one.length) await refuses(both.slice(0, end));
  // The beginning of the second one stands where the check of the first should be.
  await refuses(joined(one.slice(0, -8), two));
  for (const garbage of [
    [0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0x1f],
    [0x1f, 0x8b],
    [0x1f, 0x8b, 8],
    [...utf8.encode(verse)],
  ]) {
    for (const size of [1, 100_000]) {
      await refuses(joined(one, Uint8Array.from(garbage)), () => size);
      await refuses(joined(both, Uint8Array.from(garbage)), () => size);
    }
  }
  for (const at of [40, one.length - 6, one.length - 2, one.length + 12, both.length - 5]) {
    const flipped = both.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    await refuses(flipped);
  }
});

it('no more is read than is asked for', async () => {
  const random = new Random(3, 1);
  const member = await gzip(noise(50_000, random));
  let read = 0;
  async function* endless(): AsyncGenerator<Bytes> {
    for (;;) {
      read += member.length;
      yield member;
    }
  }
  const parts = unpacked(endless(), 'sea.gz');
  let bytes = 0;
  while (bytes < 1_000_000) {
    const part = await parts.next();
    assert.isFalse(part.done);
    bytes += part.value.length;
  }
  await parts.return(undefined);
  assert.isBelow(read, 1_000_000 + 4 * member.length);
});
