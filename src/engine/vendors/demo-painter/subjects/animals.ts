import { type Colour, darken, hex, lighten } from '../colour.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './figure.ts';

const colours = (text: string): Colour[] => text.split(' ').map(hex);
const INK = hex('1d1d26');
const PALE = hex('f6efe4');

/** Two eyes with a spark in each. */
function eyes(pen: Pen, x: number, y: number, apart: number, size: number, iris = INK): void {
  for (const side of [-1, 1]) {
    pen.ellipse(x + side * apart, y, size, size * 1.12, iris, 0, 0);
    if (iris !== INK) pen.ellipse(x + side * apart, y, size * 0.4, size * 0.95, INK, 0, 0);
    pen.ellipse(x + side * apart - size * 0.3, y - size * 0.4, size * 0.3, size * 0.3, PALE, 0, 0);
  }
}

function drawCat(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.3);
  pen.line([20, -8, 34, -7, 43, -14, 44, -26, 38, -36], 8, dark, 6);
  pen.path('M-24 0 C-30 -22 -22 -46 -12 -56 L12 -56 C22 -46 30 -22 24 0 Z', colour);
  pen.path('M-9 -6 C-12 -24 -8 -42 0 -46 C8 -42 12 -24 9 -6 Z', lighten(colour, 0.5), 0.3);
  for (const side of [-1, 1]) {
    pen.ellipse(side * 17, -12, 10, 14, dark, 0, 0.4);
    pen.path(`M${side * 4} 0 L${side * 5} -34 L${side * 13} -34 L${side * 13.5} 0 Z`, colour, 0.4);
    pen.ellipse(side * 9, -2, 6.5, 3.6, lighten(colour, 0.4), 0, 0.3);
    pen.path(`M${side * 21} -72 L${side * 20} -98 Q${side * 11} -94 ${side * 4} -83 Z`, colour);
    pen.path(
      `M${side * 18} -78 L${side * 17.6} -91 Q${side * 12} -89 ${side * 8} -82 Z`,
      hex('e79a97'),
      0.2,
    );
  }
  pen.path(
    'M-23 -68 C-23 -82 -12 -88 0 -88 C12 -88 23 -82 23 -68 C23 -56 12 -50 0 -50 C-12 -50 -23 -56 -23 -68 Z',
    colour,
  );
  for (const x of [-6, 0, 6]) pen.line([x, -86, x * 0.8, -80], 2, dark, 1);
  pen.ellipse(-4.5, -58, 6, 5, PALE, 0, 0.2);
  pen.ellipse(4.5, -58, 6, 5, PALE, 0, 0.2);
  eyes(pen, 0, -69, 9.5, 4.2, hex('a8c24f'));
  pen.path('M-3 -62.5 L3 -62.5 L0 -59 Z', hex('d97a7a'), 0);
  for (const side of [-1, 1]) {
    pen.line([side * 9, -58, side * 27, -61], 0.8, PALE, 0.4);
    pen.line([side * 9, -56, side * 26, -54], 0.8, PALE, 0.4);
  }
}

