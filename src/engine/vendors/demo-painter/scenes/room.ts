import { type Colour, darken, hex, lighten, mix, saturate, smoothstep } from '../colour.ts';
import { createCanvas, shadeRows } from '../canvas.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse, rectangle } from '../outline.ts';
import { placeFigure, placeFigures } from '../place-figures.ts';
import { linear } from '../shaders.ts';
import { paintSky, placeSun } from '../sky.ts';
import { glow, softEllipse } from '../soft.ts';
import { type Stage, allows, between, pick } from '../stage.ts';
import { FIGURES } from '../subjects/figures.ts';
import { paintMountains } from './mountains.ts';

const SMALL = 0.28;

/** A quiet room: a window with a view, its light across wall and floor, a table for small things. */
export function paintRoom(stage: Stage): void {
  const { height, width, unit, palette, canvas } = stage;
  const tint = stage.description.tint ?? pick(stage, palette.accents);
  const dim = palette.isNight;
  const wall = dim
    ? darken(mix(saturate(tint, 0.6), hex('4a4c66'), 0.6), 0.3)
    : mix(saturate(tint, 0.6), hex('efe4d6'), 0.68);
  const floor = height * 0.74;
  const pane = {
    x: width * 0.5 - unit * 0.36,
    y: height * 0.36 - unit * 0.24,
    wide: unit * 0.36,
    tall: unit * 0.44,
  };
  paintWalls(stage, wall, floor, pane);
  paintWindow(stage, pane, lighten(wall, 0.45));
  paintPicture(stage, { x: width * 0.5 + unit * 0.17, y: height * 0.36 - unit * 0.2 }, tint);
  const { subjects } = stage.description;
  const light: Colour = dim ? [0.82, 0.74, 0.72] : [1, 0.98, 0.94];
  const shade: Colour = dim ? [0.3, 0.28, 0.4] : [0.5, 0.46, 0.5];
  const lit = { lightSide: -1, light, shade };
  const main = subjects[0] ?? 'vase';
  const small =
    FIGURES[main].size <= SMALL ||
    main === 'vase' ||
    main === 'flower' ||
    main === 'cat' ||
    main === 'lamp';
  fillOutlines(
    canvas,
    [ellipse(width / 2, height * 0.9, unit * 0.46, unit * 0.075)],
    darken(mix(tint, wall, 0.4), 0.18),
  );
  fillOutlines(
    canvas,
    [ellipse(width / 2, height * 0.9, unit * 0.4, unit * 0.06)],
    mix(tint, wall, 0.4),
  );
  if (allows(stage, 'trees')) paintPlant(stage, width * 0.5 - unit * 0.4, height * 0.86, tint);
  const inner =
    subjects.length > 0
      ? stage
      : { ...stage, description: { ...stage.description, subjects: [main] } };
  if (small) {
    const top = paintTable(stage, wall);
    placeFigures(inner, {
      ...lit,
      x: width * 0.5,
      y: top,
      scale: 1.12,
      airLine: top - unit * 0.3,
      shadow: 0.35,
    });
  } else {
    placeFigures(inner, {
      ...lit,
      x: width * 0.52,
      y: height * 0.9,
      scale: 1.5,
      airLine: height * 0.35,
      shadow: 0.4,
    });
  }
  if (dim && allows(stage, 'lamp') && main !== 'lamp') {
    const x = width * 0.5 + unit * 0.4;
    placeFigure(stage, 'lamp', { ...lit, x, y: height * 0.84, scale: 1.3, shadow: 0.4 }, 1);
    glow(canvas, x, height * 0.84 - unit * 0.32, unit * 0.42, hex('ffcf85'), 0.6);
  }
}

interface Pane {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly tall: number;
}

