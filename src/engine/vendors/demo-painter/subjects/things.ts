import { type Colour, WHITE, darken, hex, lighten, mix } from '../colour.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './figure.ts';

const colours = (text: string): Colour[] => text.split(' ').map(hex);

/** A strip of reflected light on glass or glaze. */
function gleam(pen: Pen, path: string, colour: Colour): void {
  pen.path(path, lighten(colour, 0.55), 0);
}

function drawMug(pen: Pen, colour: Colour): void {
  pen.ring(42, -48, 24, 28, 9, darken(colour, 0.1));
  pen.path('M-42 -90 L42 -90 L39 -8 C37 2 -37 2 -39 -8 Z', colour, 1);
  pen.ellipse(0, -90, 42, 10, lighten(colour, 0.25), 0, 0.4);
  pen.ellipse(0, -89, 37.5, 8, darken(colour, 0.45), 0, 0.3);
  pen.ellipse(0, -86.5, 34, 5.8, hex('5a3423'), 0, 0.4);
  pen.ellipse(-8, -87, 12, 1.8, hex('9a6a48'), 0, 0);
  gleam(pen, 'M-31 -76 L-25 -75 L-24 -16 L-29 -18 Z', colour);
}

function drawTeapot(pen: Pen, colour: Colour): void {
  pen.ring(-52, -42, 24, 26, 7, darken(colour, 0.15));
  pen.path('M36 -36 C58 -38 58 -64 78 -72 L86 -66 C74 -54 70 -18 36 -12 Z', colour);
  pen.path(
    'M-50 -36 C-50 -66 -26 -78 0 -78 C26 -78 50 -66 50 -36 C50 -14 34 0 22 0 L-22 0 C-34 0 -50 -14 -50 -36 Z',
    colour,
    1,
  );
  pen.ellipse(0, -76, 24, 6, darken(colour, 0.25), 0, 0.4);
  pen.path('M-22 -78 C-16 -92 16 -92 22 -78 C10 -74 -10 -74 -22 -78 Z', lighten(colour, 0.1), 0.8);
  pen.ellipse(0, -93, 6, 6, darken(colour, 0.1), 0, 0.9);
  gleam(pen, 'M-36 -44 C-34 -58 -26 -64 -18 -68 C-26 -58 -28 -48 -28 -34 Z', colour);
}

function drawBottle(pen: Pen, colour: Colour): void {
  pen.path(
    'M-8 -86 L8 -86 C8 -74 24 -70 24 -56 L24 -5 C24 0 20 1 16 1 L-16 1 C-20 1 -24 0 -24 -5 L-24 -56 C-24 -70 -8 -74 -8 -86 Z',
    colour,
    1,
  );
  pen.path('M-9.4 -100 L9.4 -100 L9.4 -83 L-9.4 -83 Z', mix(colour, hex('2a2420'), 0.75), 1);
  pen.path('M-24 -50 L24 -50 L24 -18 L-24 -18 Z', hex('f6efe2'), 0.8);
  pen.path('M-14 -41 L14 -41 L14 -38.4 L-14 -38.4 Z', darken(colour, 0.3), 0);
  pen.path('M-9 -33 L9 -33 L9 -31.4 L-9 -31.4 Z', hex('b3a590'), 0);
  pen.path('M-9 -28 L9 -28 L9 -26.4 L-9 -26.4 Z', hex('b3a590'), 0);
  gleam(
    pen,
    'M-19 -57 C-19 -66 -9 -70 -6 -78 L-3 -78 C-4 -68 -14 -66 -14 -54 L-14 -51 L-19 -51 Z',
    colour,
  );
  gleam(pen, 'M-19 -17 L-14 -17 L-14 -5 L-19 -6 Z', colour);
}

