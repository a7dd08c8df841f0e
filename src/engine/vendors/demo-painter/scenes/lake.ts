import { darken, hex, mix, multiply } from '../colour.ts';
import { fillOutlines } from '../fill.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { linear } from '../shaders.ts';
import { paintBirds, paintSky, placeSun } from '../sky.ts';
import { softEllipse } from '../soft.ts';
import { type Stage, allows, between } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';
import { paintFir } from '../trees.ts';
import { paintWater } from '../water.ts';
import { paintMountains, sideOf, waterColour } from './mountains.ts';

/** Mountains over a still lake with firs on its shore. */
export function paintLake(stage: Stage): void {
  const { height, unit, palette, width } = stage;
  const horizon = Math.round(height * between(stage, 0.58, 0.64));
  const sun = placeSun(stage, horizon);
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon, sun);
  paintMountains(stage, {
    horizon,
    rise: between(stage, 0.3, 0.4),
    snowLine: between(stage, 0.3, 0.5),
    lightSide: side,
  });
  paintBirds(stage, horizon);
  softEllipse(stage.canvas, [width / 2, horizon, width * 0.9, unit * 0.06], palette.haze, 0.5);
  paintShore(stage, horizon);
  const floating = stage.description.subjects.filter((name) => FIGURES[name].place === 'air');
  if (floating.length > 0 && floating.length === stage.description.subjects.length) {
    placeFigures(stage, {
      x: width * between(stage, 0.3, 0.7),
      y: 0,
      scale: 1,
      lightSide: side,
      airLine: height * 0.1,
    });
    paintWater(stage, { top: horizon, colour: waterColour(stage), waves: 0.35, sun });
    return;
  }
  paintWater(stage, { top: horizon, colour: waterColour(stage), waves: 0.35, sun });
  paintForeground(stage, horizon, side);
}

function paintForeground(stage: Stage, horizon: number, side: number): void {
  const { subjects } = stage.description;
  const { height, width } = stage;
  const onWater = subjects.length === 0 || FIGURES[subjects[0]!].place === 'water';
  if (!onWater) {
    paintBank(stage);
    const x = width * (0.5 - side * between(stage, 0.08, 0.2));
    placeFigures(stage, { x, y: height * 0.93, scale: 1, lightSide: side, airLine: height * 0.12 });
    return;
  }
  const y = horizon + (height - horizon) * between(stage, 0.22, 0.4);
  const spot = {
    x: width * (0.5 - side * between(stage, 0.05, 0.25)),
    y,
    scale: 0.85,
    lightSide: side,
    waterLine: y,
  };
  if (subjects.length > 0) placeFigures(stage, { ...spot, scale: 1.35 });
  else if (allows(stage, 'sailboat') && stage.chance() < 0.45) placeFigure(stage, 'sailboat', spot);
}

function paintShore(stage: Stage, horizon: number): void {
  const { noise, palette, unit, width } = stage;
  const shift = between(stage, 0, 50);
  const tone = multiply(
    mix(hex('4d6a4d'), palette.haze, 0.12),
    mix(palette.shade, palette.light, 0.16),
  );
  const back = mix(tone, palette.haze, 0.35);
  for (const [layer, colour, size] of [
    [0, back, 0.72],
    [1, tone, 1],
  ] as const) {
    const rise = (x: number) =>
      unit *
      (0.016 +
        0.05 * Math.max(0, noise.fractal((x / unit) * 1.7 + shift + layer * 9, layer, 3) + 0.12));
    const outline = [0, horizon + 1];
    for (let x = 0; x <= width; x += 4) outline.push(x, horizon - rise(x) * size);
    fillOutlines(
      stage.canvas,
      [[...outline, width + 4, horizon - rise(width), width + 4, horizon + 1]],
      colour,
    );
    if (!allows(stage, 'trees') || !allows(stage, 'tree')) continue;
    const count = Math.round((width / unit) * 80);
    for (let tree = 0; tree < count; tree++) {
      const x = stage.chance() * width;
      if (noise.at((x / unit) * 4 + shift, layer * 5 + 2) < -0.12) continue;
      const tall = unit * between(stage, 0.025, 0.062) * size;
      paintFir(
        stage,
        x,
        horizon - rise(x) * size * stage.chance() * 0.9 + 1,
        tall,
        darken(colour, stage.chance() * 0.3),
      );
    }
  }
}

/** A grassy bank in the foreground for those who do not swim. */
function paintBank(stage: Stage): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const shift = between(stage, 0, 50);
  const outline = [0, height];
  for (let x = 0; x <= width + 4; x += 4) {
    outline.push(x, height * 0.885 - unit * 0.04 * noise.fractal((x / unit) * 1.4 + shift, 3, 4));
  }
  outline.push(width + 4, height);
  const grass = multiply(hex('7d9a56'), mix(palette.shade, palette.light, 0.75));
  fillOutlines(
    canvas,
    [outline],
    linear([0, height * 0.85, 0, height], [grass, darken(grass, 0.5)]),
  );
  const blades = Math.round((width / unit) * 420 * stage.detail);
  for (let blade = 0; blade < blades; blade++) {
    const x = stage.chance() * width;
    const y = height * between(stage, 0.885, 1.02);
    const tall = unit * between(stage, 0.012, 0.03);
    const lean = between(stage, -0.4, 0.4) * tall;
    const half = unit * 0.0016;
    const tone = mix(
      grass,
      stage.chance() < 0.4 ? palette.light : palette.shade,
      between(stage, 0.05, 0.45),
    );
    fillOutlines(
      canvas,
      [[x - half, y, x + lean, y - tall, x + half, y]],
      mix(tone, [0.02, 0.05, 0.03], 0.25),
      0.9,
    );
  }
}
