import type { Outline } from './fill.ts';

/** An ellipse as an outline; `turn` is in radians. */
export function ellipse(
  centreX: number,
  centreY: number,
  radiusX: number,
  radiusY: number,
  turn = 0,
): Outline {
  const corners = Math.max(12, Math.min(96, Math.ceil(Math.sqrt(radiusX + radiusY) * 5)));
  const cosine = Math.cos(turn);
  const sine = Math.sin(turn);
  const points: number[] = [];
  for (let corner = 0; corner < corners; corner++) {
    const angle = (corner / corners) * Math.PI * 2;
    const x = Math.cos(angle) * radiusX;
    const y = Math.sin(angle) * radiusY;
    points.push(centreX + x * cosine - y * sine, centreY + x * sine + y * cosine);
  }
  return points;
}

export function rectangle(left: number, top: number, width: number, height: number): Outline {
  return [left, top, left + width, top, left + width, top + height, left, top + height];
}

/** A line of round ends and joints through `points` (x0, y0, x1, y1, …), `widths` at its two ends. */
export function stroke(points: readonly number[], width: number, endWidth = width): Outline[] {
  const outlines: Outline[] = [];
  const last = points.length / 2 - 1;
  const widthAt = (index: number) => (width + ((endWidth - width) * index) / Math.max(1, last)) / 2;
  for (let index = 0; index <= last; index++) {
    const x = points[index * 2]!;
    const y = points[index * 2 + 1]!;
    const radius = widthAt(index);
    outlines.push(ellipse(x, y, radius, radius));
    if (index === last) break;
    const nextX = points[index * 2 + 2]!;
    const nextY = points[index * 2 + 3]!;
    const length = Math.hypot(nextX - x, nextY - y) || 1;
    const acrossX = (nextY - y) / length;
    const acrossY = -(nextX - x) / length;
    const next = widthAt(index + 1);
    outlines.push([
      x + acrossX * radius,
      y + acrossY * radius,
      nextX + acrossX * next,
      nextY + acrossY * next,
      nextX - acrossX * next,
      nextY - acrossY * next,
      x - acrossX * radius,
      y - acrossY * radius,
    ]);
  }
  return outlines;
}

/** The same outline with the other winding: added to a shape, it cuts a hole. */
export function reversed(outline: Outline): Outline {
  const points: number[] = [];
  for (let index = outline.length - 2; index >= 0; index -= 2) {
    points.push(outline[index]!, outline[index + 1]!);
  }
  return points;
}

const CURVE_STEPS = 14;

/**
 * Reads a path in SVG's words M, L, Q, C and Z with absolute numbers. Every M starts an outline.
 * Throws on any other word, since paths are written by us.
 */
export function readPath(path: string): number[][] {
  const outlines: number[][] = [];
  let current: number[] = [];
  for (const [, word = '', tail = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (tail.match(/-?[\d.]+/g) ?? []).map(Number);
    if (word === 'M') {
      current = [];
      outlines.push(current);
    }
    if (word === 'M' || word === 'L') current.push(...numbers);
    else if (word === 'Q') addCurves(current, numbers, 4);
    else if (word === 'C') addCurves(current, numbers, 6);
    else if (word !== 'Z') throw new Error(`Unknown path word "${word}" in "${path}".`);
  }
  return outlines;
}

function addCurves(points: number[], numbers: readonly number[], each: 4 | 6): void {
  for (let start = 0; start + each <= numbers.length; start += each) {
    const fromX = points.at(-2) ?? 0;
    const fromY = points.at(-1) ?? 0;
    const curve = numbers.slice(start, start + each);
    for (let step = 1; step <= CURVE_STEPS; step++) {
      const place = step / CURVE_STEPS;
      points.push(along(fromX, curve, 0, place), along(fromY, curve, 1, place));
    }
  }
}

/** A coordinate (0: x, 1: y) of a quadratic or cubic Bézier curve. */
function along(from: number, curve: readonly number[], axis: 0 | 1, place: number): number {
  const back = 1 - place;
  const first = curve[axis]!;
  const second = curve[axis + 2]!;
  if (curve.length === 4)
    return back * back * from + 2 * back * place * first + place * place * second;
  const third = curve[axis + 4]!;
  return (
    back ** 3 * from +
    3 * back * back * place * first +
    3 * back * place * place * second +
    place ** 3 * third
  );
}
