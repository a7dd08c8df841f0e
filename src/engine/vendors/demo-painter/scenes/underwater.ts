import { shadeRows } from '../canvas.ts';
import { type Colour, darken, gradientAt, hex, lighten, mix, multiply } from '../colour.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse, stroke } from '../outline.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { disc, softEllipse } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';

/** A reef in blue water with light falling from the surface. */
export function paintUnderwater(stage: Stage): void {
  const { canvas, height, width, unit, palette } = stage;
  const tint = stage.description.tint ?? hex('1c86b4');
  const base = palette.isNight ? darken(tint, 0.45) : tint;
  const stops = [
    mix(lighten(base, 0.55), hex('bdf3ee'), 0.4),
    base,
    darken(base, 0.5),
    darken(base, 0.75),
  ];
  paintWaterColumn(stage, stops);
  for (let row = 0; row < 3; row++)
    paintReef(stage, row, mix(stops[2]!, stops[3]!, row / 2), stops);
  const { subjects } = stage.description;
  const lit = {
    light: lighten(stops[0]!, 0.6),
    shade: mix(stops[1]!, [0.7, 0.8, 0.9], 0.35),
    lightSide: -1,
  };
  const fish = subjects.length === 0 || subjects.includes('fish');
  if (fish && allows(stage, 'fish')) paintShoal(stage, stops[1]!);
  if (subjects.length > 0) {
    const floats = FIGURES[subjects[0]!].place === 'air';
    placeFigures(stage, {
      ...lit,
      x: width * 0.52,
      y: height * 0.9,
      scale: floats ? 1.15 : 1.05,
      airLine: height * 0.3,
      shadow: 0.4,
    });
  } else if (allows(stage, 'fish')) {
    placeFigure(stage, 'fish', {
      ...lit,
      x: width * 0.5,
      y: 0,
      scale: 0.9,
      airLine: height * 0.36,
    });
  }
  for (let bubble = 0; bubble < 70 * (width / unit); bubble++) {
    const radius = unit * (0.0015 + 0.009 * stage.chance() ** 4);
    const x = stage.chance() * width;
    const y = stage.chance() * height;
    fillOutlines(canvas, [ellipse(x, y, radius, radius)], [1, 1, 1], 0.16);
    disc(canvas, x - radius * 0.35, y - radius * 0.35, radius * 0.3, [1, 1, 1], 0.7);
  }
}

function paintWaterColumn(stage: Stage, stops: readonly Colour[]): void {
  const { canvas, noise, unit, width, height } = stage;
  const shift = between(stage, 0, 80);
  const source = width * between(stage, 0.3, 0.7);
  const rows = Array.from({ length: height }, (_, y) => gradientAt(stops, (y / height) * 0.92));
  const rays = new Float32Array(2048);
  for (let index = 0; index < rays.length; index++) {
    rays[index] = Math.max(0, noise.fractal(index / 70 + shift, 5, 4) + 0.08) * 1.5;
  }
  shadeRows(canvas, 0, height, (x, y, out) => {
    const row = rows[y]!;
    const angle = Math.atan2(x - source, y + unit * 0.5);
    const ray = rays[((angle + 1.6) * 620) & 2047]!;
    const fade = Math.max(0, 1 - y / (height * 0.95));
    const surface =
      y < unit * 0.16
        ? Math.max(0, noise.fractal((x / unit) * 4, (unit * 0.5) / (y + unit * 0.05) + shift, 3)) *
          (1 - y / (unit * 0.16))
        : 0;
    const light = ray * fade * 0.42 + surface * 0.9;
    for (let channel = 0; channel < 3; channel++)
      out[channel] = row[channel]! + (1 - row[channel]!) * Math.min(0.9, light);
  });
}

function paintReef(stage: Stage, row: number, colour: Colour, stops: readonly Colour[]): void {
  const { canvas, noise, unit, width, height, palette } = stage;
  const shift = between(stage, 0, 50);
  const top = (x: number) =>
    height * (0.76 + row * 0.075) -
    unit * 0.14 * noise.fractal((x / unit) * 1.9 + shift, row, 4) * (1.2 - row * 0.3);
  const outline = [0, height];
  for (let x = 0; x <= width + 4; x += 4) outline.push(x, top(x));
  outline.push(width + 4, height);
  const plants = Math.round((width / unit) * (9 + row * 3));
  for (let plant = 0; plant < plants; plant++) {
    const x = stage.chance() * width;
    const tone = mix(
      pick(stage, [...palette.accents.slice(0, 4), hex('4fae7a'), hex('3f8f8a')]),
      stops[2]!,
      0.62 - row * 0.2,
    );
    if (stage.chance() < 0.5) paintKelp(stage, x, top(x), unit * between(stage, 0.06, 0.2), tone);
    else paintCoral(stage, x, top(x), unit * between(stage, 0.05, 0.1), tone);
  }
  const lit = mix(colour, stops[0]!, 0.22);
  fillOutlines(canvas, [outline], (x, y, out) => {
    const below = (y - top(x)) / unit;
    const grain = noise.fractal((x / unit) * 8, (y / unit) * 8, 2) * 0.25;
    const share = Math.max(0, 1 - below * 7 + grain);
    for (let channel = 0; channel < 3; channel++)
      out[channel] =
        colour[channel]! * (0.9 + grain) + (lit[channel]! - colour[channel]!) * Math.min(1, share);
  });
  softEllipse(
    canvas,
    [width / 2, height * (0.8 + row * 0.07), width, unit * 0.12],
    stops[2]!,
    0.28,
  );
}

function paintKelp(stage: Stage, x: number, y: number, tall: number, colour: Colour): void {
  const phase = stage.chance() * 6;
  const points: number[] = [];
  for (let step = 0; step <= 10; step++) {
    const place = step / 10;
    points.push(
      x + Math.sin(place * 5 + phase) * tall * 0.07 * (0.4 + place),
      y + tall * 0.06 - tall * place,
    );
  }
  fillOutlines(
    stage.canvas,
    stroke(points, tall * 0.09, tall * 0.02),
    multiply(colour, [0.95, 1, 0.95]),
  );
}

function paintCoral(stage: Stage, x: number, y: number, size: number, colour: Colour): void {
  const branches = 5 + Math.floor(stage.chance() * 4);
  for (let branch = 0; branch < branches; branch++) {
    const angle = -Math.PI / 2 + ((branch + 0.5) / branches - 0.5) * 2.1;
    const reach = size * between(stage, 0.7, 1.1);
    const endX = x + Math.cos(angle) * reach;
    const endY = y + Math.sin(angle) * reach;
    const tone = branch % 2 === 0 ? colour : lighten(colour, 0.12);
    fillOutlines(
      stage.canvas,
      stroke(
        [x, y + size * 0.1, (x + endX) / 2 + size * 0.05, (y + endY) / 2, endX, endY],
        size * 0.2,
        size * 0.11,
      ),
      tone,
    );
  }
}

function paintShoal(stage: Stage, water: Colour): void {
  const { unit, width, height } = stage;
  const centreX = width * between(stage, 0.15, 0.85);
  const centreY = height * between(stage, 0.14, 0.3);
  for (let fish = 0; fish < 12; fish++) {
    const x = centreX + between(stage, -0.18, 0.18) * unit;
    const y = centreY + between(stage, -0.08, 0.08) * unit;
    const light = mix(water, [1, 1, 1], 0.25);
    placeFigure(
      stage,
      'fish',
      { x, y, scale: between(stage, 0.08, 0.13), lightSide: -1, airLine: y, light, shade: water },
      1,
    );
  }
}