function drawDog(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.35);
  pen.line([22, -14, 33, -24, 37, -36], 7, colour, 4);
  pen.path('M-22 0 C-27 -20 -20 -44 -13 -56 L13 -56 C20 -44 28 -20 23 0 Z', colour);
  pen.path('M-9 -8 C-14 -26 -10 -46 0 -50 C10 -46 14 -26 9 -8 Z', PALE, 0.3);
  for (const side of [-1, 1]) {
    pen.ellipse(side * 18, -10, 9, 12, colour, 0, 0.6);
    pen.path(`M${side * 3.5} 0 L${side * 5} -32 L${side * 13} -32 L${side * 13} 0 Z`, colour, 0.4);
    pen.ellipse(side * 9, -2.2, 6.8, 3.8, PALE, 0, 0.3);
  }
  pen.path(
    'M-20 -70 C-20 -86 -11 -94 0 -94 C11 -94 20 -86 20 -70 C20 -58 12 -48 0 -48 C-12 -48 -20 -58 -20 -70 Z',
    colour,
  );
  pen.path('M-3 -93 C-5 -80 -5 -70 -9 -64 L9 -64 C5 -70 5 -80 3 -93 Z', PALE, 0.1);
  pen.ellipse(0, -58, 11, 9, PALE, 0, 0.3);
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 13} -91 C${side * 27} -92 ${side * 31} -72 ${side * 25} -60 C${side * 20} -58 ${side * 17} -70 ${side * 13} -80 Z`,
      dark,
    );
  }
  eyes(pen, 0, -73, 9, 3.4);
  pen.ellipse(0, -63, 4.6, 3.4, INK, 0, 0);
  pen.line([0, -60, 0, -55], 1, INK);
  pen.path('M-3 -54 L3 -54 C3.6 -46 2 -44 0 -44 C-2 -44 -3.6 -46 -3 -54 Z', hex('e5727c'), 0.2);
  pen.path('M-14 -51 Q0 -43 14 -51 L14 -47 Q0 -38 -14 -47 Z', hex('c73e4c'), 0.3);
  pen.ellipse(0, -41, 3, 3, hex('f0c24b'), 0, 0.5);
}

function drawBird(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.3);
  pen.line([-3, -18, -5, 0], 2.4, hex('8c6a45'));
  pen.line([7, -18, 7, 0], 2.4, hex('8c6a45'));
  pen.path('M-28 -34 L-62 -20 L-60 -30 L-34 -48 Z', dark);
  pen.path(
    'M-38 -44 C-30 -70 -4 -68 6 -78 C12 -96 38 -98 42 -78 C46 -40 22 -14 -4 -15 C-22 -16 -34 -30 -38 -44 Z',
    colour,
  );
  pen.path('M38 -70 C46 -40 24 -16 0 -16 C14 -28 26 -46 28 -66 Z', lighten(colour, 0.55), 0.3);
  pen.path('M-44 -34 C-40 -58 -16 -62 2 -56 C6 -42 -8 -26 -44 -34 Z', dark);
  pen.path('M-40 -34 C-30 -40 -16 -42 -4 -41 C-12 -34 -26 -31 -40 -34 Z', darken(colour, 0.5), 0.3);
  pen.path('M40 -86 L57 -78 L40 -73 Z', hex('f0a63a'), 0.5);
  pen.ellipse(29, -83, 3.8, 4, INK, 0, 0);
  pen.ellipse(30, -84.5, 1.3, 1.3, PALE, 0, 0);
}

function drawOwl(pen: Pen, colour: Colour): void {
  const pale = lighten(colour, 0.5);
  pen.path(
    'M-30 -40 C-34 -86 -26 -96 -27 -100 C-14 -94 14 -94 27 -100 C26 -96 34 -86 30 -40 C28 -10 16 -2 0 -2 C-16 -2 -28 -10 -30 -40 Z',
    colour,
  );
  pen.path('M-17 -44 C-16 -16 -8 -7 0 -7 C8 -7 16 -16 17 -44 C10 -52 -10 -52 -17 -44 Z', pale, 0.3);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column <= 3 - (row % 2); column++) {
      const x = (column - (3 - (row % 2)) / 2) * 8;
      pen.path(
        `M${x - 3} ${-41 + row * 8} Q${x} ${-34 + row * 8} ${x + 3} ${-41 + row * 8} Z`,
        colour,
        0.2,
      );
    }
  }
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 30} -58 C${side * 38} -34 ${side * 32} -12 ${side * 20} -6 C${side * 18} -24 ${side * 20} -44 ${side * 30} -58 Z`,
      darken(colour, 0.35),
    );
    pen.ellipse(side * 13, -72, 14, 15, pale, 0, 0.3);
    pen.ellipse(side * 12.5, -71, 8.5, 8.8, hex('f4b93c'), 0, 0.4);
    pen.ellipse(side * 12, -71, 5, 5.4, INK, 0, 0);
    pen.ellipse(side * 12 + 2, -73.4, 1.6, 1.6, PALE, 0, 0);
    pen.ellipse(side * 9, -2, 6, 3, hex('d9923a'), 0, 0.4);
  }
  pen.path('M-4 -64 L4 -64 L0 -54 Z', hex('d9923a'), 0.4);
}

