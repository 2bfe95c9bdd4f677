/**
 * Writes protocol buffers: as much as an ONNX model needs. A message is a list of chunks that are joined once, at the
 * end, so that weights are not copied at every level. https://protobuf.dev/programming-guides/encoding/
 */
export type Message = readonly Uint8Array[];

/** A whole number that is not negative, of field `tag`. */
export function integer(tag: number, value: number): Message {
  return [Uint8Array.of(...varint(tag * 8), ...varint(value))];
}

/** A string, bytes or a message inside. */
export function nested(tag: number, content: string | Uint8Array | Message): Message {
  const chunks =
    typeof content === 'string'
      ? [new TextEncoder().encode(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  return [Uint8Array.of(...varint(tag * 8 + 2), ...varint(lengthOf(chunks))), ...chunks];
}

/** Bytes. */
export function lengthOf(message: Message): number {
  return message.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

export function joined(message: Message): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(message));
  let at = 0;
  for (const chunk of message) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Expected a whole number, got ${value}.`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
