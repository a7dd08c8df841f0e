/**
 * Captions of Photoshop's block in a JPEG (IPTC-IIM 4.2 in image resource 0x0404), made empty in place.
 * Done here since ExifReader, which reads it for inspecting, tells no places of values and writes nothing.
 */

const HEAD = 'Photoshop 3.0\0';
const IPTC_RESOURCE = 0x0404;
/** Of record 2: object name, special instructions, headline, caption. */
const TEXTS = [5, 40, 105, 120];
const TAG_MARKER = 0x1c;

/** What is damaged comes back as far as it was read. */
export function withoutIptcTexts(segment: Buffer): Buffer {
  const copy = Buffer.from(segment);
  if (copy.toString('latin1', 0, HEAD.length) !== HEAD) return copy;
  for (let at = HEAD.length; at + 12 <= copy.length;) {
    if (copy.toString('latin1', at, at + 4) !== '8BIM') return copy;
    const id = copy.readUInt16BE(at + 4);
    // A name with its length before it, then the data with theirs, both filled up to even lengths.
    const size = at + 6 + even(1 + copy.readUInt8(at + 6));
    if (size + 4 > copy.length) return copy;
    const end = size + 4 + copy.readUInt32BE(size);
    if (id === IPTC_RESOURCE) blankTexts(copy.subarray(size + 4, end));
    at = size + 4 + even(end - size - 4);
  }
  return copy;
}

function blankTexts(iptc: Buffer): void {
  for (let at = 0; at + 5 <= iptc.length && iptc[at] === TAG_MARKER;) {
    const [record, dataSet] = [iptc.readUInt8(at + 1), iptc.readUInt8(at + 2)];
    const end = at + 5 + iptc.readUInt16BE(at + 3);
    if (record === 2 && TEXTS.includes(dataSet)) iptc.fill(0x20, at + 5, end);
    at = end;
  }
}

function even(length: number): number {
  return length + (length & 1);
}
