import { type Colour, darken, hex, lighten, mix, multiply } from '../colour.ts';
import { fillOutlines } from '../fill.ts';
import { rectangle } from '../outline.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { linear } from '../shaders.ts';
import { paintSky, placeSun } from '../sky.ts';
import { glow, softEllipse } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';
import { paintWater } from '../water.ts';
import { sideOf, waterColour } from './mountains.ts';

/** Brick, slate, limestone, glass and plaster by day. */
const FACADES = ['c4805c', '7f93a8', 'dcc49c', '5f7f9c', 'e3d9cc'].map(hex);

/** Three rows of towers with lit windows, mirrored in a river, and a quay when somebody stands there. */
export function paintCity(stage: Stage): void {
  const { height, width, unit, palette, canvas } = stage;
  const { subjects } = stage.description;
  const horizon = Math.round(height * between(stage, 0.7, 0.76));
  const sun = placeSun(stage, horizon);
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon, sun);
  const city = mix(palette.haze, palette.accents[0]!, palette.isNight ? 0.45 : 0.1);
  glow(canvas, width * 0.5, horizon, unit * 0.75, city, palette.isNight ? 0.55 : 0.3);
  for (let row = 0; row < 3; row++) {
    paintTowers(stage, horizon, row, side);
    softEllipse(canvas, [width / 2, horizon, width * 0.85, unit * 0.16], city, 0.42 - row * 0.15);
  }
  if (subjects.some((name) => FIGURES[name].place === 'air')) {
    placeFigures(stage, {
      x: width * between(stage, 0.35, 0.65),
      y: horizon,
      scale: 1,
      lightSide: side,
      airLine: height * 0.08,
    });
  }
  if (palette.isNight && allows(stage, 'water')) paintLights(stage, horizon);
  paintWater(stage, {
    top: horizon,
    colour: mix(waterColour(stage), palette.sky[0]!, 0.5),
    waves: 0.55,
  });
  const standing = subjects.some((name) => FIGURES[name].place === 'ground');
  if (standing) {
    paintQuay(stage);
    placeFigures(stage, {
      x: width * 0.5,
      y: height * 0.93,
      scale: 1.25,
      lightSide: side,
      airLine: height * 0.08,
    });
  } else if (subjects.includes('sailboat')) {
    const y = horizon + (height - horizon) * 0.5;
    placeFigure(stage, 'sailboat', {
      x: width * 0.4,
      y,
      scale: 1.3,
      lightSide: side,
      waterLine: y,
    });
  }
}

function paintTowers(stage: Stage, horizon: number, row: number, side: number): void {
  const { palette, unit, width } = stage;
  const isNight = palette.isNight;
  const near = row / 2;
  const body = isNight
    ? mix(
        mix(palette.haze, palette.accents[0]!, 0.3),
        darken(palette.sky[1]!, 0.72),
        0.2 + near * 0.75,
      )
    : mix(palette.haze, multiply(hex('8e93a0'), palette.shade), 0.12 + near * 0.62);
  let x = -unit * 0.05 * stage.chance();
  while (x < width) {
    const wide = unit * between(stage, 0.055, 0.115) * (0.75 + near * 0.35);
    // Towers gather towards the middle, as a centre does.
    const centred = 1 - Math.abs((x + wide / 2) / width - 0.5) * 1.3;
    const tall = unit * (0.1 + between(stage, 0.12, 0.42) * centred) * (1.18 - near * 0.4);
    const cast = isNight
      ? pick(stage, [palette.shade, palette.haze])
      : multiply(pick(stage, FACADES), palette.light);
    const tone = mix(body, cast, (isNight ? 0.14 : 0.3 + 0.5 * near) * stage.chance());
    paintTower(stage, { x, wide, tall, horizon, tone, side, row });
    x += wide * between(stage, 0.8, 1.12);
  }
}

interface Tower {
  readonly x: number;
  readonly wide: number;
  readonly tall: number;
  readonly horizon: number;
  readonly tone: Colour;
  readonly side: number;
  readonly row: number;
}

function paintTower(stage: Stage, tower: Tower): void {
  const { canvas, palette, unit } = stage;
  const { x, wide, tall, horizon, tone, side } = tower;
  const top = horizon - tall;
  const bright = palette.isNight ? lighten(tone, 0.05) : mix(tone, palette.light, 0.5);
  const lit = side < 0 ? [bright, tone] : [tone, bright];
  const foot = mix(tone, palette.haze, palette.isNight ? 0.12 : 0.3);
  fillOutlines(canvas, [rectangle(x, top, wide, tall + 1)], linear([x, top, x + wide, top], lit));
  const edge = side < 0 ? x + wide * 0.72 : x;
  fillOutlines(
    canvas,
    [rectangle(edge, top, wide * 0.28, tall + 1)],
    linear([x, top, x, horizon], [darken(tone, 0.3), mix(foot, tone, 0.6)]),
    0.7,
  );
  paintRoof(stage, tower, top);
  paintWindows(stage, tower, top);
  if (palette.isNight && tower.row === 2 && stage.chance() < 0.3) {
    const neon = pick(stage, palette.accents);
    const signX = x + wide * 0.82;
    const signY = top + tall * 0.25;
    fillOutlines(canvas, [rectangle(signX, signY, unit * 0.006, tall * 0.4)], lighten(neon, 0.25));
    glow(canvas, signX, signY + tall * 0.2, unit * 0.07, neon, 0.5);
  }
}

