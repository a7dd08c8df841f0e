import { type Colour, darken, gradientAt, lighten, mix, saturate, smoothstep } from '../colour.ts';
import { shadeRows } from '../canvas.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse, readPath } from '../outline.ts';
import { placeFigure } from '../place-figures.ts';
import { linear } from '../shaders.ts';
import { softEllipse } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';

const WHITE_LIGHT: Colour = [1, 0.985, 0.96];
const SOFT_SHADE: Colour = [0.42, 0.4, 0.46];

/** Products on plinths before a curved backdrop, with a window's light across it. */
export function paintStudio(stage: Stage): void {
  const { height, unit, width, palette, canvas } = stage;
  const tint = stage.description.tint ?? pick(stage, palette.accents);
  const night = palette.isNight || stage.description.mood === 'dark';
  const paper = night
    ? darken(saturate(tint, 0.7), 0.72)
    : mix(saturate(tint, 0.75), [0.97, 0.93, 0.9], 0.72);
  const floor = height * 0.72;
  paintBackdrop(stage, paper, floor, night);
  const centre = width * 0.5;
  if (allows(stage, 'arch'))
    paintArch(stage, centre + unit * between(stage, 0.06, 0.17), floor, mix(paper, tint, 0.3));
  const subjects = stage.description.subjects;
  const y = height * 0.74;
  const block = mix(paper, night ? darken(tint, 0.3) : [1, 1, 1], 0.45);
  const many = subjects.length > 1;
  const wide = unit * (many ? 0.34 : 0.24);
  const sideBlock = {
    x: centre + wide + unit * 0.07,
    y: y + unit * 0.045,
    wide: unit * 0.095,
    tall: unit * 0.07,
  };
  if (!many) {
    paintPlinth(stage, sideBlock, mix(paper, tint, 0.42));
    placeFigure(
      stage,
      'sphere',
      {
        x: sideBlock.x,
        y: sideBlock.y - sideBlock.tall,
        scale: 0.5,
        lightSide: -1,
        light: WHITE_LIGHT,
        shade: SOFT_SHADE,
        shadow: 0.35,
      },
      1,
    );
  }
  const plinth = { x: centre - (many ? 0 : unit * 0.06), y, wide, tall: unit * 0.13 };
  paintPlinth(stage, plinth, block);
  placeProducts(stage, plinth);
  vignette(stage);
  softEllipse(canvas, [centre, height * 1.05, width * 0.8, unit * 0.2], darken(paper, 0.3), 0.25);
}

interface Plinth {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly tall: number;
}

function placeProducts(stage: Stage, plinth: Plinth): void {
  const { unit } = stage;
  const named = stage.description.subjects;
  const subjects =
    named.length > 0
      ? named
      : [pick(stage, ['bottle', 'vase', 'mug', 'teapot', 'sphere', 'cube'] as const)];
  const room = (plinth.wide * 1.7) / subjects.length;
  for (let index = subjects.length - 1; index >= 0; index--) {
    const figure = FIGURES[subjects[index]!];
    const wanted = Math.min(0.4 * unit, (room * 50) / figure.reach);
    const x = plinth.x + (index - (subjects.length - 1) / 2) * room;
    const y = plinth.y - plinth.tall + plinth.wide * 0.03;
    const scale = wanted / (figure.size * unit);
    placeFigure(
      stage,
      subjects[index]!,
      {
        x,
        y,
        scale,
        lightSide: -1,
        light: WHITE_LIGHT,
        shade: SOFT_SHADE,
        shadow: 0.4,
        airLine: y - wanted - unit * 0.04,
      },
      index,
    );
  }
}

