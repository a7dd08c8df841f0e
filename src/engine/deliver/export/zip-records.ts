/**
 * The records of a ZIP archive, as bytes. From PKWARE's APPNOTE 6.3.10: 4.3.7 local header, 4.3.12 central
 * header, 4.3.14 to 4.3.16 ends of the central directory, 4.5.3 zip64; the time in UTC is Info-ZIP's
 * extra field 0x5455. Values from `ZIP64_FROM` on stand in the zip64 field.
 */
import { isoTime } from '../../core/iso-time.ts';

export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  /** As stored in the archive. */
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of its local header, from the beginning of the archive. */
  readonly offset: number;
  /** Room for long lengths is kept in the local header, since they are filled in later. */
  readonly isLong: boolean;
}

const ZIP64_FROM = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;
const UTF8_NAMES = 1 << 11;
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** A Unix system, so that the file mode below is understood. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
const REGULAR_FILE_MODE = 0o100644;
const METHODS = { stored: 0, deflated: 8 } as const;

/** Stands before an entry's bytes. Its length does not change with the lengths that it tells. */
export function localHeader(entry: ZipEntry, at: number): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const extra = Buffer.concat([
    entry.isLong ? zip64Field([entry.bytes, entry.packedBytes]) : EMPTY,
    timeField(at),
  ]);
  const fixed = Buffer.alloc(30);
  fixed.writeUInt32LE(0x04034b50, 0);
  fixed.writeUInt16LE(entry.isLong ? VERSION_ZIP64 : VERSION, 4);
  writeCommon(fixed, 6, entry, at, entry.isLong);
  fixed.writeUInt16LE(name.length, 26);
  fixed.writeUInt16LE(extra.length, 28);
  return Buffer.concat([fixed, name, extra]);
}

/** Stands in the directory at the archive's end. */
export function centralHeader(entry: ZipEntry, at: number): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const isLong = entry.isLong || entry.offset >= ZIP64_FROM;
  const extra = Buffer.concat([
    isLong ? zip64Field([entry.bytes, entry.packedBytes, entry.offset]) : EMPTY,
    timeField(at),
  ]);
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(0x02014b50, 0);
  fixed.writeUInt16LE(MADE_BY, 4);
  fixed.writeUInt16LE(isLong ? VERSION_ZIP64 : VERSION, 6);
  writeCommon(fixed, 8, entry, at, isLong);
  fixed.writeUInt16LE(name.length, 28);
  fixed.writeUInt16LE(extra.length, 30);
  fixed.writeUInt32LE(REGULAR_FILE_MODE * 0x1_0000, 38);
  fixed.writeUInt32LE(isLong ? ZIP64_FROM : entry.offset, 42);
  return Buffer.concat([fixed, name, extra]);
}

/** The end of the archive: where its directory lies. */
export function endRecords(directory: {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}): Buffer {
  const { entries, bytes, offset } = directory;
  const isLong = entries >= MOST_ENTRIES || bytes >= ZIP64_FROM || offset >= ZIP64_FROM;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isLong ? MOST_ENTRIES : entries, 8);
  end.writeUInt16LE(isLong ? MOST_ENTRIES : entries, 10);
  end.writeUInt32LE(isLong ? ZIP64_FROM : bytes, 12);
  end.writeUInt32LE(isLong ? ZIP64_FROM : offset, 16);
  if (!isLong) return end;

  const long = Buffer.alloc(56);
  long.writeUInt32LE(0x06064b50, 0);
  long.writeBigUInt64LE(44n, 4);
  long.writeUInt16LE(MADE_BY, 12);
  long.writeUInt16LE(VERSION_ZIP64, 14);
  long.writeBigUInt64LE(BigInt(entries), 24);
  long.writeBigUInt64LE(BigInt(entries), 32);
  long.writeBigUInt64LE(BigInt(bytes), 40);
  long.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([long, locator, end]);
}

/** Flags, method, time, checksum and lengths: the same in both headers. */
function writeCommon(
  header: Buffer,
  start: number,
  entry: ZipEntry,
  at: number,
  isLong: boolean,
): void {
  const { date, time } = dosTime(at);
  header.writeUInt16LE(UTF8_NAMES, start);
  header.writeUInt16LE(METHODS[entry.method], start + 2);
  header.writeUInt16LE(time, start + 4);
  header.writeUInt16LE(date, start + 6);
  header.writeUInt32LE(entry.crc32, start + 8);
  header.writeUInt32LE(isLong ? ZIP64_FROM : entry.packedBytes, start + 12);
  header.writeUInt32LE(isLong ? ZIP64_FROM : entry.bytes, start + 16);
}

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, place) => field.writeBigUInt64LE(BigInt(value), 4 + place * 8));
  return field;
}

/** Seconds since 1970, which need no time zone; readers that do not know it take the field below. */
function timeField(at: number): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(Math.min(Math.max(0, Math.floor(at / 1000)), 0x7fff_ffff), 5);
  return field;
}

/** Two seconds a step from 1980 on; in UTC, so that the bytes do not depend on the machine's zone. */
function dosTime(at: number): { readonly date: number; readonly time: number } {
  const digits = isoTime(Math.min(Math.max(at, EARLIEST), LATEST)).match(/\d+/g) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map(Number);
  return {
    date: ((year - 1980) << 9) | (month << 5) | day,
    time: (hour << 11) | (minute << 5) | (second >> 1),
  };
}

/** 1980-01-01T00:00:00Z and 2107-12-31T23:59:58Z. */
const EARLIEST = 315_532_800_000;
const LATEST = 4_354_819_198_000;
const EMPTY = Buffer.alloc(0);