function drawFish(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.25);
  pen.path(
    'M-40 -50 C-56 -62 -66 -78 -76 -82 C-68 -62 -68 -40 -76 -20 C-64 -24 -54 -40 -40 -50 Z',
    dark,
  );
  pen.path('M-24 -70 C-14 -92 14 -94 28 -76 Z', dark);
  pen.path('M-10 -28 C-14 -14 -6 -8 2 -8 C8 -14 10 -22 12 -28 Z', dark);
  pen.path('M-48 -50 C-30 -78 24 -88 62 -50 C26 -14 -28 -22 -48 -50 Z', colour);
  pen.path('M-40 -46 C-20 -30 26 -30 56 -46 C26 -16 -24 -24 -40 -46 Z', lighten(colour, 0.55), 0.2);
  pen.path(
    'M22 -73 C30 -60 30 -40 23 -28 C14 -26 12 -26 10 -26 C18 -40 18 -60 9 -75 C14 -75 18 -74 22 -73 Z',
    PALE,
    0.3,
  );
  pen.path(
    'M-18 -70 C-10 -58 -10 -40 -16 -29 C-20 -30 -23 -31 -26 -32 C-20 -42 -20 -56 -28 -67 Z',
    PALE,
    0.3,
  );
  pen.path('M4 -44 C-10 -48 -16 -40 -20 -34 C-8 -30 2 -34 4 -44 Z', dark, 0.4);
  pen.ellipse(42, -56, 6, 6.4, PALE, 0, 0);
  pen.ellipse(43.4, -56, 3.6, 4, INK, 0, 0);
  pen.ellipse(44.6, -57.6, 1.2, 1.2, PALE, 0, 0);
}

