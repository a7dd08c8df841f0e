/**
 * Writes the few kinds of CBOR (RFC 8949) that a COSE signature is made of. The C2PA library reads all CBOR
 * itself, but takes no certificates: it wants the signature whole.
 */

export type CborValue =
  | null
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>;

/** Integers below 2^32, texts, bytes, arrays, maps in the order given, null. */
export function writeCbor(value: CborValue): Uint8Array {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap((pair) => pair.map(writeCbor));
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  const items = value as readonly CborValue[];
  return Buffer.concat([head(4, items.length), ...items.map(writeCbor)]);
}

/** A value's kind and its figure (or length), in as few bytes as it takes. */
function head(major: number, figure: number): Uint8Array {
  const kind = major << 5;
  if (figure < 24) return Uint8Array.of(kind | figure);
  if (figure < 0x100) return Uint8Array.of(kind | 24, figure);
  if (figure < 0x1_0000) return Uint8Array.of(kind | 25, figure >> 8, figure & 0xff);
  const long = Buffer.alloc(5);
  long[0] = kind | 26;
  long.writeUInt32BE(figure, 1);
  return long;
}
