import { type Shaded, shadeRows } from './canvas.ts';
import { type Colour, gradientAt, mix, smoothstep } from './colour.ts';
import { createField } from './field.ts';
import { fillOutlines } from './fill.ts';
import { ellipse, stroke } from './outline.ts';
import { disc, glow } from './soft.ts';
import { type Stage, allows, between } from './stage.ts';

/** The sun or moon: its centre and radius in pixels. */
export interface Sun {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Places the sun: low at sunset and dawn, high by day and night; `x` may be given as a share. */
export function placeSun(stage: Stage, horizon: number, x = between(stage, 0.2, 0.8)): Sun {
  const low = stage.description.time === 'sunset' || stage.description.time === 'dawn';
  const rise = low ? between(stage, 0.1, 0.3) : between(stage, 0.55, 0.78);
  const radius = stage.unit * (low ? between(stage, 0.04, 0.055) : between(stage, 0.03, 0.042));
  return { x: stage.width * x, y: horizon * (1 - rise), radius };
}

/** Paints everything above `horizon` (pixels from the top): air, clouds, stars, sun or moon. */
export function paintSky(stage: Stage, horizon: number, sun: Sun): void {
  const clouds = cloudField(stage, horizon);
  paintAir(stage, horizon, sun, clouds);
  if (stage.palette.isNight && allows(stage, 'stars')) paintStars(stage, horizon, clouds);
  const part = stage.palette.isNight ? 'moon' : 'sun';
  const veiled = stage.description.weather === 'rain' || stage.description.weather === 'fog';
  if (allows(stage, part)) paintSun(stage, sun, veiled);
}

type Clouds = (x: number, y: number) => number;

/** Clouds lie on a plane overhead, so that they grow small and flat towards the horizon. */
function cloudField(stage: Stage, horizon: number): Clouds {
  const { noise, unit, description } = stage;
  if (!allows(stage, 'clouds')) return () => 0;
  const cover = description.weather === 'clear' ? between(stage, 0.02, 0.22) : 0.36;
  const shiftX = between(stage, 0, 90);
  const shiftY = between(stage, 0, 90);
  const stretch = between(stage, 0.55, 1);
  const octaves = stage.detail < 1 ? 4 : 5;
  const step = Math.max(1, unit / 300);
  const field = createField(stage.width, horizon, step, (x, y) => {
    const rise = Math.max(0, (horizon - y) / unit);
    const depth = 1 / (rise + 0.11);
    const planeX = ((x - stage.width / 2) / unit) * depth * stretch + shiftX;
    const planeY = depth * 1.7 + shiftY;
    const bend = noise.fractal(planeX * 0.9 + 40, planeY * 0.9, 2) * 0.9;
    const shape = noise.fractal(planeX * 0.75 + bend, planeY * 0.75 + bend * 0.6, octaves);
    return smoothstep(0.0, 0.42, shape + cover - 0.12) * smoothstep(0.015, 0.13, rise);
  });
  return (x, y) => field.at(x, y);
}

function paintAir(stage: Stage, horizon: number, sun: Sun, clouds: Clouds): void {
  const { palette, unit, canvas } = stage;
  const rows = skyRows(palette.sky, horizon);
  const reach = unit * (palette.isNight ? 0.55 : 0.8);
  const power = palette.isNight ? 0.45 : 0.75;
  const [glowRed, glowGreen, glowBlue] = palette.glow;
  const light = palette.cloudLight;
  const shade = palette.cloudShade;
  const offset = unit * 0.022;
  shadeRows(canvas, 0, horizon, (x, y, out) => {
    const dx = sun.x - x;
    const dy = sun.y - y;
    const distance = Math.sqrt(dx * dx + dy * dy) + 1;
    const near = reach / (reach + distance * 2.4);
    const aura = near * near * power;
    const row = y * 3;
    lay(out, rows, row, aura, glowRed, glowGreen, glowBlue);
    const density = clouds(x, y);
    if (density <= 0.004) return;
    const before = clouds(x + (dx / distance) * offset, y + (dy / distance) * offset);
    const lit = Math.max(
      0,
      Math.min(1, 0.55 + (density - before) * 1.5 + aura * 0.5 - density * 0.2),
    );
    const share = density * 0.88;
    out[0] += (shade[0] + (light[0] - shade[0]) * lit + aura * 0.25 * glowRed - out[0]) * share;
    out[1] += (shade[1] + (light[1] - shade[1]) * lit + aura * 0.25 * glowGreen - out[1]) * share;
    out[2] += (shade[2] + (light[2] - shade[2]) * lit + aura * 0.25 * glowBlue - out[2]) * share;
  });
}

function lay(
  out: Shaded,
  rows: Float32Array,
  row: number,
  aura: number,
  red: number,
  green: number,
  blue: number,
): void {
  const baseRed = rows[row]!;
  const baseGreen = rows[row + 1]!;
  const baseBlue = rows[row + 2]!;
  out[0] = baseRed + (red - baseRed * 0.6) * aura;
  out[1] = baseGreen + (green - baseGreen * 0.6) * aura;
  out[2] = baseBlue + (blue - baseBlue * 0.6) * aura;
}

function skyRows(stops: readonly Colour[], horizon: number): Float32Array {
  const count = Math.ceil(horizon) + 1;
  const rows = new Float32Array(count * 3);
  for (let y = 0; y < count; y++) rows.set(gradientAt(stops, (y / horizon) ** 1.15), y * 3);
  return rows;
}

function paintStars(stage: Stage, horizon: number, clouds: Clouds): void {
  const { canvas, unit, width } = stage;
  const count = Math.round(((width * horizon) / unit ** 2) * 420 * stage.detail);
  for (let star = 0; star < count; star++) {
    const x = stage.chance() * width;
    const y = stage.chance() ** 1.4 * horizon;
    const size = stage.chance() ** 6;
    const clear = (1 - clouds(x, y)) * (1 - y / horizon);
    const radius = unit * (0.00055 + 0.0016 * size);
    disc(canvas, x, y, radius, [0.95, 0.96, 1], clear * (0.5 + 0.5 * size));
    if (size > 0.55) glow(canvas, x, y, radius * 7, [0.8, 0.88, 1], 0.5 * clear);
  }
}

function paintSun(stage: Stage, sun: Sun, veiled: boolean): void {
  const { canvas, palette } = stage;
  const strength = veiled ? 0.35 : palette.isNight ? 0.55 : 0.9;
  glow(canvas, sun.x, sun.y, sun.radius * 5, palette.glow, strength * 0.7);
  glow(canvas, sun.x, sun.y, sun.radius * 2.2, palette.sun, strength * 0.6);
  if (veiled) return;
  const disk = ellipse(sun.x, sun.y, sun.radius, sun.radius);
  fillOutlines(canvas, [disk], palette.sun);
  if (!palette.isNight) return;
  const stain = mix(palette.sun, palette.cloudShade, 0.35);
  for (const [dx, dy, size] of [
    [-0.35, -0.2, 0.3],
    [0.3, 0.25, 0.24],
    [0.05, -0.5, 0.16],
    [-0.2, 0.45, 0.14],
  ] as const) {
    const spot = ellipse(
      sun.x + dx * sun.radius,
      sun.y + dy * sun.radius,
      size * sun.radius,
      size * sun.radius,
    );
    fillOutlines(canvas, [spot], stain, 0.35);
  }
}

/** A loose flock of far birds. */
export function paintBirds(stage: Stage, horizon: number): void {
  if (!allows(stage, 'birds') || !allows(stage, 'bird')) return;
  const { canvas, unit } = stage;
  const centreX = stage.width * between(stage, 0.15, 0.85);
  const centreY = horizon * between(stage, 0.2, 0.5);
  const colour = mix(stage.palette.cloudShade, [0.05, 0.05, 0.1], 0.7);
  const count = 4 + Math.floor(stage.chance() * 5);
  for (let bird = 0; bird < count; bird++) {
    const x = centreX + between(stage, -0.11, 0.11) * unit;
    const y = centreY + between(stage, -0.04, 0.04) * unit;
    const size = unit * between(stage, 0.007, 0.012);
    const lift = size * between(stage, 0.3, 0.6);
    const points = [
      x - size,
      y - lift * 0.4,
      x - size * 0.45,
      y - lift,
      x,
      y,
      x + size * 0.45,
      y - lift,
      x + size,
      y - lift * 0.4,
    ];
    fillOutlines(canvas, stroke(points, Math.max(0.8, size * 0.2)), colour, 0.85);
  }
}