function paintWalls(stage: Stage, wall: Colour, floor: number, pane: Pane): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const wood = palette.isNight ? hex('3f2f33') : hex('b98d66');
  const strength = palette.isNight ? 0.07 : 0.2;
  shadeRows(canvas, 0, height, (x, y, out) => {
    const u = (x - pane.x - pane.wide) / unit;
    if (y < floor) {
      const light = 1.03 - (Math.abs(x - width * 0.4) / width) * 0.28 - (1 - y / floor) * 0.09;
      for (let channel = 0; channel < 3; channel++) out[channel] = wall[channel]! * light;
      return;
    }
    const below = (y - floor) / (height - floor);
    const depth = 1 / (0.5 + below);
    const plankX = ((x - width / 2) / unit) * depth * 7;
    const plank = Math.floor(plankX);
    const seam = smoothstep(0, 0.045, Math.abs(plankX - Math.round(plankX)));
    const grain = noise.fractal(plank * 7.3 + plankX * 1.6, depth * 5 + plank * 3.7, 3) * 0.16;
    const v = u + below * 0.55 * 0.6;
    const patch =
      smoothstep(-0.32, -0.28, v) *
      smoothstep(0.28, 0.24, v) *
      smoothstep(0.1, 0.16, below) *
      smoothstep(0.95, 0.85, below);
    const cross =
      smoothstep(0.006, 0.014, Math.abs(v + 0.02)) * smoothstep(0.03, 0.05, Math.abs(below - 0.5));
    const light =
      (0.9 + grain + ((plank * 37) % 5) * 0.018) * (0.74 + 0.26 * seam) +
      patch * cross * strength * 1.6;
    for (let channel = 0; channel < 3; channel++) out[channel] = wood[channel]! * light;
  });
  const board = lighten(wall, palette.isNight ? 0.08 : 0.45);
  fillOutlines(
    canvas,
    [rectangle(0, floor - unit * 0.024, width, unit * 0.026)],
    linear([0, floor - unit * 0.024, 0, floor], [board, darken(board, 0.15)]),
  );
}

function paintWindow(stage: Stage, pane: Pane, frame: Colour): void {
  const { canvas, unit, palette } = stage;
  const wide = Math.max(8, Math.round(pane.wide));
  const tall = Math.max(8, Math.round(pane.tall));
  const view: Stage = {
    ...stage,
    canvas: createCanvas(wide, tall),
    width: wide,
    height: tall,
    unit: Math.min(wide, tall),
  };
  const horizon = Math.round(tall * 0.8);
  paintSky(view, tall, placeSun(view, horizon));
  paintMountains(view, { horizon: tall, rise: 0.42, snowLine: 0.45, lightSide: -1 });
  glow(
    canvas,
    pane.x + pane.wide / 2,
    pane.y + pane.tall / 2,
    unit * 0.45,
    palette.haze,
    palette.isNight ? 0.1 : 0.4,
  );
  const edge = unit * 0.02;
  fillOutlines(
    canvas,
    [rectangle(pane.x - edge, pane.y - edge, pane.wide + edge * 2, pane.tall + edge * 2)],
    frame,
  );
  fillOutlines(canvas, [rectangle(pane.x, pane.y, pane.wide, pane.tall)], (x, y, out) => {
    const column = Math.max(0, Math.min(wide - 1, Math.floor(x - pane.x)));
    const row = Math.max(0, Math.min(tall - 1, Math.floor(y - pane.y)));
    const index = (row * wide + column) * 3;
    for (let channel = 0; channel < 3; channel++) out[channel] = view.canvas.data[index + channel]!;
  });
  const bar = unit * 0.012;
  fillOutlines(
    canvas,
    [rectangle(pane.x + pane.wide / 2 - bar / 2, pane.y, bar, pane.tall)],
    darken(frame, 0.06),
  );
  fillOutlines(
    canvas,
    [rectangle(pane.x, pane.y + pane.tall * 0.42, pane.wide, bar)],
    darken(frame, 0.06),
  );
  fillOutlines(
    canvas,
    [rectangle(pane.x - edge * 2, pane.y + pane.tall + edge, pane.wide + edge * 4, edge)],
    lighten(frame, 0.2),
  );
  softEllipse(
    canvas,
    [pane.x + pane.wide / 2, pane.y + pane.tall + edge * 2.6, pane.wide * 0.6, edge],
    [0.1, 0.08, 0.1],
    0.3,
  );
}

