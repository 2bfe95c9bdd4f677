/** Safetensors files put together byte by byte, right or wrong. */

export function rawFile(header: unknown, data: Uint8Array | number = 0, statedLength?: bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  return rawBytes(new TextEncoder().encode(text), data, statedLength);
}

/** `data` may be a number of zero bytes. */
export function rawBytes(header: Uint8Array, data: Uint8Array | number, statedLength?: bigint): Uint8Array {
  const tail = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + header.length + tail.length);
  new DataView(bytes.buffer).setBigUint64(0, statedLength ?? BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(tail, 8 + header.length);
  return bytes;
}

/** The bytes of a text in which one character is one byte. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The header's entry of a float32 tensor at `begin`. */
export function f32(shape: readonly number[], begin = 0) {
  const size = 4 * shape.reduce((product, dim) => product * dim, 1);
  return { dtype: 'F32', shape, data_offsets: [begin, begin + size] };
}