function drawVase(pen: Pen, colour: Colour): void {
  const stems = [
    [-16, -84, 'e8778b'],
    [14, -90, 'f0b35a'],
    [0, -98, 'f4ece0'],
    [-26, -68, 'f0b35a'],
    [26, -72, 'e8778b'],
  ] as const;
  for (const [x, y] of stems) pen.line([0, -46, x * 0.6, (y - 46) / 2, x, y], 1.2, hex('5f8a55'));
  for (const side of [-1, 1]) {
    pen.path(
      `M${side * 2} -52 C${side * 16} -58 ${side * 32} -56 ${side * 38} -48 C${side * 24} -44 ${side * 10} -46 ${side * 2} -52 Z`,
      hex('6a9a60'),
    );
  }
  for (const [x, y, tone] of stems) {
    for (let petal = 0; petal < 6; petal++) {
      const turn = (petal / 6) * Math.PI * 2;
      pen.ellipse(x + Math.cos(turn) * 5, y + Math.sin(turn) * 5, 5, 3.4, hex(tone), turn, 0.4);
    }
    pen.ellipse(x, y, 2.8, 2.8, hex('b9742f'), 0, 0.4);
  }
  pen.path(
    'M-10 -52 C-10 -46 -9 -44 -12 -40 C-30 -30 -26 -6 -13 0 L13 0 C26 -6 30 -30 12 -40 C9 -44 10 -46 10 -52 Z',
    colour,
    1,
  );
  pen.ellipse(0, -52, 10, 2.6, darken(colour, 0.4), 0, 0.3);
  gleam(pen, 'M-18 -26 C-17 -32 -13 -36 -9 -38 C-13 -32 -14 -22 -13 -14 Z', colour);
}

function drawBook(pen: Pen, colour: Colour): void {
  const layers = [
    [-2, 46, -18, colour],
    [-20, 40, -16, hex('e0b25a')],
    [-36, 44, -16, hex('4f7d8c')],
  ] as const;
  for (const [y, half, thick, tone] of layers) {
    pen.path(
      `M${-half} ${y} L${half} ${y} L${half} ${y + thick} L${-half} ${y + thick} Z`,
      tone,
      0.6,
    );
    pen.path(
      `M${-half + 6} ${y - 3} L${half + 1} ${y - 3} L${half + 1} ${y + thick + 3} L${-half + 6} ${y + thick + 3} Z`,
      hex('f3ead8'),
      0.4,
    );
    pen.path(
      `M${-half} ${y} L${-half + 9} ${y} L${-half + 9} ${y + thick} L${-half} ${y + thick} Z`,
      darken(tone, 0.15),
      0.4,
    );
  }
  pen.path(
    'M-34 -54 L2 -58 L34 -54 L34 -96 C22 -100 10 -99 0 -94 C-10 -99 -22 -100 -34 -96 Z',
    hex('f6eedd'),
    0.5,
  );
  pen.path('M-37 -52 L0 -56 L37 -52 L37 -55 L0 -60 L-37 -55 Z', colour, 0.4);
  pen.line([0, -94, 0, -58], 1.2, hex('c9b995'));
  for (const y of [-88, -82, -76, -70]) {
    for (const side of [-1, 1]) pen.line([side * 7, y, side * 28, y - 1.5], 1, hex('b3a58c'));
  }
}

function drawSphere(pen: Pen, colour: Colour): void {
  pen.ellipse(0, -50, 50, 50, colour, 0, 1);
  pen.ellipse(-17, -70, 15, 10, lighten(colour, 0.4), -0.6, 0);
  pen.ellipse(-18, -72, 8, 5, lighten(colour, 0.75), -0.6, 0);
}

function drawCube(pen: Pen, colour: Colour): void {
  pen.path('M0 -44 L44 -66 L44 -20 L0 0 Z', darken(colour, 0.4), 0.2);
  pen.path('M0 -44 L-44 -66 L-44 -20 L0 0 Z', colour, 0.3);
  pen.path('M0 -44 L44 -66 L0 -88 L-44 -66 Z', lighten(colour, 0.35), 0.2);
}

function drawPyramid(pen: Pen, colour: Colour): void {
  pen.path('M-78 0 L-6 -100 L16 0 Z', colour, 0.3);
  pen.path('M-6 -100 L82 -4 L16 0 Z', darken(colour, 0.45), 0.3);
  for (let row = 1; row < 9; row++) {
    const share = row / 9;
    pen.line(
      [-6 - 72 * share, -100 + 100 * share, -6 + 22 * share, -100 + 100 * share],
      0.5,
      darken(colour, 0.25),
    );
  }
}

function drawLamp(pen: Pen, colour: Colour): void {
  pen.ellipse(0, -2, 22, 4.4, hex('3d3a3d'), 0, 0.6);
  pen.line([0, -4, 0, -60], 3.4, hex('b08d4f'));
  pen.ellipse(0, -30, 8, 10, hex('b08d4f'), 0, 0.9);
  pen.path('M-20 -100 L20 -100 L36 -56 C18 -51 -18 -51 -36 -56 Z', colour, 0.5);
  pen.shine('M-34 -57 C-18 -52 18 -52 34 -57 C18 -60 -18 -60 -34 -57 Z', hex('fff0b8'));
}

