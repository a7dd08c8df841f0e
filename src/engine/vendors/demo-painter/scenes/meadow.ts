import { type Colour, darken, hex, lighten, mix, multiply, smoothstep } from '../colour.ts';
import { shadeRows } from '../canvas.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse } from '../outline.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { paintBirds, paintSky, placeSun } from '../sky.ts';
import { disc, softEllipse } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { paintTerrain } from '../terrain.ts';
import { paintRoundTree } from '../trees.ts';
import { sideOf } from './mountains.ts';

/** Rolling hills, scattered trees, and grass full of flowers. */
export function paintMeadow(stage: Stage): void {
  const { height, width, unit, palette } = stage;
  const horizon = Math.round(height * between(stage, 0.54, 0.6));
  const sun = placeSun(stage, horizon);
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon + unit * 0.08, sun);
  paintBirds(stage, horizon);
  const light = mix(palette.shade, palette.light, palette.isNight ? 0.55 : 0.95);
  const autumn = stage.chance() < 0.15;
  const grass = multiply(autumn ? hex('b39a4f') : hex('6ea04a'), light);
  paintHills(stage, horizon, side, grass);
  if (allows(stage, 'trees') && allows(stage, 'tree')) paintTrees(stage, horizon, side, grass);
  paintGround(stage, horizon, grass);
  const flowers = allows(stage, 'flowers') && allows(stage, 'flower');
  const feet = height * between(stage, 0.86, 0.89);
  paintGrass(stage, { from: horizon + unit * 0.07, to: feet, grass, side, flowers });
  if (stage.description.subjects.length > 0) {
    const spot = {
      x: width * between(stage, 0.42, 0.58),
      y: feet,
      scale: 1.1,
      lightSide: side,
      airLine: height * 0.08,
      shadow: 0.55,
    };
    placeFigures(stage, spot);
  } else if (stage.chance() < 0.35 && allows(stage, 'house')) {
    placeFigure(stage, 'house', {
      x: width * 0.3,
      y: horizon + unit * 0.13,
      scale: 0.4,
      lightSide: side,
      shadow: 0.4,
    });
  } else if (stage.chance() < 0.4 && allows(stage, 'balloon')) {
    placeFigure(stage, 'balloon', {
      x: width * 0.7,
      y: 0,
      scale: 0.6,
      lightSide: side,
      airLine: height * 0.14,
    });
  }
  paintGrass(stage, { from: feet, to: height + unit * 0.03, grass, side, flowers });
}

function paintHills(stage: Stage, horizon: number, side: number, grass: Colour): void {
  const { canvas, noise, palette, unit } = stage;
  const shift = between(stage, 0, 90);
  const dry = mix(grass, palette.light, 0.2);
  paintTerrain(canvas, {
    horizon: horizon + unit * 0.03,
    bottom: horizon + unit * 0.09,
    near: 2.5,
    far: 14,
    eye: 0,
    scale: unit * 1.2,
    steps: 90,
    haze: palette.haze,
    fog: (distance) => 0.85 * smoothstep(2.5, 14, distance) ** 0.8,
    height: (across, distance) =>
      (noise.fractal(across * 0.3 + shift, distance * 0.33, 3) * 0.62 + 0.08) *
        smoothstep(2, 9, distance) -
      0.06,
    colour: (out, _height, slopeRight, slopeAway, distance, across) => {
      const lit = smoothstep(-0.5, 0.55, -slopeRight * side * 1.6 + slopeAway * 0.4 + 0.08);
      const patch = smoothstep(-0.2, 0.35, noise.at(across * 1.1 + shift, distance * 1.2));
      for (let channel = 0; channel < 3; channel++) {
        const base = grass[channel]! + (dry[channel]! - grass[channel]!) * patch * 0.6;
        out[channel] = base * (0.55 + 0.55 * lit);
      }
    },
  });
}

function paintTrees(stage: Stage, horizon: number, side: number, grass: Colour): void {
  const { palette, unit, width, canvas } = stage;
  const groups = 2 + Math.floor(stage.chance() * 3);
  for (let group = 0; group < groups; group++) {
    const centre = width * between(stage, 0.03, 0.97);
    const far = stage.chance();
    const y = horizon + unit * (0.035 + 0.05 * (1 - far));
    const colour = mix(darken(grass, 0.3), palette.haze, 0.1 + far * 0.3);
    for (let tree = 0; tree < 1 + stage.chance() * 4; tree++) {
      const x = centre + between(stage, -0.08, 0.08) * unit;
      const tall = unit * between(stage, 0.09, 0.15) * (1.05 - far * 0.45);
      softEllipse(
        canvas,
        [x - side * tall * 0.2, y, tall * 0.5, tall * 0.07],
        [0, 0.04, 0.05],
        0.4,
      );
      paintRoundTree(stage, x, y, tall, colour, side);
    }
  }
}

