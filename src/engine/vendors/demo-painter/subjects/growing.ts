import { type Colour, darken, hex, lighten } from '../colour.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './figure.ts';

const colours = (text: string): Colour[] => text.split(' ').map(hex);
const BARK = hex('6e4b35');
const STEM = hex('4d8a4a');

function drawTree(pen: Pen, colour: Colour): void {
  pen.path('M-6 0 C-3 -14 -4 -30 -3 -46 L4 -46 C4 -30 4 -14 8 0 C3 -2 -2 -2 -6 0 Z', BARK);
  pen.line([0, -34, -14, -52], 3, BARK, 2);
  pen.line([1, -30, 15, -50], 3, BARK, 2);
  const crowns = [
    [-22, -52, 18, 15],
    [23, -52, 18, 15],
    [-12, -66, 21, 19],
    [15, -68, 20, 18],
    [0, -80, 20, 19],
    [0, -58, 22, 16],
  ] as const;
  for (const [x, y, rx, ry] of crowns)
    pen.ellipse(x + 2, y + 4, rx, ry, darken(colour, 0.4), 0, 0.5);
  for (const [x, y, rx, ry] of crowns) pen.ellipse(x, y, rx * 0.92, ry * 0.9, colour, 0, 0.9);
  for (const [x, y, rx, ry] of crowns)
    pen.ellipse(x - rx * 0.25, y - ry * 0.3, rx * 0.46, ry * 0.36, lighten(colour, 0.2), 0, 0.5);
}

function drawFlower(pen: Pen, colour: Colour): void {
  pen.line([0, 0, 3, -20, 2, -42, 0, -66], 2.6, STEM, 2);
  pen.path('M2 -18 C16 -20 26 -32 27 -44 C14 -42 4 -32 2 -18 Z', STEM);
  pen.path('M2 -26 C-12 -28 -22 -38 -24 -50 C-11 -48 -1 -40 2 -26 Z', lighten(STEM, 0.12));
  const petals = 9;
  for (const [reach, tone] of [
    [17, darken(colour, 0.18)],
    [15, colour],
  ] as const) {
    for (let petal = 0; petal < petals; petal++) {
      const turn = ((petal + (reach === 17 ? 0.5 : 0)) / petals) * Math.PI * 2;
      pen.ellipse(Math.cos(turn) * reach, -72 + Math.sin(turn) * reach, 12, 6, tone, turn, 0.5);
    }
  }
  pen.ellipse(0, -72, 9, 9, hex('e3a53a'), 0, 0.9);
  pen.ellipse(-1, -73, 5, 5, hex('a5672a'), 0, 0.5);
}

function drawCactus(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.3);
  pen.line([-2, -36, -24, -38, -27, -46, -27, -66], 11, colour, 10);
  pen.line([2, -26, 22, -28, 25, -36, 25, -52], 10, colour, 9);
  pen.path('M-10 0 L-10 -88 C-9 -103 9 -103 10 -88 L10 0 Z', colour, 0.9);
  for (const x of [-5, 0, 5]) pen.line([x, -4, x, -92], 0.9, dark);
  pen.ellipse(0, -99, 4, 3, hex('ee6f8e'), 0, 0.4);
  pen.ellipse(-27, -72, 3.4, 2.6, hex('ee6f8e'), 0, 0.4);
}

function drawMushroom(pen: Pen, colour: Colour): void {
  pen.path(
    'M-11 0 C-8 -20 -12 -36 -10 -52 L10 -52 C12 -36 8 -20 13 0 C5 -3 -4 -3 -11 0 Z',
    hex('f0e4d0'),
    0.9,
  );
  pen.path('M-40 -50 C-20 -42 20 -42 40 -50 C30 -56 -30 -56 -40 -50 Z', hex('d8c4a8'), 0.4);
  pen.path(
    'M-44 -50 C-44 -82 -22 -100 0 -100 C22 -100 44 -82 44 -50 C26 -58 -26 -58 -44 -50 Z',
    colour,
    0.9,
  );
  for (const [x, y, rx, ry] of [
    [-22, -72, 7, 6],
    [2, -86, 8, 5.6],
    [20, -68, 8, 7],
    [-4, -65, 5, 4.4],
    [33, -60, 4, 4.6],
  ] as const) {
    pen.ellipse(x, y, rx, ry, hex('fbf3e4'), 0, 0.3);
  }
}

function drawApple(pen: Pen, colour: Colour): void {
  pen.path(
    'M0 -78 C-22 -92 -46 -74 -44 -44 C-42 -16 -22 4 0 -4 C22 4 42 -16 44 -44 C46 -74 22 -92 0 -78 Z',
    colour,
    1,
  );
  pen.line([0, -76, 2, -88, 7, -98], 3.4, hex('5f4230'), 2.6);
  pen.path('M4 -86 C14 -102 32 -102 40 -94 C32 -82 16 -78 4 -86 Z', STEM);
  pen.ellipse(-22, -58, 6, 11, lighten(colour, 0.6), 0.4, 0);
}

export const GROWING = {
  tree: {
    size: 0.46,
    reach: 36,
    place: 'ground',
    colours: colours('4f8a4a 6d9a45 c8803a 3f7d63'),
    draw: drawTree,
  },
  flower: {
    size: 0.4,
    reach: 22,
    place: 'ground',
    colours: colours('e8587a f2b23f d84f4a 9a6bd1 f4eee2'),
    draw: drawFlower,
  },
  cactus: {
    size: 0.34,
    reach: 26,
    place: 'ground',
    colours: colours('4f8f5f 5d9a7c'),
    draw: drawCactus,
  },
  mushroom: {
    size: 0.3,
    reach: 34,
    place: 'ground',
    colours: colours('cf3f35 c77a3c'),
    draw: drawMushroom,
  },
  apple: {
    size: 0.2,
    reach: 40,
    place: 'ground',
    colours: colours('d13f36 e08a35 7fae3f'),
    draw: drawApple,
  },
} as const satisfies Record<string, Figure>;