function drawChair(pen: Pen, colour: Colour): void {
  const wood = hex('7a5236');
  for (const x of [-30, 28])
    pen.path(
      `M${x - 3} -34 L${x + 4} -34 L${x + 2 + Math.sign(x) * 4} 0 L${x - 2 + Math.sign(x) * 4} 0 Z`,
      wood,
    );
  pen.path('M-34 -44 C-40 -80 -34 -100 -20 -100 L20 -100 C34 -100 40 -80 34 -44 Z', colour, 0.8);
  pen.path(
    'M-24 -50 C-28 -78 -24 -92 -16 -92 L16 -92 C24 -92 28 -78 24 -50 Z',
    lighten(colour, 0.1),
    0.5,
  );
  pen.path(
    'M-38 -50 C-38 -56 38 -56 38 -50 L36 -32 C36 -28 -36 -28 -36 -32 Z',
    lighten(colour, 0.16),
    0.6,
  );
  for (const side of [-1, 1])
    pen.path(
      `M${side * 34} -64 C${side * 44} -66 ${side * 46} -58 ${side * 44} -30 L${side * 34} -30 Z`,
      darken(colour, 0.12),
      0.6,
    );
}

function drawHouse(pen: Pen, colour: Colour): void {
  const roof = hex('a8503c');
  pen.path('M30 -88 L42 -88 L42 -60 L30 -60 Z', hex('8c6a58'), 0.6);
  pen.path('M-52 0 L-52 -52 L52 -52 L52 0 Z', colour, 0.6);
  pen.path('M-30 -52 L0 -84 L30 -52 Z', colour, 0.5);
  pen.path('M-62 -48 L-44 -86 L44 -86 L62 -48 Z', roof, 0.6);
  pen.path('M-34 -48 L-4 -96 L26 -48 L17 -48 L-4 -82 L-25 -48 Z', darken(roof, 0.3), 0.4);
  pen.path('M-24 -48 L-4 -81 L16 -48 Z', lighten(colour, 0.1), 0.4);
  pen.path('M-14 0 L-14 -32 C-14 -38 6 -38 6 -32 L6 0 Z', hex('6b4430'), 0.5);
  pen.ellipse(2.4, -16, 1.4, 1.4, hex('e3b95a'), 0, 0);
  for (const [x, y, size] of [
    [-42, -36, 18],
    [24, -36, 18],
    [-9, -66, 10],
  ] as const) {
    pen.path(
      `M${x - 2} ${y - 2} L${x + size + 2} ${y - 2} L${x + size + 2} ${y + size + 2} L${x - 2} ${y + size + 2} Z`,
      hex('f5ede0'),
      0.2,
    );
    pen.shine(
      `M${x} ${y} L${x + size} ${y} L${x + size} ${y + size} L${x} ${y + size} Z`,
      hex('ffd98a'),
    );
    pen.line([x + size / 2, y, x + size / 2, y + size], 1.4, hex('f5ede0'));
    pen.line([x, y + size / 2, x + size, y + size / 2], 1.4, hex('f5ede0'));
  }
}

function drawLighthouse(pen: Pen, colour: Colour): void {
  const half = (y: number) => 12 + (y / 72) * -4.6;
  for (let band = 0; band < 6; band++) {
    const low = band * 12;
    const high = low + 12;
    pen.path(
      `M${-half(low)} ${-low} L${half(low)} ${-low} L${half(high)} ${-high} L${-half(high)} ${-high} Z`,
      band % 2 === 0 ? colour : WHITE,
      0.9,
    );
  }
  pen.path('M-2.6 -14 C-2.6 -19 2.6 -19 2.6 -14 L2.6 -8 L-2.6 -8 Z', hex('3b3540'), 0);
  pen.path('M-2 -46 L2 -46 L2 -40 L-2 -40 Z', hex('3b3540'), 0);
  pen.path('M-11 -74 L11 -74 L11 -71 L-11 -71 Z', hex('2d3142'), 0.6);
  pen.shine('M-6 -86 L6 -86 L6 -74 L-6 -74 Z', hex('ffeaa0'));
  for (const x of [-6, 0, 6]) pen.line([x, -86, x, -74], 0.8, hex('2d3142'));
  for (const x of [-10, 10]) pen.line([x, -74, x, -79], 0.7, hex('2d3142'));
  pen.line([-10, -79, 10, -79], 0.7, hex('2d3142'));
  pen.path(
    'M-8.4 -86 L8.4 -86 C7 -92 3 -95 0 -98 C-3 -95 -7 -92 -8.4 -86 Z',
    mix(colour, hex('2d3142'), 0.45),
    0.8,
  );
  pen.line([0, -97, 0, -100], 0.9, hex('2d3142'));
}

