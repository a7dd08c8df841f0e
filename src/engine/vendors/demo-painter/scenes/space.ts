import { shadeRows } from '../canvas.ts';
import {
  type Colour,
  clamp01,
  darken,
  gradientAt,
  hex,
  lighten,
  mix,
  smoothstep,
} from '../colour.ts';
import { createField } from '../field.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse } from '../outline.ts';
import { placeFigures } from '../place-figures.ts';
import { disc, glow } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';

/** A banded planet, often ringed, before a nebula; subjects stand on a moon in front. */
export function paintSpace(stage: Stage): void {
  const { height, width, unit, palette } = stage;
  const tint =
    stage.description.tint ??
    stage.description.subjectColour ??
    pick(stage, palette.accents.slice(0, 4));
  const second = pick(stage, palette.accents);
  paintNebula(stage, tint, second);
  if (allows(stage, 'stars')) paintStars(stage);
  const standing = stage.description.subjects.some(
    (name) => name !== 'rocket' && FIGURES[name].place === 'ground',
  );
  const busy = stage.description.subjects.length > 0;
  const radius = unit * between(stage, 0.2, 0.25) * (busy ? 0.75 : 1);
  const x = width * (busy ? between(stage, 0.66, 0.74) : between(stage, 0.42, 0.58));
  const y = height * (busy ? 0.32 : between(stage, 0.46, 0.54));
  const body = { x, y, radius };
  const tilt = between(stage, -0.45, 0.45);
  const hasRing = allows(stage, 'rings') && stage.chance() < 0.72;
  paintPlanetAndRing(stage, body, tilt, hasRing, tint, second);
  const moon = {
    x: x - radius * between(stage, 1.5, 1.9),
    y: y - radius * between(stage, 0.9, 1.3),
    radius: radius * 0.17,
  };
  if (allows(stage, 'moon'))
    paintGlobe(stage, moon, [hex('6f6c72'), hex('bdb8b2'), hex('8b8788')], 0, false);
  if (!busy) return;
  if (standing) {
    paintGround(stage, tint);
    placeFigures(stage, {
      x: width * 0.4,
      y: height * 0.86,
      scale: 1.1,
      lightSide: -1,
      light: [1, 0.98, 0.95],
      shade: [0.3, 0.3, 0.42],
      airLine: height * 0.2,
      shadow: 0.7,
    });
  } else {
    placeFigures(stage, {
      x: width * 0.36,
      y: height * 0.8,
      scale: 1.15,
      lightSide: -1,
      light: [1, 0.98, 0.95],
      shade: [0.3, 0.3, 0.42],
      airLine: height * 0.4,
      shadow: 0,
    });
  }
}

function paintNebula(stage: Stage, tint: Colour, second: Colour): void {
  const { canvas, noise, unit, width, height } = stage;
  const shift = between(stage, 0, 90);
  const step = Math.max(1, unit / 300);
  const bend = createField(width, height, step * 3, (x, y) =>
    noise.fractal((x / unit) * 1.5 + shift, (y / unit) * 1.5 + shift, 4),
  );
  const gas = createField(width, height, step, (x, y) => {
    const warp = bend.at(x, y) * 1.5;
    return noise.fractal((x / unit) * 1.9 + warp + shift, (y / unit) * 1.9 - warp, 5);
  });
  const night: Colour = [0.012, 0.013, 0.035];
  const lean = between(stage, -0.8, 0.8);
  shadeRows(canvas, 0, height, (x, y, out) => {
    const value = gas.at(x, y);
    const twist = bend.at(x, y);
    const band = 1 - Math.abs((y / height - 0.5) * 1.5 + (x / width - 0.5) * lean);
    const cloud = smoothstep(-0.22, 0.4, value) * clamp01(band + 0.15);
    const core = smoothstep(0.05, 0.42, value) * clamp01(band);
    const dust = 1 - 0.75 * smoothstep(0.05, 0.4, -twist + value * 0.3);
    for (let channel = 0; channel < 3; channel++) {
      const colour =
        second[channel]! + (tint[channel]! - second[channel]!) * clamp01(0.5 + twist * 1.6);
      out[channel] =
        night[channel]! + (colour * cloud * 0.55 + core * core * (0.35 + 0.3 * colour)) * dust;
    }
  });
}

