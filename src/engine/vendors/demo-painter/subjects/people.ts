import { type Colour, darken, hex, lighten } from '../colour.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './figure.ts';

const colours = (text: string): Colour[] => text.split(' ').map(hex);
const SKIN = hex('d9a27c');
const HAIR = hex('3a2a26');
const TROUSERS = hex('39425c');

/** Seen from behind, looking into the picture: it suits any prompt and shows no face. */
function drawPerson(pen: Pen, colour: Colour): void {
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 0.6} -48 L${side * 10} -48 L${side * 8.4} -3 L${side * 2.6} -3 Z`,
      TROUSERS,
      0.5,
    );
    pen.path(
      `M${side * 2} -4 L${side * 8.8} -4 L${side * 10.5} 0 L${side * 1.6} 0 Z`,
      hex('2a2526'),
      0.3,
    );
    pen.ellipse(side * 15.6, -43, 2.6, 3.2, SKIN);
    pen.path(
      `M${side * 8} -80 C${side * 14} -80 ${side * 15} -74 ${side * 16} -66 L${side * 18.4} -44 L${side * 13} -43 L${side * 10} -64 Z`,
      darken(colour, 0.12),
      0.5,
    );
  }
  pen.path('M-4 -88 L4 -88 L4.5 -78 L-4.5 -78 Z', SKIN, 0.5);
  pen.path(
    'M-11 -79 C-8 -82 8 -82 11 -79 C13 -66 11.6 -54 12 -42 C6 -40 -6 -40 -12 -42 C-11.6 -54 -13 -66 -11 -79 Z',
    colour,
  );
  pen.path(
    'M-8 -77 C-8 -80 8 -80 8 -77 L8.4 -56 C4 -54 -4 -54 -8.4 -56 Z',
    lighten(darken(colour, 0.45), 0.06),
    0.6,
  );
  pen.path('M-6 -66 L6 -66 L6 -57 C3 -56 -3 -56 -6 -57 Z', darken(colour, 0.6), 0.4);
  pen.ellipse(0, -91, 6.8, 8, SKIN);
  pen.path(
    'M-7.4 -88 C-9 -100 -3 -100.5 0 -100 C4 -101 9 -99 7.4 -88 C6 -83 3 -82 0 -82 C-3 -82 -6 -83 -7.4 -88 Z',
    HAIR,
    0.7,
  );
}

function drawRobot(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.55);
  const joint = hex('5b6470');
  for (const side of [-1, 1]) {
    pen.path(`M${side * 5} -30 L${side * 13} -30 L${side * 13} -6 L${side * 5} -6 Z`, joint, 0.8);
    pen.path(
      `M${side * 2.6} -9 L${side * 15} -9 C${side * 18} -8 ${side * 19} -4 ${side * 19} 0 L${side * 2.6} 0 Z`,
      colour,
    );
    pen.line([side * 22, -56, side * 28, -44, side * 27, -33], 6, joint, 5);
    pen.ellipse(side * 27, -30, 5.6, 5.6, colour);
    pen.ellipse(side * 21, -58, 6.4, 6.4, colour);
    pen.ellipse(side * 22, -81, 3, 5, joint);
  }
  pen.path(
    'M-19 -62 C-19 -66 -16 -67 -12 -67 L12 -67 C16 -67 19 -66 19 -62 L17 -31 C16 -27 14 -27 10 -27 L-10 -27 C-14 -27 -16 -27 -17 -31 Z',
    colour,
  );
  pen.path('M-11 -58 L11 -58 L10 -41 L-10 -41 Z', dark, 0.3);
  pen.shine(
    'M-8 -50 L-4 -50 L-2 -55 L1 -45 L3 -50 L8 -50 L8 -48.8 L3.8 -48.8 L1 -42 L-2 -51.4 L-3.2 -48.8 L-8 -48.8 Z',
    hex('7cf2c8'),
  );
  for (const [x, tone] of [
    [-6, 'ff6a5c'],
    [0, 'ffd15c'],
    [6, '6ac8ff'],
  ] as const)
    pen.ellipse(x, -34, 2, 2, hex(tone), 0, 0);
  pen.path('M-4 -72 L4 -72 L4 -66 L-4 -66 Z', joint, 0.8);
  pen.line([0, -92, 0, -97], 1.6, joint);
  pen.ellipse(0, -98, 2.6, 2.6, hex('ff6a5c'), 0, 0.3);
  pen.path(
    'M-21 -86 C-21 -92 -17 -94 -12 -94 L12 -94 C17 -94 21 -92 21 -86 L20 -75 C19 -71 16 -70 12 -70 L-12 -70 C-16 -70 -19 -71 -20 -75 Z',
    colour,
  );
  pen.path(
    'M-16 -87 C-16 -90 -13 -90 -10 -90 L10 -90 C13 -90 16 -90 16 -87 L15.6 -78 C15 -75 13 -75 10 -75 L-10 -75 C-13 -75 -15 -75 -15.6 -78 Z',
    hex('1c2733'),
    0.3,
  );
  for (const x of [-7.5, 7.5]) {
    pen.shine(
      `M${x - 3} -82.5 C${x - 3} -87 ${x + 3} -87 ${x + 3} -82.5 C${x + 3} -78 ${x - 3} -78 ${x - 3} -82.5 Z`,
      hex('8af4ff'),
    );
  }
}

export const PEOPLE = {
  person: {
    size: 0.3,
    reach: 15,
    place: 'ground',
    colours: colours('d0533f 2f6d8f e0a33a 587a4c 8a4f7d'),
    draw: drawPerson,
  },
  robot: {
    size: 0.36,
    reach: 26,
    place: 'ground',
    colours: colours('a9b4c0 e0913f 6fa6b8 d8d2c4'),
    draw: drawRobot,
  },
} as const satisfies Record<string, Figure>;
