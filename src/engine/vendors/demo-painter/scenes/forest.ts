import { shadeRows } from '../canvas.ts';
import {
  type Colour,
  darken,
  gradientAt,
  hex,
  lighten,
  mix,
  multiply,
  smoothstep,
} from '../colour.ts';
import { fillOutlines } from '../fill.ts';
import { placeFigures } from '../place-figures.ts';
import { linear } from '../shaders.ts';
import { disc, glow, softEllipse } from '../soft.ts';
import { type Stage, allows, between } from '../stage.ts';
import { paintFir } from '../trees.ts';
import { sideOf } from './mountains.ts';

/** Rows of trees that dissolve into lit mist, shafts of light between them. */
export function paintForest(stage: Stage): void {
  const { height, width, unit, palette, canvas } = stage;
  const x = width * between(stage, 0.28, 0.72);
  const side = sideOf(stage, x);
  const warm = mix(palette.glow, hex('f6f0c0'), palette.isNight ? 0.1 : 0.4);
  const mist = mix(mix(palette.haze, hex('84b58a'), palette.isNight ? 0.08 : 0.62), warm, 0.16);
  const rows = [
    darken(mix(palette.sky[1]!, mist, 0.6), 0.3),
    mist,
    lighten(mist, palette.isNight ? 0.08 : 0.3),
    mist,
  ];
  const table = Array.from({ length: height }, (_, y) => gradientAt(rows, y / height));
  shadeRows(canvas, 0, height, (_x, y, out) => {
    const colour = table[y]!;
    out[0] = colour[0];
    out[1] = colour[1];
    out[2] = colour[2];
  });
  glow(canvas, x, height * 0.3, unit * 0.6, warm, palette.isNight ? 0.45 : 0.95);
  if (palette.isNight && allows(stage, 'moon'))
    disc(canvas, x, height * 0.2, unit * 0.035, palette.sun);
  const ground = height * 0.83;
  const dark = multiply(
    mix(hex('1f4a34'), palette.shade, 0.16),
    palette.isNight ? [0.5, 0.55, 0.7] : [0.85, 0.9, 0.85],
  );
  const layers = 5;
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1);
    paintRow(stage, ground + unit * (near - 0.7) * 0.16, near, mix(mist, dark, 0.24 + 0.74 * near));
    softEllipse(
      canvas,
      [width / 2, ground + unit * 0.02, width * 0.95, unit * 0.24],
      mist,
      0.42 * (1 - near),
    );
    if (layer === 2) paintShafts(stage, x, warm);
  }
  paintFloor(stage, ground, dark, warm);
  paintMotes(stage, warm);
  if (stage.description.subjects.length > 0) {
    const light = mix(palette.light, warm, 0.4);
    placeFigures(stage, {
      x: width * 0.5,
      y: height * 0.91,
      scale: 1.15,
      lightSide: side,
      airLine: height * 0.2,
      light,
      shadow: 0.6,
    });
  }
}

function paintRow(stage: Stage, foot: number, near: number, colour: Colour): void {
  const { canvas, unit, width, height } = stage;
  if (near > 0.9) {
    for (const place of [-0.02, 0.1, 0.9, 1.02]) {
      const wide = unit * between(stage, 0.035, 0.06);
      const x = width * (place + between(stage, -0.03, 0.03));
      const trunk = [
        x - wide,
        foot + unit * 0.1,
        x - wide * 0.55,
        0,
        x + wide * 0.5,
        0,
        x + wide * 1.1,
        foot + unit * 0.1,
      ];
      fillOutlines(
        canvas,
        [trunk],
        linear(
          [x - wide, 0, x + wide, 0],
          [lighten(colour, 0.1), darken(colour, 0.45), darken(colour, 0.2)],
        ),
      );
    }
    return;
  }
  const count = Math.round((width / unit) * (17 - near * 10));
  for (let tree = 0; tree < count; tree++) {
    const x = ((tree + between(stage, -0.4, 1.4)) / count) * width;
    // A clearing in the middle lets the light through.
    const open = 0.62 + 0.38 * smoothstep(0.04, 0.36, Math.abs(x / width - 0.5));
    const tall = Math.min(
      height * 0.9,
      unit * between(stage, 0.46, 0.78) * (0.62 + near * 0.65) * open,
    );
    const paint = linear(
      [0, foot - tall, 0, foot],
      [colour, mix(colour, lighten(colour, 0.2), 0.6)],
    );
    paintFir(stage, x, foot + unit * 0.02 * stage.chance(), tall, paint);
  }
}