function paintStars(stage: Stage): void {
  const { canvas, unit, width, height } = stage;
  const count = Math.round(((width * height) / unit ** 2) * 1000 * stage.detail);
  for (let star = 0; star < count; star++) {
    const x = stage.chance() * width;
    const y = stage.chance() * height;
    const size = stage.chance() ** 14;
    const hue = stage.chance();
    const colour: Colour = hue < 0.2 ? [1, 0.86, 0.74] : hue < 0.5 ? [0.78, 0.87, 1] : [1, 1, 1];
    disc(canvas, x, y, unit * (0.0006 + 0.0022 * size), colour, 0.35 + 0.65 * stage.chance());
    if (size < 0.45) continue;
    glow(canvas, x, y, unit * 0.022 * size, colour, 0.8);
    const reach = unit * 0.026 * size;
    const thin = Math.max(0.5, unit * 0.0007);
    const cross = [
      [x - reach, y, x, y - thin, x + reach, y, x, y + thin],
      [x, y - reach, x + thin, y, x, y + reach, x - thin, y],
    ];
    fillOutlines(canvas, cross, colour, 0.8);
  }
}

interface Globe {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function paintPlanetAndRing(
  stage: Stage,
  globe: Globe,
  tilt: number,
  hasRing: boolean,
  tint: Colour,
  second: Colour,
): void {
  const ring = {
    tilt,
    flat: between(stage, 0.24, 0.34),
    colour: mix(tint, [0.95, 0.88, 0.78], 0.55),
    seed: between(stage, 0, 50),
  };
  glow(stage.canvas, globe.x, globe.y, globe.radius * 1.75, tint, 0.42);
  if (hasRing) paintRing(stage, globe, ring, -1);
  const stops = [
    mix(tint, second, 0.2),
    lighten(tint, 0.5),
    darken(tint, 0.2),
    mix(second, [1, 0.95, 0.9], 0.55),
    lighten(tint, 0.15),
    darken(mix(tint, second, 0.6), 0.3),
  ];
  paintGlobe(stage, globe, stops, tilt, true);
  if (hasRing) paintRing(stage, globe, ring, 1);
}

/** A ball lit from the upper left: bands around a tilted axis, or a moon's mottled ground. */
function paintGlobe(
  stage: Stage,
  globe: Globe,
  stops: readonly Colour[],
  tilt: number,
  banded: boolean,
): void {
  const { canvas, noise } = stage;
  const { x: centreX, y: centreY, radius } = globe;
  const shift = between(stage, 0, 60);
  const cosine = Math.cos(tilt);
  const sine = Math.sin(tilt);
  const rim = mix(stops[1]!, [0.7, 0.85, 1], 0.4);
  const table = Array.from({ length: 129 }, (_, index) =>
    gradientAt([...stops, stops[0]!], index / 128),
  );
  fillOutlines(canvas, [ellipse(centreX, centreY, radius, radius)], (x, y, out) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    const dz = Math.sqrt(Math.max(0, 1 - dx * dx - dy * dy));
    const u = dx * cosine + dy * sine;
    const v = dy * cosine - dx * sine;
    let value: number;
    if (banded) {
      // Bands run along the latitude and are stirred where they meet.
      const lengthwise = Math.atan2(u, dz) * 1.5;
      const stir = noise.fractal(lengthwise + shift, v * 7, 4) * 0.16;
      value =
        v * 1.25 +
        3 +
        stir +
        noise.at(v * 6 + shift, 3) * 0.3 +
        noise.fractal(lengthwise * 2, v * 26, 3) * 0.05;
    } else value = noise.fractal(u * 3 + shift, v * 3, 5) * 0.8 + 0.5;
    const colour = table[((value - Math.floor(value)) * 128) | 0]!;
    const lit = Math.max(0, dx * -0.62 + dy * -0.42 + dz * 0.66);
    const shade = 0.02 + 1.12 * smoothstep(0, 0.95, lit);
    const edge = (1 - dz) ** 3 * smoothstep(0, 0.5, lit) * (banded ? 0.75 : 0.1);
    for (let channel = 0; channel < 3; channel++)
      out[channel] = colour[channel]! * shade + rim[channel]! * edge;
  });
}