function paintBackdrop(stage: Stage, paper: Colour, floor: number, night: boolean): void {
  const { canvas, unit, width, height, noise } = stage;
  const stops = [
    darken(paper, night ? 0.35 : 0.1),
    paper,
    lighten(paper, night ? 0.06 : 0.35),
    lighten(paper, 0.1),
    darken(paper, 0.08),
  ];
  const slant = between(stage, 0.25, 0.45);
  const panes = stage.chance() < 0.75;
  const centreX = width * between(stage, 0.28, 0.4);
  const strength = night ? 0.1 : 0.2;
  const rows = Array.from({ length: height }, (_, y) => gradientAt(stops, y / height));
  shadeRows(canvas, 0, height, (x, y, out) => {
    const base = rows[y]!;
    let light =
      1.04 - (Math.hypot(x - width * 0.4, y - height * 0.42) / Math.hypot(width, height)) * 0.34;
    if (panes && y < floor + unit * 0.2) {
      const u = (x - centreX) / unit + ((y - height * 0.3) / unit) * slant;
      const v = (y - height * 0.3) / unit + u * 0.12;
      const soft = 0.016 + Math.abs(v) * 0.03;
      const pane =
        Math.max(edge(u, -0.24, -0.02, soft), edge(u, 0.02, 0.24, soft)) *
        Math.max(edge(v, -0.3, -0.02, soft), edge(v, 0.02, 0.34, soft));
      const leaf = smoothstep(-0.1, 0.25, noise.fractal(u * 5 + 8, v * 5, 2) + 0.22);
      light += pane * strength * (0.35 + 0.65 * leaf);
    }
    out[0] = base[0] * light;
    out[1] = base[1] * light * 0.997;
    out[2] = base[2] * (light * 0.97 + 0.02);
  });
}

function edge(value: number, low: number, high: number, soft: number): number {
  return (
    smoothstep(low - soft, low + soft, value) * (1 - smoothstep(high - soft, high + soft, value))
  );
}

function paintArch(stage: Stage, x: number, floor: number, colour: Colour): void {
  const { canvas, unit } = stage;
  const half = unit * between(stage, 0.15, 0.19);
  const top = floor - unit * 0.42;
  const path = `M${x - half} ${floor} L${x - half} ${top} C${x - half} ${top - half * 1.33} ${x + half} ${top - half * 1.33} ${x + half} ${top} L${x + half} ${floor} Z`;
  const outlines = readPath(path);
  fillOutlines(
    canvas,
    outlines,
    linear([x - half, top, x + half, floor], [lighten(colour, 0.1), darken(colour, 0.12)]),
    0.85,
  );
  const inner = readPath(
    `M${x - half * 0.8} ${floor} L${x - half * 0.8} ${top + half * 0.1} C${x - half * 0.8} ${top - half * 1} ${x + half} ${top - half * 1.2} ${x + half} ${top} L${x + half} ${floor} Z`,
  );
  fillOutlines(
    canvas,
    inner,
    linear([x - half, top, x + half, floor], [darken(colour, 0.16), darken(colour, 0.02)]),
    0.6,
  );
}

function paintPlinth(stage: Stage, plinth: Plinth, colour: Colour): void {
  const { canvas, unit } = stage;
  const { x, y, wide, tall } = plinth;
  const flat = wide * 0.2;
  const shadow: Colour = darken(colour, 0.8);
  softEllipse(canvas, [x + wide * 0.45, y + flat * 0.55, wide * 1.5, flat * 1.9], shadow, 0.42);
  softEllipse(canvas, [x + wide * 0.05, y + flat * 0.3, wide * 1.15, flat * 1.2], shadow, 0.35);
  const body = [
    lighten(colour, 0.12),
    lighten(colour, 0.3),
    colour,
    darken(colour, 0.3),
    darken(colour, 0.24),
  ];
  const path = readPath(
    `M${x - wide} ${y - tall} L${x - wide} ${y} C${x - wide} ${y + flat * 1.33} ${x + wide} ${y + flat * 1.33} ${x + wide} ${y} L${x + wide} ${y - tall} Z`,
  );
  fillOutlines(canvas, path, linear([x - wide, y, x + wide, y], body));
  fillOutlines(
    canvas,
    [ellipse(x, y - tall, wide, flat)],
    linear(
      [x - wide, y - tall - flat, x + wide, y - tall + flat],
      [lighten(colour, 0.55), lighten(colour, 0.2)],
    ),
  );
  softEllipse(canvas, [x, y + flat, wide * 0.8, unit * 0.01], shadow, 0.2);
}

function vignette(stage: Stage): void {
  const { canvas, width, height } = stage;
  shadeRows(canvas, 0, height, (x, y, out) => {
    const dx = x / width - 0.5;
    const dy = y / height - 0.5;
    out[0] = 0.08;
    out[1] = 0.05;
    out[2] = 0.07;
    out[3] = Math.max(0, dx * dx + dy * dy - 0.14) * 0.5;
  });
}