function paintRoof(stage: Stage, { x, wide, tone, row }: Tower, top: number): void {
  const { canvas, unit, palette } = stage;
  const kind = stage.chance();
  if (kind < 0.3) {
    const step = wide * between(stage, 0.5, 0.7);
    const rise = unit * between(stage, 0.015, 0.04);
    fillOutlines(canvas, [rectangle(x + (wide - step) / 2, top - rise, step, rise + 1)], tone);
    fillOutlines(
      canvas,
      [rectangle(x + wide / 2 - unit * 0.001, top - rise * 2.4, unit * 0.002, rise * 1.5)],
      tone,
    );
  } else if (kind < 0.5) {
    const rise = unit * between(stage, 0.04, 0.09);
    fillOutlines(
      canvas,
      [[x + wide * 0.3, top + 1, x + wide * 0.5, top - rise, x + wide * 0.7, top + 1]],
      tone,
    );
    if (palette.isNight) glow(canvas, x + wide * 0.5, top - rise, unit * 0.012, hex('ff5a5a'), 1);
  } else if (kind < 0.62 && row > 0) {
    fillOutlines(canvas, [[x, top + 1, x, top - wide * 0.35, x + wide, top + 1]], tone);
  }
}

function paintWindows(stage: Stage, { x, wide, horizon, side, row }: Tower, top: number): void {
  const { canvas, palette, unit } = stage;
  const size = unit * (0.0042 + row * 0.0014);
  const pitchX = size * 2.3;
  const pitchY = size * 2.9;
  if (size < 0.7) return;
  const usable = wide * 0.94;
  const columns = Math.floor(usable / pitchX);
  const margin = (wide - columns * pitchX) / 2 + (pitchX - size) / 2;
  const warm = hex('ffd28a');
  const cool = hex('bfe0ff');
  const busy = between(stage, 0.25, 0.62);
  const fade = 0.55 + row * 0.2;
  // People switch their lamps on at dusk.
  const lamps = stage.description.time === 'day' ? 0.08 : 0.42;
  const glass = mix(palette.sky[2]!, palette.light, 0.25);
  for (let y = top + pitchY * 0.8; y < horizon - pitchY; y += pitchY) {
    const floor = stage.chance();
    for (let column = 0; column < columns; column++) {
      const draw = stage.chance();
      const left = x + margin + column * pitchX;
      if (!palette.isNight) {
        const day = side < 0 === left < x + wide * 0.72 ? 0.5 : 0.25;
        const tone = draw < lamps ? warm : glass;
        fillOutlines(
          canvas,
          [rectangle(left, y, size, size * 1.5)],
          tone,
          (day + draw * 0.2) * fade,
        );
      } else if (draw < (floor < 0.12 ? 0.95 : busy)) {
        const colour = draw < 0.035 ? pick(stage, palette.accents) : draw < 0.14 ? cool : warm;
        fillOutlines(
          canvas,
          [rectangle(left, y, size, size * 1.5)],
          colour,
          (0.4 + 0.6 * stage.chance()) * fade,
        );
      }
    }
  }
}

/** Lamps along the river, each with a halo that the water will mirror. */
function paintLights(stage: Stage, horizon: number): void {
  const { canvas, unit, width, palette } = stage;
  const count = Math.round((width / unit) * 15);
  for (let lamp = 0; lamp < count; lamp++) {
    const x = ((lamp + between(stage, 0.2, 0.8)) / count) * width;
    const y = horizon - unit * between(stage, 0.006, 0.022);
    const colour = stage.chance() < 0.6 ? hex('ffd9a0') : pick(stage, palette.accents);
    glow(canvas, x, y, unit * between(stage, 0.02, 0.05), colour, 0.75);
    glow(canvas, x, y, unit * 0.006, [1, 1, 1], 1);
  }
}

function paintQuay(stage: Stage): void {
  const { canvas, palette, unit, width, height, noise } = stage;
  const top = height * 0.86;
  const stone = palette.isNight
    ? darken(mix(palette.sky[1]!, hex('3a3f4e'), 0.5), 0.35)
    : multiply(hex('a8a29a'), mix(palette.shade, palette.light, 0.8));
  fillOutlines(canvas, [rectangle(0, top, width, height - top)], (x, y, out) => {
    const below = (y - top) / (height - top);
    const depth = 1 / (0.25 + below);
    const grain = noise.fractal(((x - width / 2) / unit) * depth * 3, depth * 9, 3) * 0.14;
    const sheen = palette.isNight
      ? Math.max(0, noise.at(((x - width / 2) / unit) * depth * 1.2, 4)) * 0.3 * (1 - below)
      : 0;
    for (let channel = 0; channel < 3; channel++) {
      out[channel] =
        stone[channel]! * (1.1 - below * 0.45 + grain) + palette.accents[0]![channel]! * sheen;
    }
  });
  fillOutlines(
    canvas,
    [rectangle(0, top - unit * 0.006, width, unit * 0.008)],
    lighten(stone, 0.18),
  );
}