interface Ring {
  readonly tilt: number;
  readonly flat: number;
  readonly colour: Colour;
  readonly seed: number;
}

/** Half of the ring: the far half (-1) goes behind the planet, the near one (1) in front. */
function paintRing(stage: Stage, globe: Globe, ring: Ring, half: number): void {
  const { canvas, noise } = stage;
  const { x: centreX, y: centreY, radius } = globe;
  const cosine = Math.cos(ring.tilt);
  const sine = Math.sin(ring.tilt);
  const outer = radius * 2.25;
  const box = ellipse(centreX, centreY, outer, outer * ring.flat, ring.tilt);
  const grooves = Array.from({ length: 257 }, (_, index) => {
    const place = index / 256;
    const groove = 0.62 + noise.fractal(place * 13 + ring.seed, 7, 4) * 0.75;
    const gap = smoothstep(0.012, 0.03, Math.abs(place - 0.62));
    return clamp01(groove) * gap * smoothstep(0, 0.05, place) * smoothstep(1, 0.93, place);
  });
  fillOutlines(canvas, [box], (x, y, out) => {
    const dx = x - centreX;
    const dy = y - centreY;
    const u = (dx * cosine + dy * sine) / radius;
    const v = (dy * cosine - dx * sine) / radius / ring.flat;
    const distance = Math.sqrt(u * u + v * v);
    out[3] = 0;
    if (v * half < 0 || distance < 1.3) return;
    const place = Math.min(1, (distance - 1.3) / 0.93);
    const share = grooves[(place * 256) | 0]!;
    // The planet's shadow falls to the right and back, away from the light.
    const shadowed = half < 0 && u > -0.1 && Math.abs(v * 0.55 + u * 0.15) < 0.75 ? 0.25 : 1;
    for (let channel = 0; channel < 3; channel++) {
      out[channel] = ring.colour[channel]! * (0.55 + share * 0.6) * shadowed;
    }
    out[3] = share * 0.94;
  });
}

function paintGround(stage: Stage, tint: Colour): void {
  const { canvas, noise, unit, width, height } = stage;
  const radius = Math.max(width, height) * 1.6;
  const top = height * 0.8;
  const stone = mix(hex('8f8a92'), tint, 0.2);
  const craters = Array.from({ length: 16 }, () => ({
    x: between(stage, -0.1, 1.1) * width,
    y: top + stage.chance() ** 0.8 * (height - top),
    size: between(stage, 0.02, 0.07) * unit,
  }));
  fillOutlines(canvas, [ellipse(width / 2, top + radius, radius, radius)], (x, y, out) => {
    const below = (y - top) / unit;
    const depth = 1 / (0.12 + below);
    const planeX = ((x - width / 2) / unit) * depth;
    const grain = noise.fractal(planeX * 1.6, depth * 3.5, 5);
    const slope = grain - noise.fractal(planeX * 1.6 + 0.1, depth * 3.5 + 0.1, 4);
    const light = 0.5 + below * 0.5 + slope * 0.8 + grain * 0.1;
    for (let channel = 0; channel < 3; channel++)
      out[channel] = stone[channel]! * Math.max(0.05, light * 0.85);
  });
  for (const crater of craters) {
    const size = crater.size * (0.35 + (crater.y - top) / (height - top));
    fillOutlines(
      canvas,
      [ellipse(crater.x, crater.y, size, size * 0.26)],
      lighten(stone, 0.15),
      0.6,
    );
    fillOutlines(
      canvas,
      [ellipse(crater.x - size * 0.04, crater.y - size * 0.035, size * 0.9, size * 0.21)],
      darken(stone, 0.62),
      0.8,
    );
  }
}
