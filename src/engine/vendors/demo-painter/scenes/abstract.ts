import { shadeRows } from '../canvas.ts';
import { type Colour, darken, gradientAt, lighten, mix, smoothstep } from '../colour.ts';
import { createField } from '../field.ts';
import { fillOutlines } from '../fill.ts';
import { ellipse, rectangle } from '../outline.ts';
import { placeFigures } from '../place-figures.ts';
import { linear, radial } from '../shaders.ts';
import { softEllipse } from '../soft.ts';
import { type Stage, between, pick } from '../stage.ts';

/** One of three: flowing marble, layered ribbons, or a composition of plain shapes. */
export function paintAbstract(stage: Stage): void {
  const dark =
    stage.palette.isNight || stage.description.mood === 'dark' || stage.description.mood === 'neon';
  pick(stage, [paintMarble, paintRibbons, paintShapes])(stage, dark);
  if (stage.description.subjects.length === 0) return;
  const { width, height, unit } = stage;
  softEllipse(
    stage.canvas,
    [width / 2, height * 0.55, unit * 0.46, unit * 0.46],
    [1, 1, 1],
    dark ? 0.12 : 0.35,
  );
  placeFigures(stage, {
    x: width / 2,
    y: height * 0.78,
    scale: 1.4,
    lightSide: -1,
    light: [1, 1, 1],
    shade: [0.55, 0.5, 0.6],
    airLine: height * 0.3,
    shadow: 0.35,
  });
}

function paintMarble(stage: Stage, dark: boolean): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const shift = between(stage, 0, 90);
  const step = Math.max(1, unit / 320);
  const bend = createField(width, height, step * 2, (x, y) =>
    noise.fractal((x / unit) * 1.3 + shift, (y / unit) * 1.3, 3),
  );
  const flow = createField(width, height, step, (x, y) => {
    const first = bend.at(x, y);
    return noise.fractal((x / unit) * 1.1 + first * 2.2 + shift, (y / unit) * 1.1 - first * 1.8, 4);
  });
  const [a, b, c, d, e] = palette.accents as [Colour, Colour, Colour, Colour, Colour];
  const ground: Colour = dark ? [0.05, 0.05, 0.12] : e;
  const stops = [ground, a, lighten(b, 0.15), ground, c, d, lighten(a, 0.35), ground, b];
  const table = Array.from({ length: 513 }, (_, index) => gradientAt(stops, index / 512));
  const offset = unit * 0.006;
  shadeRows(canvas, 0, height, (x, y, out) => {
    const value = flow.at(x, y);
    const slope = (flow.at(x + offset, y + offset) - value) * 13;
    const place = Math.min(1, Math.max(0, 0.5 + value * 1.05 + bend.at(x, y) * 0.25));
    const colour = table[(place * 512) | 0]!;
    const vein = 1 - 0.35 * smoothstep(0.06, 0, Math.abs(place * 9 - Math.round(place * 9)));
    const shine = Math.max(0, slope - 0.25) * 0.35;
    for (let channel = 0; channel < 3; channel++) {
      out[channel] = colour[channel]! * (1 - slope * 0.28) * (0.75 + 0.25 * vein) + shine;
    }
  });
}

function paintRibbons(stage: Stage, dark: boolean): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const paper = dark
    ? darken(palette.accents[3]!, 0.82)
    : mix(palette.accents[4]!, [1, 1, 1], 0.35);
  const top = dark ? darken(palette.accents[0]!, 0.7) : lighten(palette.accents[1]!, 0.6);
  const rows = linear([0, 0, width * 0.3, height], [top, paper]);
  shadeRows(canvas, 0, height, rows);
  const sun = unit * between(stage, 0.15, 0.22);
  const sunX = width * between(stage, 0.3, 0.7);
  const sunY = height * between(stage, 0.22, 0.34);
  softEllipse(canvas, [sunX, sunY, sun * 2.3, sun * 2.3], palette.accents[1]!, 0.5);
  fillOutlines(
    canvas,
    [ellipse(sunX, sunY, sun, sun)],
    linear([sunX, sunY - sun, sunX, sunY + sun], [palette.accents[1]!, palette.accents[0]!]),
  );
  const shift = between(stage, 0, 60);
  const layers = 9;
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1);
    const edge = (x: number) =>
      height * (0.4 + near * 0.52) +
      unit *
        0.2 *
        noise.fractal((x / unit) * 1.05 + shift + layer * 0.37, layer * 0.55, 2) *
        (1.15 - near * 0.5);
    const outline: number[] = [0, height];
    const shadow: number[] = [0, height];
    for (let x = 0; x <= width + 6; x += 6) {
      outline.push(x, edge(x));
      shadow.push(x, edge(x) - unit * 0.012);
    }
    outline.push(width + 6, height);
    shadow.push(width + 6, height);
    const colour = gradientAt(
      [
        palette.accents[1]!,
        palette.accents[0]!,
        palette.accents[2]!,
        palette.accents[3]!,
        darken(palette.accents[3]!, 0.5),
      ],
      near,
    );
    fillOutlines(canvas, [shadow], [0.05, 0.03, 0.12], 0.16);
    fillOutlines(
      canvas,
      [outline],
      linear(
        [0, height * 0.3, width, height],
        [lighten(colour, 0.22), colour, darken(colour, 0.25)],
      ),
    );
  }
}

