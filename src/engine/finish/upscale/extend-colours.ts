import type { RawPicture } from '../raw-picture.ts';

const COLOURS = 3;
const WITH_ALPHA = 4;
/** Farther than any pixel looks: 7 of the first doubling and half as many of the second. */
const REACH = 12;

const UNKNOWN = 0;
const WAITING = 1;
const KNOWN = 2;

/**
 * A picture without its alpha, in which the colours at the border of what is seen go on into what is
 * transparent, as far as any enlarging looks. Whatever colour an editor has left there (mostly black)
 * would darken the border. Needs 3 bytes a pixel for the result and 1 for itself.
 */
export function extendColours({ data, width, height }: RawPicture): RawPicture {
  const colours = new Uint8Array(width * height * COLOURS);
  const states = new Uint8Array(width * height);
  for (let pixel = 0; pixel < states.length; pixel += 1) {
    const from = pixel * WITH_ALPHA;
    colours.set(data.subarray(from, from + COLOURS), pixel * COLOURS);
    if (data[from + COLOURS] !== 0) states[pixel] = KNOWN;
  }
  const around = (pixel: number) => neighboursOf(pixel, width, height);
  let rim = unknownBeside(
    states.keys().filter((pixel) => states[pixel] === KNOWN),
    around,
    states,
  );
  for (let step = 0; step < REACH && rim.length > 0; step += 1) {
    for (const pixel of rim) {
      const known = around(pixel).filter((each) => states[each] === KNOWN);
      for (let colour = 0; colour < COLOURS; colour += 1) {
        const sum = known.reduce((total, each) => total + colours[each * COLOURS + colour]!, 0);
        colours[pixel * COLOURS + colour] = Math.round(sum / known.length);
      }
    }
    for (const pixel of rim) states[pixel] = KNOWN;
    rim = unknownBeside(rim, around, states);
  }
  return { data: colours, width, height, channels: COLOURS };
}

/** Pixels not known yet that lie beside these, each once. */
function unknownBeside(
  pixels: Iterable<number>,
  around: (pixel: number) => readonly number[],
  states: Uint8Array,
): number[] {
  const found: number[] = [];
  for (const pixel of pixels) {
    for (const each of around(pixel)) {
      if (states[each] !== UNKNOWN) continue;
      states[each] = WAITING;
      found.push(each);
    }
  }
  return found;
}

function neighboursOf(pixel: number, width: number, height: number): number[] {
  const x = pixel % width;
  const y = Math.trunc(pixel / width);
  const found: number[] = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
      if (row !== y || column !== x) found.push(row * width + column);
    }
  }
  return found;
}
