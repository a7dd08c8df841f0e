import { type Colour, darken, hex, mix, multiply, smoothstep } from '../colour.ts';
import { fillOutlines } from '../fill.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { paintBirds, paintSky, placeSun } from '../sky.ts';
import { glow } from '../soft.ts';
import { type Stage, allows, between } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';
import { paintWater } from '../water.ts';
import { sideOf, waterColour } from './mountains.ts';

/** Open sea under a wide sky, with a lighthouse on a cliff, a boat, or a beach in front. */
export function paintSea(stage: Stage): void {
  const { height, width } = stage;
  const horizon = Math.round(height * between(stage, 0.53, 0.6));
  const sun = placeSun(stage, horizon, between(stage, 0.38, 0.62));
  const side = sideOf(stage, sun.x);
  paintSky(stage, horizon, sun);
  paintBirds(stage, horizon);
  if (stage.chance() < 0.6) paintIsland(stage, horizon, side);
  paintWater(stage, { top: horizon, colour: waterColour(stage), waves: 0.8, sun });
  const { subjects } = stage.description;
  const standing = subjects.filter(
    (name) => name !== 'lighthouse' && FIGURES[name].place !== 'water',
  );
  const wantsLight =
    subjects.includes('lighthouse') || (subjects.length === 0 && stage.chance() < 0.55);
  const wantsBoat =
    subjects.includes('sailboat') || (subjects.length === 0 && stage.chance() < 0.6);
  if (wantsBoat && allows(stage, 'sailboat')) {
    const main = subjects.includes('sailboat') && !wantsLight;
    const y = horizon + (height - horizon) * (main ? 0.42 : 0.13);
    const x = width * (main ? between(stage, 0.38, 0.6) : between(stage, 0.6, 0.78));
    placeFigure(
      stage,
      'sailboat',
      { x, y, scale: main ? 2.3 : 0.75, lightSide: -1, waterLine: y },
      main ? 0 : 1,
    );
  }
  if (standing.length > 0) {
    paintBeach(stage);
    const inner: Stage = { ...stage, description: { ...stage.description, subjects: standing } };
    placeFigures(inner, {
      x: width * 0.5,
      y: height * 0.9,
      scale: 1.05,
      lightSide: side,
      airLine: height * 0.14,
    });
  }
  if (wantsLight && allows(stage, 'lighthouse')) paintCliff(stage, horizon, standing.length > 0);
}

function paintIsland(stage: Stage, horizon: number, side: number): void {
  const { noise, palette, unit } = stage;
  const centre = stage.width * (0.5 + side * between(stage, 0.22, 0.36));
  const half = unit * between(stage, 0.14, 0.26);
  const shift = between(stage, 0, 40);
  const outline: number[] = [centre - half, horizon + 1];
  for (let step = 0; step <= 60; step++) {
    const place = step / 30 - 1;
    const rise = (1 - place * place) * (0.05 + 0.045 * noise.fractal(place * 2 + shift, 1, 4));
    outline.push(centre + place * half, horizon - unit * rise);
  }
  outline.push(centre + half, horizon + 1);
  fillOutlines(stage.canvas, [outline], mix(palette.haze, palette.shade, 0.45));
}