function paintGround(stage: Stage, horizon: number, grass: Colour): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const top = horizon + unit * 0.055;
  const far = mix(lighten(grass, 0.12), palette.haze, 0.22);
  const near = darken(grass, 0.42);
  shadeRows(canvas, top, height, (x, y, out) => {
    const below = (y - top) / (height - top);
    const depth = 1 / (0.07 + below * 0.6);
    const planeX = ((x - width / 2) / unit) * depth;
    const patch = noise.fractal(planeX * 0.55, depth * 1.1, 3) * 0.32;
    const share = Math.min(1, below * 1.15);
    const light = 1 + patch;
    for (let channel = 0; channel < 3; channel++) {
      out[channel] = (far[channel]! + (near[channel]! - far[channel]!) * share) * light;
    }
    out[3] = Math.min(1, below * 14);
  });
}

interface Strip {
  readonly from: number;
  readonly to: number;
  readonly grass: Colour;
  readonly side: number;
  readonly flowers: boolean;
}

/** Blades and flowers from far (tiny) to near (large), so that the near ones stand in front. */
function paintGrass(stage: Stage, strip: Strip): void {
  const { noise, palette, unit, width, height } = stage;
  const top = height * 0.5;
  const kinds = palette.accents.map((colour) =>
    multiply(colour, mix(palette.shade, [1, 1, 1], palette.isNight ? 0.5 : 0.92)),
  );
  let y = strip.from;
  while (y < strip.to) {
    const near = Math.max(0.03, (y - top) / (height - top));
    const size = unit * 0.032 * near ** 1.3;
    const many = Math.min(1400, Math.round((width / (size * 0.9 + 1.3)) * 1.15 * stage.detail));
    for (let plant = 0; plant < many; plant++) {
      const x = stage.chance() * width;
      const foot = y + stage.chance() * size * 1.2;
      paintBlade(stage, x, foot, size, strip);
      const bloom = noise.fractal((x / unit) * (2.4 / near) * 0.4 + 5, near * 7, 2) + 0.24;
      if (strip.flowers && stage.chance() < bloom * 0.85) {
        paintFlower(
          stage,
          x,
          foot - size * between(stage, 0.5, 1.15),
          size * between(stage, 0.26, 0.46),
          pick(stage, kinds),
        );
      }
    }
    y += Math.max(2, size * 0.75);
  }
}

function paintBlade(
  stage: Stage,
  x: number,
  y: number,
  size: number,
  { grass, side }: Strip,
): void {
  const { canvas, palette } = stage;
  const draw = stage.chance();
  if (size < 2) return;
  const tall = size * (0.5 + 0.8 * draw);
  const lean = (stage.chance() - 0.5) * tall * 0.8;
  const half = size * 0.055 + 0.25;
  const lit = lean * side > 0 ? 0.3 : 0.08;
  const colour = mix(darken(grass, 0.5 - draw * 0.42), palette.light, lit * draw);
  fillOutlines(
    canvas,
    [
      [
        x - half,
        y,
        x + lean * 0.3 - half * 0.6,
        y - tall * 0.55,
        x + lean,
        y - tall,
        x + lean * 0.3 + half * 0.6,
        y - tall * 0.55,
        x + half,
        y,
      ],
    ],
    colour,
  );
}

function paintFlower(stage: Stage, x: number, y: number, radius: number, colour: Colour): void {
  const { canvas, unit } = stage;
  if (radius < unit * 0.0045) {
    disc(canvas, x, y, radius * 1.15, colour, 0.95);
    if (radius > 1.6)
      disc(canvas, x - radius * 0.25, y - radius * 0.3, radius * 0.4, lighten(colour, 0.45), 0.8);
    return;
  }
  const petals = 5 + Math.floor(stage.chance() * 3);
  const turn = stage.chance() * 3;
  const dark = darken(colour, 0.22);
  for (let petal = 0; petal < petals; petal++) {
    const angle = turn + (petal / petals) * Math.PI * 2;
    const petalX = x + Math.cos(angle) * radius * 0.62;
    const petalY = y + Math.sin(angle) * radius * 0.5;
    fillOutlines(
      canvas,
      [ellipse(petalX, petalY, radius * 0.55, radius * 0.36, angle)],
      petal % 2 === 0 ? colour : dark,
    );
  }
  disc(canvas, x, y, radius * 0.32, hex('f0bd4a'));
}