function drawSnowman(pen: Pen, colour: Colour): void {
  const snow = hex('f7f9fd');
  pen.ellipse(0, -22, 27, 24, snow, 0, 0.9);
  pen.ellipse(0, -54, 19, 18, snow, 0, 0.9);
  pen.ellipse(0, -78, 14, 13, snow, 0, 0.9);
  for (const side of [-1, 1])
    pen.line([side * 16, -58, side * 34, -70, side * 39, -68], 1.8, hex('5f4636'), 1.2);
  pen.path('M-15 -70 C-6 -64 6 -64 15 -70 L16 -65 C6 -59 -6 -59 -16 -65 Z', colour, 0.5);
  pen.path('M6 -66 L13 -68 L15 -48 L8 -48 Z', colour, 0.5);
  for (const x of [-4.6, 4.6]) pen.ellipse(x, -81, 1.7, 1.9, hex('22222a'), 0, 0);
  for (const y of [-58, -51, -44]) pen.ellipse(0, y, 1.7, 1.7, hex('22222a'), 0, 0);
  pen.path('M0 -79 L17 -75 L0 -74.5 Z', hex('f08a35'), 0.4);
  pen.path('M-15 -88 L15 -88 L15 -91 L-15 -91 Z', hex('2b2d38'), 0.4);
  pen.path('M-9.6 -90 L9.6 -90 L9 -104 L-9 -104 Z', hex('2b2d38'), 0.8);
}

export const THINGS = {
  mug: {
    size: 0.2,
    reach: 46,
    place: 'ground',
    colours: colours('5b9a78 d9785a 4f7fb0 e0b04f e9e1d2'),
    draw: drawMug,
  },
  teapot: {
    size: 0.22,
    reach: 60,
    place: 'ground',
    colours: colours('4f7f9a c9705a e5dcc9 6b8f68'),
    draw: drawTeapot,
  },
  bottle: {
    size: 0.3,
    reach: 24,
    place: 'ground',
    colours: colours('4d8a74 b9803f 7a4f73 4a78a5'),
    draw: drawBottle,
  },
  vase: {
    size: 0.36,
    reach: 24,
    place: 'ground',
    colours: colours('d9a07a 5f86a3 e6dccb 8f6a9a'),
    draw: drawVase,
  },
  book: {
    size: 0.22,
    reach: 44,
    place: 'ground',
    colours: colours('b5483f 3f5f8f 6a8a5a'),
    draw: drawBook,
  },
  sphere: {
    size: 0.24,
    reach: 42,
    place: 'ground',
    colours: colours('e0705a 4f8fb5 e3b04a 8a6bc0'),
    draw: drawSphere,
  },
  cube: {
    size: 0.24,
    reach: 42,
    place: 'ground',
    colours: colours('e0705a 4f8fb5 e3b04a 8a6bc0'),
    draw: drawCube,
  },
  pyramid: {
    size: 0.34,
    reach: 70,
    place: 'ground',
    colours: colours('d9a662 e0b674'),
    draw: drawPyramid,
  },
  lamp: {
    size: 0.34,
    reach: 24,
    place: 'ground',
    colours: colours('f0cf8a e6a87a e9e0cf'),
    draw: drawLamp,
  },
  chair: {
    size: 0.32,
    reach: 42,
    place: 'ground',
    colours: colours('c9703f 3f7f84 d6a23f 8a5f9a'),
    draw: drawChair,
  },
  house: {
    size: 0.3,
    reach: 56,
    place: 'ground',
    colours: colours('efe3cf d9c2a5 c9d6d6 e6cdb8'),
    draw: drawHouse,
  },
  lighthouse: {
    size: 0.4,
    reach: 12,
    place: 'ground',
    colours: colours('cf3b36 2f5f9a d0533f'),
    draw: drawLighthouse,
  },
  snowman: {
    size: 0.36,
    reach: 28,
    place: 'ground',
    colours: colours('d0453f 3f7fb5 5f9a5a'),
    draw: drawSnowman,
  },
} as const satisfies Record<string, Figure>;