function paintShapes(stage: Stage, dark: boolean): void {
  const { canvas, noise, palette, unit, width, height } = stage;
  const paper = dark
    ? darken(palette.accents[3]!, 0.8)
    : mix(palette.accents[4]!, [1, 0.98, 0.94], 0.4);
  shadeRows(canvas, 0, height, (x, y, out) => {
    const grain =
      noise.at((x / unit) * 90, (y / unit) * 90) * 0.014 +
      noise.at((x / unit) * 2, (y / unit) * 2) * 0.02;
    for (let channel = 0; channel < 3; channel++) out[channel] = paper[channel]! + grain;
  });
  const ink: Colour = dark ? [0.95, 0.93, 0.9] : [0.13, 0.13, 0.18];
  const middleX = width / 2;
  const middleY = height / 2;
  const colours = palette.accents.slice(0, 4);
  const turn = Math.floor(stage.chance() * 4);
  const colour = (index: number) => colours[(index + turn) % 4]!;
  const big = unit * between(stage, 0.24, 0.3);
  const x = middleX + unit * between(stage, -0.12, 0.08);
  const y = middleY - unit * between(stage, 0.02, 0.1);
  softEllipse(canvas, [x + unit * 0.03, y + unit * 0.05, big * 1.2, big * 1.2], [0, 0, 0.05], 0.3);
  fillOutlines(
    canvas,
    [ellipse(x, y, big, big)],
    radial(x - big * 0.4, y - big * 0.5, big * 1.8, [
      lighten(colour(0), 0.3),
      colour(0),
      darken(colour(0), 0.3),
    ]),
  );
  for (let shape = 0; shape < 7; shape++) {
    const angle = (shape / 7) * Math.PI * 2 + between(stage, -0.3, 0.3);
    const reach = unit * between(stage, 0.2, 0.36);
    const size = unit * between(stage, 0.05, 0.14);
    const centreX = middleX + Math.cos(angle) * reach;
    const centreY = middleY + Math.sin(angle) * reach;
    paintShape(stage, shape, [centreX, centreY, size], colour(shape + 1));
  }
  const bar = unit * 0.008;
  fillOutlines(
    canvas,
    [rectangle(middleX - unit * 0.4, middleY + unit * 0.3, unit * 0.8, bar)],
    ink,
    0.9,
  );
  fillOutlines(
    canvas,
    [rectangle(middleX + unit * 0.27, middleY - unit * 0.4, bar, unit * 0.8)],
    ink,
    0.9,
  );
  for (let dot = 0; dot < 15; dot++) {
    const dotX = middleX - unit * 0.38 + (dot % 5) * unit * 0.028;
    const dotY = middleY + unit * 0.33 + Math.floor(dot / 5) * unit * 0.028;
    fillOutlines(canvas, [ellipse(dotX, dotY, unit * 0.006, unit * 0.006)], ink, 0.85);
  }
}

function paintShape(
  stage: Stage,
  kind: number,
  [x, y, size]: readonly [number, number, number],
  colour: Colour,
): void {
  const { canvas, unit } = stage;
  const paint = linear(
    [x - size, y - size, x + size, y + size],
    [lighten(colour, 0.18), colour, darken(colour, 0.18)],
  );
  softEllipse(
    canvas,
    [x + unit * 0.015, y + unit * 0.02, size * 1.3, size * 1.3],
    [0, 0, 0.05],
    0.18,
  );
  const turn = stage.chance() * Math.PI;
  const corner = (angle: number, reach: number) => [
    x + Math.cos(angle + turn) * reach,
    y + Math.sin(angle + turn) * reach,
  ];
  if (kind % 4 === 0)
    fillOutlines(
      canvas,
      [[0, 2.094, 4.189].flatMap((angle) => corner(angle, size * 1.2))],
      paint,
      0.93,
    );
  else if (kind % 4 === 1)
    fillOutlines(
      canvas,
      [[0, 1.571, 3.142, 4.712].flatMap((angle) => corner(angle, size))],
      paint,
      0.93,
    );
  else if (kind % 4 === 2)
    fillOutlines(canvas, [ellipse(x, y, size * 0.8, size * 0.8)], paint, 0.93);
  else {
    const half = Array.from({ length: 25 }, (_, index) =>
      corner((index / 24) * Math.PI, size),
    ).flat();
    fillOutlines(canvas, [half], paint, 0.93);
  }
}
