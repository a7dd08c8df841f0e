import { type Colour, WHITE, darken, hex, lighten, mix } from '../colour.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './figure.ts';

const colours = (text: string): Colour[] => text.split(' ').map(hex);
const GLASS = hex('9cc4de');
const RUBBER = hex('24252c');
const STEEL = hex('c3c9d2');

function drawSailboat(pen: Pen, colour: Colour): void {
  pen.line([0, -12, 1, -99], 1.6, hex('8a6a4a'));
  pen.path(
    'M3 -97 C18 -72 32 -44 37 -19 C26 -16 12 -16 3 -17 Z',
    mix(colour, hex('fdf6e8'), 0.85),
    0.55,
  );
  pen.path(
    'M-1 -90 C-10 -64 -22 -38 -32 -20 C-20 -15 -10 -16 -1 -17 Z',
    mix(colour, hex('fdf6e8'), 0.55),
    0.55,
  );
  pen.path('M2 -99 L14 -96 L2 -92 Z', colour, 0.2);
  pen.path(
    'M-42 -13 C-20 -10 20 -10 46 -15 C42 -6 36 0 30 0 L-30 0 C-36 -2 -40 -7 -42 -13 Z',
    colour,
  );
  pen.path(
    'M-41.5 -12 C-20 -9 20 -9 45 -13.5 L44 -10.5 C20 -6.5 -20 -6.5 -40 -9 Z',
    hex('f4ead8'),
    0.3,
  );
}

function drawCar(pen: Pen, colour: Colour): void {
  pen.path(
    'M-116 -20 C-118 -40 -112 -50 -94 -54 C-78 -58 -62 -60 -52 -64 C-36 -88 -18 -98 10 -98 C42 -98 56 -84 70 -64 C92 -60 112 -56 117 -44 C119 -34 119 -26 116 -18 L104 -14 L-106 -14 Z',
    colour,
    0.5,
  );
  pen.path('M-40 -64 C-28 -82 -16 -90 2 -90 L6 -64 Z', GLASS, 0.7);
  pen.path('M14 -90 C36 -89 46 -80 56 -64 L16 -64 Z', GLASS, 0.7);
  pen.path('M-28 -64 L-12 -87 L-6 -89 L-18 -64 Z', WHITE, 0);
  pen.path(
    'M-114 -36 C-60 -42 60 -42 117 -36 L117 -31 C60 -37 -60 -37 -115 -31 Z',
    lighten(colour, 0.35),
    0.2,
  );
  pen.path('M-110 -14 L110 -14 L106 -20 L-112 -20 Z', darken(colour, 0.55), 0.1);
  pen.line([10, -62, 12, -22], 0.9, darken(colour, 0.5));
  pen.line([20, -54, 32, -54], 2, STEEL);
  pen.path('M104 -50 C112 -49 116 -45 117 -40 L106 -41 Z', hex('fff2b8'), 0);
  pen.path('M-113 -46 L-105 -48 L-106 -39 L-115 -37 Z', hex('e8483f'), 0);
  for (const x of [-68, 66]) {
    pen.ellipse(x, -20, 25, 24, darken(colour, 0.75), 0, 0);
    pen.ellipse(x, -19, 21, 21, RUBBER, 0, 0.5);
    pen.ellipse(x, -19, 13, 13, STEEL, 0, 0.8);
    pen.ellipse(x, -19, 10, 10, hex('6f7680'), 0, 0.6);
    for (let spoke = 0; spoke < 5; spoke++) {
      const angle = (spoke / 5) * Math.PI * 2;
      pen.line([x, -19, x + Math.cos(angle) * 11, -19 + Math.sin(angle) * 11], 2.4, STEEL);
    }
  }
}

function drawRocket(pen: Pen, colour: Colour): void {
  pen.path('M-9 -14 C-13 -4 -4 6 0 16 C4 6 13 -4 9 -14 Z', hex('ff9b3d'), 0);
  pen.shine('M-6 -14 C-8 -6 -2 2 0 9 C2 2 8 -6 6 -14 Z', hex('fff0a8'));
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 13} -42 C${side * 26} -34 ${side * 30} -20 ${side * 29} -8 L${side * 12} -18 Z`,
      colour,
    );
  }
  pen.path('M-12 -12 C-22 -42 -20 -78 0 -100 C20 -78 22 -42 12 -12 Z', hex('f1f0ee'), 0.9);
  pen.path('M-11.6 -81 C-8 -90 -4 -96 0 -100 C4 -96 8 -90 11.6 -81 Z', colour, 0.8);
  pen.path('M-14.6 -22 L14.6 -22 L12 -12 L-12 -12 Z', darken(colour, 0.15), 0.9);
  pen.ellipse(0, -60, 9, 9, STEEL, 0, 0.8);
  pen.ellipse(0, -60, 6.6, 6.6, hex('3c6c9c'), 0, 0.8);
  pen.ellipse(-2.2, -62.4, 2, 2, WHITE, 0, 0);
  pen.path('M-2 -40 L2 -40 L2 -8 L-2 -8 Z', colour, 0.4);
}

function drawBalloon(pen: Pen, colour: Colour): void {
  for (const x of [-7, 7]) pen.line([x * 2, -34, x, -12], 0.7, hex('6b5844'));
  const belly = (share: number) =>
    `M0 -100 C${44 * share} -100 ${48 * share} -62 ${30 * share} -44 C${22 * share} -36 ${15 * share} -31 ${13 * share} -29 L${-13 * share} -29 C${-15 * share} -31 ${-22 * share} -36 ${-30 * share} -44 C${-48 * share} -62 ${-44 * share} -100 0 -100 Z`;
  const bright = hex('fbe9cf');
  [1, 0.76, 0.48, 0.18].forEach((share, index) => {
    pen.path(belly(share), index % 2 === 0 ? colour : bright, 0.75);
  });
  pen.path('M-13 -30 L13 -30 L11 -26 L-11 -26 Z', darken(colour, 0.3), 0.5);
  pen.path('M-8 -13 L8 -13 L6.4 0 L-6.4 0 Z', hex('9a6a3d'), 0.7);
  pen.path('M-8.6 -14.4 L8.6 -14.4 L8.4 -11 L-8.4 -11 Z', hex('6e4827'), 0.4);
}

export const TRAVEL = {
  sailboat: {
    size: 0.2,
    reach: 40,
    place: 'water',
    colours: colours('b8402f 28446b 3b2a26 2f7a73'),
    draw: drawSailboat,
  },
  car: {
    size: 0.17,
    reach: 110,
    place: 'ground',
    colours: colours('d6453d 2f6fbf e3ae3b 3e8d78 ded9d0'),
    draw: drawCar,
  },
  rocket: {
    size: 0.5,
    reach: 26,
    place: 'ground',
    colours: colours('d94a3d e5873a 3f74c1'),
    draw: drawRocket,
  },
  balloon: {
    size: 0.36,
    reach: 30,
    place: 'air',
    colours: colours('d9503f e2963a 4a78c4 a34d8f'),
    draw: drawBalloon,
  },
} as const satisfies Record<string, Figure>;
