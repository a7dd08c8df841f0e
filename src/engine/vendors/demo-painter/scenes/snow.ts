import { type Colour, darken, hex, mix, smoothstep } from '../colour.ts';
import { shadeRows } from '../canvas.ts';
import { createField } from '../field.ts';
import { linear } from '../shaders.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { paintSky, placeSun } from '../sky.ts';
import { disc, softEllipse } from '../soft.ts';
import { type Stage, allows, between } from '../stage.ts';
import { paintFir } from '../trees.ts';
import { paintMountains, sideOf } from './mountains.ts';

/** Snowfields, white firs and peaks; the northern lights at night. */
export function paintSnow(stage: Stage): void {
  const { height, width, unit, palette } = stage;
  const horizon = Math.round(height * between(stage, 0.58, 0.63));
  const sun = placeSun(stage, horizon);
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon + 2, sun);
  if (palette.isNight) paintAurora(stage, horizon);
  paintMountains(stage, {
    horizon: horizon + unit * 0.01,
    rise: 0.26,
    snowLine: 0.02,
    lightSide: side,
  });
  softEllipse(stage.canvas, [width / 2, horizon, width * 0.9, unit * 0.08], palette.haze, 0.6);
  paintFirs(stage, horizon, side, 0.07, 46);
  paintGround(stage, horizon, side);
  paintFirs(stage, height * 0.76, side, 0.2, 9);
  const { subjects } = stage.description;
  const spot = {
    y: height * 0.9,
    scale: 1.1,
    lightSide: side,
    airLine: height * 0.1,
    shadow: 0.35,
  };
  if (subjects.length > 0) placeFigures(stage, { ...spot, x: width * 0.5 });
  else if (allows(stage, 'house') && stage.chance() < 0.6) {
    placeFigure(stage, 'house', {
      ...spot,
      x: width * between(stage, 0.38, 0.62),
      y: height * 0.83,
      scale: 0.75,
    });
  }
  paintFlakes(stage);
}

function paintAurora(stage: Stage, horizon: number): void {
  const { canvas, noise, unit, width } = stage;
  const shift = between(stage, 0, 60);
  const low: Colour = hex('5cf2b0');
  const high: Colour = hex('9a6cf0');
  const field = createField(width, horizon, Math.max(1, unit / 300), (x, y) => {
    const u = x / unit;
    const v = y / unit;
    const curtain = v - 0.36 - noise.fractal(u * 1.1 + shift, 2, 3) * 0.28;
    const rays = 0.6 + 0.6 * noise.fractal(u * 9 + shift, v * 0.7, 2);
    const rise = curtain > 0 ? Math.exp(-curtain * 26) : Math.exp(curtain * 5.5);
    return rise * rays * smoothstep(-0.5, 0.25, noise.at(u * 0.9, shift));
  });
  shadeRows(canvas, 0, horizon, (x, y, out) => {
    const strength = Math.max(0, field.at(x, y));
    const up = Math.min(1, (1 - y / horizon) * 1.15);
    for (let channel = 0; channel < 3; channel++)
      out[channel] = low[channel]! + (high[channel]! - low[channel]!) * up * up;
    out[3] = Math.min(0.85, strength * 0.75);
  });
}

function paintGround(stage: Stage, horizon: number, side: number): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const shift = between(stage, 0, 60);
  const bright = mix([0.99, 0.99, 1], palette.light, palette.isNight ? 0.75 : 0.42);
  const blue = mix(palette.shade, hex('a9c4e8'), palette.isNight ? 0.22 : 0.62);
  const drift = createField(width, height, Math.max(1, unit / 340), (x, y) => {
    const below = Math.max(0, y - horizon) / unit;
    const depth = 1 / (0.1 + below);
    return noise.fractal(((x - width / 2) / unit) * depth * 0.5 + shift, depth * 0.95, 4);
  });
  const step = unit * 0.012;
  shadeRows(canvas, horizon, height, (x, y, out) => {
    const below = (y - horizon) / (height - horizon);
    const slope = drift.at(x, y) - drift.at(x + side * step, y - step * 0.5);
    const lit = Math.max(0, Math.min(1, 0.72 - slope * 2.6 - below * 0.16));
    for (let channel = 0; channel < 3; channel++) {
      out[channel] = blue[channel]! + (bright[channel]! - blue[channel]!) * lit;
    }
    out[3] = Math.min(1, below * 26);
  });
}

function paintFirs(stage: Stage, foot: number, side: number, size: number, each: number): void {
  const { canvas, palette, unit, width } = stage;
  if (!allows(stage, 'trees') || !allows(stage, 'tree')) return;
  const count = Math.round((width / unit) * each);
  for (let tree = 0; tree < count; tree++) {
    const place = stage.chance();
    // Near trees keep to the sides, out of the subject's way.
    const x =
      each < 20 ? width * (place < 0.5 ? place * 0.5 : 1 - (1 - place) * 0.5) : width * place;
    const tall = unit * size * between(stage, 0.7, 1.35);
    const y = foot + unit * between(stage, -0.01, 0.05) * (size / 0.07) * 0.5;
    const green = darken(mix(hex('3f6656'), palette.shade, 0.45), palette.isNight ? 0.45 : 0.1);
    const white = mix([0.96, 0.98, 1], palette.light, palette.isNight ? 0.8 : 0.35);
    softEllipse(canvas, [x - side * tall * 0.18, y, tall * 0.36, tall * 0.06], palette.shade, 0.45);
    const half = tall * 0.2;
    paintFir(
      stage,
      x,
      y,
      tall,
      linear(
        [x + side * half, y - tall, x - side * half, y],
        [white, mix(green, white, 0.35), green],
      ),
    );
  }
}

function paintFlakes(stage: Stage): void {
  const { canvas, unit, width, height } = stage;
  const heavy = stage.description.weather === 'snow';
  const count = (heavy ? 520 : 120) * ((width * height) / unit ** 2);
  for (let flake = 0; flake < count; flake++) {
    const near = stage.chance() ** 5;
    disc(
      canvas,
      stage.chance() * width,
      stage.chance() * height,
      unit * (0.0011 + 0.0048 * near),
      [1, 1, 1],
      0.75 - 0.4 * near,
    );
  }
}
