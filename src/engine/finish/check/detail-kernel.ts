/**
 * The two inner loops of `measure-detail.ts` as WebAssembly, eight pixels at a time: JavaScript takes four
 * times as long, and every picture that was paid for is measured. Written in the instructions' own numbers
 * (WebAssembly 3.0, "Binary Format"), so that nothing has to be compiled or believed.
 */

/** Where memory holds what: totals, the mask of the last eight pixels, then the caller's rows. */
export const KERNEL = { squares: 0, sums: 16, mask: 32, rows: 64 } as const;
/** Bytes behind each row that are read, or written, and count for nothing. */
export const BEHIND_ROW = 32;

/** What is used of the platform's, which only the types of browsers know. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export interface KernelMemory {
  /** Another one after each growth. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface DetailKernel {
  readonly memory: KernelMemory;
  /** Luma of `width` pixels of three bytes at `rgb`, as 16 bits each, to `to`. */
  readonly luma: (rgb: number, width: number, to: number) => void;
  /** Adds the Laplacians of a row of luma, between two others, and their squares to the totals. */
  readonly laplace: (above: number, here: number, below: number, width: number) => void;
}

export function createDetailKernel(): DetailKernel {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  const kernel = instance.exports as DetailKernel;
  new Uint8Array(kernel.memory.buffer, KERNEL.mask, 16).fill(255);
  return kernel;
}

/** `\0asm` and the version. */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const V128 = 0x7b;

function moduleBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...HEAD,
    ...section(1, [func(3), func(4)]),
    ...section(3, [[0], [1]]),
    ...section(5, [[0, 1]]),
    ...section(7, [named('memory', 2, 0), named('luma', 0, 0), named('laplace', 0, 1)]),
    ...section(10, [LUMA, LAPLACE].map(sized)),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

/** A type: so many integers in, nothing out. */
function func(parameters: number): number[] {
  return [0x60, parameters, ...Array.from({ length: parameters }, () => I32), 0];
}

function named(name: string, kind: number, index: number): number[] {
  return [...sized([...Buffer.from(name)]), kind, index];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function line(...instructions: readonly number[][]): number[] {
  return instructions.flat();
}

function get(local: number): number[] {
  return [0x20, local];
}

function set(local: number): number[] {
  return [0x21, local];
}

/** Of -64 to 63. */
function int(value: number): number[] {
  return [0x41, value & 127];
}

function simd(instruction: number): number[] {
  return [0xfd, ...unsigned(instruction)];
}

/** At an address and `offset` bytes, wherever it lies. */
function load(offset: number): number[] {
  return [...simd(0), 0, ...unsigned(offset)];
}

function store(offset: number): number[] {
  return [...simd(11), 0, ...unsigned(offset)];
}

function constant(bytes: Uint8Array): number[] {
  return [...simd(12), ...bytes];
}

/** The same two numbers four times. */
function pairs(one: number, other: number): number[] {
  return constant(
    new Uint8Array(Int16Array.from({ length: 8 }, (_, at) => (at % 2 ? other : one)).buffer),
  );
}

/** A colour and the next one of each of four pixels, as 16 bits each; what is beyond a register is 0. */
function twoColours(first: number): number[] {
  const from = Array.from({ length: 8 }, (_, at) => Math.floor(at / 2) * 3 + first + (at % 2));
  return [...constant(Uint8Array.from(from.flatMap((byte) => [byte, 255]))), ...SWIZZLE];
}

const ADD = [0x6a];
const SUBTRACT = [0x6b];
const IS_LESS = [0x48];
const IS_GREATER = [0x4a];
const SHIFT_LEFT = [0x74];
const SELECT = [0x1b];
const LOOP = [0x03, 0x40];
const AGAIN_IF = [0x0d, 0];
const END = [0x0b];
const SWIZZLE = simd(14);
const AND = simd(78);
const NARROW_TO_16 = simd(134);
const SHIFT_LEFT_16 = simd(139);
const ADD_16 = simd(142);
const SUBTRACT_16 = simd(145);
const SHIFT_RIGHT_32 = simd(173);
const ADD_32 = simd(174);
/** Products of 16 bits, added by twos. */
const DOT = simd(186);
const LOW_TO_64 = { signed: simd(199), unsigned: simd(201) };
const HIGH_TO_64 = { signed: simd(200), unsigned: simd(202) };
const ADD_64 = simd(206);

/** Adds a number to a local. */
function advance(local: number, by: number): number[] {
  return [...get(local), ...int(by), ...ADD, ...set(local)];
}

/** Rec. 601 in 16-bit fractions (19595, 38470, 7471) and a half to round by; green's half is in each pair. */
function lumaOfFour(offset: number): number[] {
  return [
    ...line(get(0), load(offset), twoColours(0), pairs(19_595, 19_235), DOT),
    ...line(get(0), load(offset), twoColours(1), pairs(19_235, 7_471), DOT),
    ...line(ADD_32, constant(new Uint8Array(Int32Array.of(...HALVES).buffer)), ADD_32),
    ...line(int(16), SHIFT_RIGHT_32),
  ];
}

const HALVES = [32_768, 32_768, 32_768, 32_768];

/** Parameters 0: rgb, 1: pixels left, 2: to. */
const LUMA = [
  0,
  ...LOOP,
  ...line(get(2), lumaOfFour(0), lumaOfFour(12), NARROW_TO_16, store(0)),
  ...line(advance(0, 24), advance(2, 16), advance(1, -8)),
  ...line(int(0), get(1), IS_LESS, AGAIN_IF),
  ...END,
  ...END,
];

/** Adds four numbers on the stack to a local of two. */
function total(local: number, value: number, kind: 'signed' | 'unsigned'): number[] {
  return [
    ...line(get(value), LOW_TO_64[kind], get(value), HIGH_TO_64[kind], ADD_64),
    ...line(get(local), ADD_64, set(local)),
  ];
}

/** Adds a local to what memory has at a place. */
function addAt(place: number, local: number): number[] {
  return line(int(0), int(0), load(place), get(local), ADD_64, store(place));
}

const FOUR_REGISTERS = [1, 4, V128];

/**
 * Parameters 0: above, 1: here, 2: below, 3: width, later the pixels left; 4: eight Laplacians, 5: squares,
 * 6: sums, 7: four to be added.
 */
const LAPLACE = [
  ...FOUR_REGISTERS,
  ...advance(3, -2),
  ...LOOP,
  ...line(get(0), load(2), get(2), load(2), ADD_16),
  ...line(get(1), load(0), ADD_16, get(1), load(4), ADD_16),
  ...line(get(1), load(2), int(2), SHIFT_LEFT_16, SUBTRACT_16),
  // What lies behind the row is masked: (8 - the least of 8 and what is left) numbers of it.
  ...line(int(8), int(8), get(3), get(3), int(8), IS_GREATER, SELECT),
  ...line(SUBTRACT, int(1), SHIFT_LEFT, load(KERNEL.mask), AND, set(4)),
  ...line(get(4), get(4), DOT, set(7), total(5, 7, 'unsigned')),
  ...line(get(4), pairs(1, 1), DOT, set(7), total(6, 7, 'signed')),
  ...line(advance(0, 16), advance(1, 16), advance(2, 16), advance(3, -8)),
  ...line(int(0), get(3), IS_LESS, AGAIN_IF),
  ...END,
  ...addAt(KERNEL.squares, 5),
  ...addAt(KERNEL.sums, 6),
  ...END,
];