function drawRabbit(pen: Pen, colour: Colour): void {
  const pale = lighten(colour, 0.5);
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 3} -62 C${side * 2} -84 ${side * 8} -100 ${side * 14} -100 C${side * 20} -96 ${side * 16} -74 ${side * 12} -60 Z`,
      colour,
    );
    pen.path(
      `M${side * 6} -66 C${side * 6} -82 ${side * 10} -93 ${side * 13} -94 C${side * 15} -88 ${side * 13} -74 ${side * 10} -64 Z`,
      hex('eeb1ac'),
      0.2,
    );
  }
  pen.ellipse(25, -14, 8, 8, PALE, 0, 0.5);
  pen.path('M-24 0 C-32 -20 -20 -44 0 -44 C20 -44 32 -20 24 0 Z', colour);
  pen.path('M-11 -2 C-14 -20 -8 -36 0 -38 C8 -36 14 -20 11 -2 Z', pale, 0.2);
  pen.path(
    'M-20 -56 C-21 -68 -12 -76 0 -76 C12 -76 21 -68 20 -56 C20 -45 10 -38 0 -38 C-10 -38 -20 -45 -20 -56 Z',
    colour,
  );
  for (const side of [-1, 1]) {
    pen.ellipse(side * 14, -3, 10, 4.6, pale, 0, 0.4);
    pen.ellipse(side * 4.4, -47, 5.4, 4.4, pale, 0, 0.2);
  }
  eyes(pen, 0, -58, 10, 3.6);
  pen.path('M-2.6 -52 L2.6 -52 L0 -49 Z', hex('dd8b8b'), 0);
}

function drawHorse(pen: Pen, colour: Colour): void {
  const dark = darken(colour, 0.45);
  const legs = [
    [-30, 0.8],
    [-22, 0],
    [16, 0.8],
    [24, 0],
  ] as const;
  for (const [x, back] of legs) {
    const tone = back > 0 ? darken(colour, 0.3) : colour;
    pen.path(
      `M${x - 5} -42 L${x + 6} -42 L${x + 3.4} -20 L${x + 3.6} -3 L${x - 2.6} -3 L${x - 2.4} -20 Z`,
      tone,
      0.4,
    );
    pen.path(`M${x - 3} -4 L${x + 4} -4 L${x + 5} 0 L${x - 3.6} 0 Z`, dark, 0.2);
  }
  pen.path('M-34 -56 C-48 -54 -48 -34 -46 -18 C-42 -24 -40 -36 -32 -48 Z', dark);
  pen.path(
    'M-36 -50 C-36 -62 -24 -64 -8 -61 C6 -59 14 -64 20 -72 L33 -62 C34 -48 30 -38 20 -35 C4 -32 -14 -34 -24 -35 C-34 -38 -36 -44 -36 -50 Z',
    colour,
  );
  pen.path(
    'M14 -60 C20 -76 26 -88 34 -94 L36 -100 L41 -94 C48 -88 54 -80 58 -74 C60 -70 56 -66 52 -67 C46 -70 42 -72 39 -74 C38 -64 35 -56 31 -50 Z',
    colour,
  );
  pen.path('M36 -97 C26 -92 18 -80 12 -62 C8 -64 8 -66 9 -68 C14 -84 24 -94 33 -97 Z', dark, 0.4);
  pen.ellipse(44, -84, 1.8, 2, INK, 0, 0);
}

function drawBear(pen: Pen, colour: Colour): void {
  const pale = lighten(colour, 0.4);
  for (const side of [-1, 1]) {
    pen.ellipse(side * 19, -90, 9, 9, colour);
    pen.ellipse(side * 19, -89, 5, 5, pale, 0, 0.2);
    pen.ellipse(side * 31, -36, 9, 18, colour, side * -0.5);
  }
  pen.ellipse(0, -30, 30, 32, colour);
  pen.ellipse(0, -28, 18, 21, pale, 0, 0.3);
  for (const side of [-1, 1]) {
    pen.ellipse(side * 21, -8, 13, 11, colour);
    pen.ellipse(side * 21, -8, 7.4, 6.4, pale, 0, 0.2);
  }
  pen.ellipse(0, -72, 27, 24, colour);
  pen.ellipse(0, -64, 12, 9.6, pale, 0, 0.3);
  eyes(pen, 0, -76, 11, 3.2);
  pen.ellipse(0, -68, 4.6, 3.4, INK, 0, 0);
  pen.line([0, -65, 0, -61], 1.2, INK);
}

export const ANIMALS = {
  cat: {
    size: 0.34,
    reach: 30,
    place: 'ground',
    colours: colours('d98b4a 4b4a55 e8d9c4 8d8f99 c9a27a'),
    draw: drawCat,
  },
  dog: {
    size: 0.36,
    reach: 30,
    place: 'ground',
    colours: colours('c58a4f 8a5a3a d9c09a 5b4a44'),
    draw: drawDog,
  },
  bird: {
    size: 0.22,
    reach: 34,
    place: 'ground',
    colours: colours('d8553f 3f7fd1 e8b23a 46a07a'),
    draw: drawBird,
  },
  owl: {
    size: 0.32,
    reach: 26,
    place: 'ground',
    colours: colours('8a6344 a5835c 6d6470'),
    draw: drawOwl,
  },
  fish: {
    size: 0.3,
    reach: 50,
    place: 'air',
    colours: colours('f08a3a e85d75 f2c23f 4fb0d8'),
    draw: drawFish,
  },
  rabbit: {
    size: 0.3,
    reach: 28,
    place: 'ground',
    colours: colours('b9977a e6ddd2 8f8781'),
    draw: drawRabbit,
  },
  horse: {
    size: 0.36,
    reach: 40,
    place: 'ground',
    colours: colours('8a5a38 5f4032 c9b49a e9e2d6'),
    draw: drawHorse,
  },
  bear: {
    size: 0.36,
    reach: 34,
    place: 'ground',
    colours: colours('9a6a42 6b4a36 c49a6c'),
    draw: drawBear,
  },
} as const satisfies Record<string, Figure>;