function paintPicture(stage: Stage, { x, y }: { x: number; y: number }, tint: Colour): void {
  const { canvas, unit, palette } = stage;
  const wide = unit * 0.2;
  const tall = unit * 0.26;
  softEllipse(
    canvas,
    [x + wide * 0.55, y + tall * 0.6, wide * 0.75, tall * 0.7],
    [0.1, 0.08, 0.1],
    0.3,
  );
  fillOutlines(
    canvas,
    [rectangle(x, y, wide, tall)],
    palette.isNight ? hex('8a7a66') : hex('6f5238'),
  );
  fillOutlines(
    canvas,
    [rectangle(x + unit * 0.008, y + unit * 0.008, wide - unit * 0.016, tall - unit * 0.016)],
    palette.isNight ? hex('a59d92') : hex('f5efe4'),
  );
  const colours = [tint, pick(stage, palette.accents), pick(stage, palette.accents)];
  fillOutlines(
    canvas,
    [ellipse(x + wide * 0.58, y + tall * 0.38, wide * 0.2, wide * 0.2)],
    colours[1]!,
    0.9,
  );
  fillOutlines(
    canvas,
    [ellipse(x + wide * 0.42, y + tall * 0.62, wide * 0.24, wide * 0.24)],
    colours[0]!,
    0.85,
  );
  fillOutlines(
    canvas,
    [rectangle(x + wide * 0.3, y + tall * 0.7, wide * 0.46, tall * 0.05)],
    colours[2]!,
    0.9,
  );
}

function paintTable(stage: Stage, wall: Colour): number {
  const { canvas, unit, width, height, palette } = stage;
  const top = height * 0.71;
  const wood = palette.isNight ? hex('6a4a3a') : mix(hex('a8754a'), wall, 0.12);
  for (const side of [-1, 1]) {
    const x = width / 2 + side * unit * 0.24;
    fillOutlines(
      canvas,
      [
        [
          x - unit * 0.012,
          top,
          x + unit * 0.012,
          top,
          x + side * unit * 0.03 + unit * 0.007,
          height * 0.91,
          x + side * unit * 0.03 - unit * 0.007,
          height * 0.91,
        ],
      ],
      darken(wood, 0.3),
    );
  }
  fillOutlines(
    canvas,
    [ellipse(width / 2, top + unit * 0.022, unit * 0.33, unit * 0.052)],
    darken(wood, 0.35),
  );
  fillOutlines(
    canvas,
    [ellipse(width / 2, top, unit * 0.33, unit * 0.052)],
    linear(
      [width / 2 - unit * 0.33, top, width / 2 + unit * 0.33, top],
      [lighten(wood, 0.3), wood, darken(wood, 0.15)],
    ),
  );
  return top + unit * 0.012;
}

function paintPlant(stage: Stage, x: number, y: number, tint: Colour): void {
  const { canvas, unit, palette } = stage;
  const green = palette.isNight ? hex('33584f') : hex('5a8f5f');
  for (let leaf = 0; leaf < 11; leaf++) {
    const angle = -Math.PI / 2 + (leaf / 10 - 0.5) * 2.3;
    const reach = unit * between(stage, 0.14, 0.24);
    const tipX = x + Math.cos(angle) * reach;
    const tipY = y - unit * 0.1 + Math.sin(angle) * reach;
    const tone = leaf % 2 === 0 ? green : lighten(green, 0.14);
    fillOutlines(
      canvas,
      [ellipse((x + tipX) / 2, (y - unit * 0.1 + tipY) / 2, reach * 0.52, reach * 0.13, angle)],
      linear([x, y, tipX, tipY], [darken(tone, 0.3), tone]),
    );
  }
  const pot = mix(tint, hex('d98f6a'), 0.6);
  softEllipse(canvas, [x, y, unit * 0.1, unit * 0.016], [0.05, 0.04, 0.06], 0.5);
  fillOutlines(
    canvas,
    [
      [
        x - unit * 0.06,
        y - unit * 0.11,
        x + unit * 0.06,
        y - unit * 0.11,
        x + unit * 0.045,
        y,
        x - unit * 0.045,
        y,
      ],
    ],
    linear([x - unit * 0.06, y, x + unit * 0.06, y], [lighten(pot, 0.2), pot, darken(pot, 0.3)]),
  );
}