function paintShafts(stage: Stage, sourceX: number, warm: Colour): void {
  const { canvas, unit, height } = stage;
  if (!allows(stage, 'sun')) return;
  for (let shaft = 0; shaft < 7; shaft++) {
    const lean = between(stage, -0.5, 0.5) * unit;
    const wide = between(stage, 0.02, 0.06) * unit;
    const x = sourceX + lean * 0.25;
    const endX = sourceX + lean * 1.3;
    const strength = between(stage, 0.2, 0.42);
    const beam = [
      x - wide * 0.3,
      0,
      x + wide * 0.3,
      0,
      endX + wide * 1.6,
      height * 0.95,
      endX - wide * 1.6,
      height * 0.95,
    ];
    fillOutlines(canvas, [beam], (px, py, out) => {
      const along = py / (height * 0.95);
      const middle = x + (endX - x) * along;
      const across = Math.min(1, Math.abs(px - middle) / (wide * (0.3 + 1.3 * along)));
      out[0] = warm[0];
      out[1] = warm[1];
      out[2] = warm[2];
      out[3] =
        strength * (1 - across * across) * (1 - along * 0.8) * smoothstep(0, 0.15, along + 0.05);
    });
  }
}

function paintFloor(stage: Stage, ground: number, dark: Colour, warm: Colour): void {
  const { canvas, noise, unit, width, height } = stage;
  const shift = between(stage, 0, 60);
  const moss = mix(dark, hex('7fa04a'), stage.palette.isNight ? 0.12 : 0.5);
  shadeRows(canvas, ground - unit * 0.03, height, (x, y, out) => {
    const below = (y - ground) / (height - ground);
    const depth = 1 / (0.3 + below * 0.8);
    const planeX = ((x - width / 2) / unit) * depth;
    const grain = noise.fractal(planeX * 4 + shift, depth * 8, 4);
    const pool =
      smoothstep(-0.1, 0.5, noise.at(planeX * 1.1 + shift, depth * 1.4)) * (1 - below) * 0.4;
    for (let channel = 0; channel < 3; channel++) {
      const base = moss[channel]! * (1 - below * 0.5 + grain * 0.55);
      out[channel] = base + (warm[channel]! - base) * pool;
    }
    out[3] = smoothstep(-0.18, 0.25, below + grain * 0.12);
  });
  for (let fern = 0; fern < 60 * (width / unit); fern++) {
    const x = stage.chance() * width;
    const y = ground + (height - ground) * stage.chance() ** 0.7;
    const size = unit * 0.03 * (0.4 + (y - ground) / (height - ground));
    for (let blade = -2; blade <= 2; blade++) {
      const tip = [x + blade * size * 0.55, y - size * (1.2 - Math.abs(blade) * 0.28)] as const;
      fillOutlines(
        canvas,
        [[x - size * 0.07, y, ...tip, x + size * 0.07, y]],
        mix(moss, blade < 0 ? warm : dark, 0.3),
        0.85,
      );
    }
  }
}

function paintMotes(stage: Stage, warm: Colour): void {
  const { canvas, unit, width, height } = stage;
  for (let mote = 0; mote < 45 * (width / unit); mote++) {
    const radius = unit * between(stage, 0.001, 0.0026);
    const x = stage.chance() * width;
    const y = height * between(stage, 0.25, 0.95);
    glow(canvas, x, y, radius * 5, warm, 0.5);
    disc(canvas, x, y, radius, lighten(warm, 0.4), 0.7);
  }
}