/** A rocky headland at the left edge, its slopes shaded by its own grain. */
function paintCliff(stage: Stage, horizon: number, far: boolean): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const scale = far ? 0.6 : 1;
  const shift = between(stage, 0, 40);
  const top = far ? horizon - unit * 0.01 : horizon + (height - horizon) * 0.12;
  const foot = far ? horizon + unit * 0.05 : height;
  const reach = Math.min(width * 0.62, unit * (far ? 0.34 : 0.56));
  const outline: number[] = [0, foot, 0, top];
  for (let step = 0; step <= 90; step++) {
    const place = step / 90;
    const fall = smoothstep(0.42, 1, place) ** 1.3;
    const rough = noise.fractal(place * 7 + shift, 4, 5) * 0.045 * scale;
    outline.push(place * reach, Math.min(foot, top + (foot - top) * fall + rough * unit));
  }
  outline.push(reach, foot);
  const rock = hex('6f625c');
  const grass = hex('66784a');
  const light = mix(palette.shade, palette.light, 0.8);
  fillOutlines(canvas, [outline], (x, y, out) => {
    const u = x / unit;
    const v = y / unit;
    const grain = noise.ridged(u * 4 + shift, v * 7 + u * 3, 4) - 0.45;
    const slope = grain - noise.ridged(u * 4 + shift + 0.07, v * 7 + u * 3 + 0.16, 3) + 0.41;
    const lit = Math.max(0, Math.min(1, 0.36 + slope * 1.5));
    const cap = smoothstep(0.05, 0.0, v - top / unit - 0.03 + grain * 0.03);
    for (let channel = 0; channel < 3; channel++) {
      const base = rock[channel]! + (grass[channel]! - rock[channel]!) * cap;
      const dark = palette.shade[channel]! * 0.55;
      out[channel] = base * (dark + (light[channel]! - dark) * lit);
    }
  });
  const x = reach * 0.34;
  const spot = { x, y: top + unit * 0.02 * scale, scale: 1.08 * scale, lightSide: 1, shadow: 0 };
  placeFigure(stage, 'lighthouse', spot, stage.description.subjects[0] === 'lighthouse' ? 0 : 1);
  const lampY = spot.y - FIGURES.lighthouse.size * unit * spot.scale * 0.8;
  if (palette.isNight) paintBeam(stage, x, lampY);
  glow(canvas, x, lampY, unit * (palette.isNight ? 0.12 : 0.05) * scale, hex('ffe9a8'), 0.8);
}

function paintBeam(stage: Stage, x: number, y: number): void {
  const { canvas, unit } = stage;
  const colour: Colour = hex('ffeeb8');
  for (const [reach, spread, strength] of [
    [1.5, 0.15, 0.3],
    [-0.5, 0.06, 0.25],
  ] as const) {
    const end = x + reach * unit;
    const rise = y - unit * 0.08 * Math.sign(reach);
    const beam = [x, y - 2, end, rise - spread * unit, end, rise + spread * unit, x, y + 2];
    fillOutlines(canvas, [beam], (px, py, out) => {
      const along = (px - x) / (end - x);
      const middle = y + (rise - y) * along;
      const across = Math.abs(py - middle) / (spread * unit * along + 2);
      out[0] = colour[0];
      out[1] = colour[1];
      out[2] = colour[2];
      out[3] = strength * (1 - along) * Math.max(0, 1 - across * across);
    });
  }
}

function paintBeach(stage: Stage): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const shift = between(stage, 0, 50);
  const edge = (x: number) =>
    height * 0.8 + unit * 0.05 * noise.fractal((x / unit) * 1.1 + shift, 1, 3);
  const sand = multiply(hex('ecd3a4'), mix(palette.shade, palette.light, 0.85));
  const foam = mix(sand, [1, 1, 1], palette.isNight ? 0.25 : 0.75);
  for (const [lift, colour, alpha] of [
    [0.022, foam, 0.35],
    [0.012, foam, 0.9],
    [0, mix(sand, darken(sand, 0.5), 0.5), 1],
  ] as const) {
    const outline = [0, height];
    for (let x = 0; x <= width + 4; x += 4) outline.push(x, edge(x) - lift * unit);
    outline.push(width + 4, height);
    fillOutlines(canvas, [outline], colour, alpha);
  }
  const outline = [0, height];
  for (let x = 0; x <= width + 4; x += 4) outline.push(x, edge(x) + unit * 0.022);
  outline.push(width + 4, height);
  fillOutlines(canvas, [outline], (x, y, out) => {
    const grain = noise.fractal((x / unit) * 14, (y / unit) * 40, 3) * 0.09;
    const wet = 0.84 + 0.16 * smoothstep(0, 0.05, (y - edge(x)) / unit);
    for (let channel = 0; channel < 3; channel++) out[channel] = sand[channel]! * (wet + grain);
  });
}
