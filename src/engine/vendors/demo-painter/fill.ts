import type { Canvas, Paint, Shaded } from './canvas.ts';

/** Corner points x0, y0, x1, y1, … of a closed outline, in pixels. */
export type Outline = readonly number[];

/**
 * Fills outlines with exact antialiasing: each edge adds the area it covers to an accumulation buffer,
 * which is summed along every row (the method of font-rs). Outlines of the same winding that overlap
 * count once; one of the opposite winding cuts a hole.
 */
export function fillOutlines(
  canvas: Canvas,
  outlines: readonly Outline[],
  paint: Paint,
  alpha = 1,
): void {
  const box = boundsOf(canvas, outlines);
  if (!box) return;
  const columns = box.right - box.left + 2;
  const cells = columns * (box.bottom - box.top);
  if (canvas.cover.length < cells) canvas.cover = new Float32Array(cells * 2);
  const cover = canvas.cover;
  for (const outline of outlines) {
    const length = outline.length;
    for (let index = 0; index < length; index += 2) {
      const next = index + 2 === length ? 0 : index + 2;
      addEdge(cover, columns, box, [
        outline[index]!,
        outline[index + 1]!,
        outline[next]!,
        outline[next + 1]!,
      ]);
    }
  }
  composite(canvas, cover, columns, box, paint, alpha);
  cover.fill(0, 0, cells);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boundsOf(canvas: Canvas, outlines: readonly Outline[]): Box | undefined {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const outline of outlines) {
    for (let index = 0; index < outline.length; index += 2) {
      const x = outline[index]!;
      const y = outline[index + 1]!;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  const box = {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(canvas.width, Math.ceil(right)),
    bottom: Math.min(canvas.height, Math.ceil(bottom)),
  };
  return box.left < box.right && box.top < box.bottom ? box : undefined;
}

function addEdge(
  cover: Float32Array,
  columns: number,
  box: Box,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  if (fromY === toY) return;
  const direction = fromY < toY ? 1 : -1;
  const topX = (direction === 1 ? fromX : toX) - box.left;
  const topY = (direction === 1 ? fromY : toY) - box.top;
  const endY = (direction === 1 ? toY : fromY) - box.top;
  const slope = (toX - fromX) / (toY - fromY);
  const limit = box.right - box.left;
  const lastRow = Math.min(box.bottom - box.top, Math.ceil(endY));
  let x = topY < 0 ? topX - topY * slope : topX;
  for (let row = Math.max(0, Math.floor(topY)); row < lastRow; row++) {
    const high = Math.max(row, topY);
    const share = (Math.min(row + 1, endY) - high) * direction;
    const nextX = x + slope * (Math.min(row + 1, endY) - high);
    const a = Math.min(limit, Math.max(0, Math.min(x, nextX)));
    const b = Math.min(limit, Math.max(0, Math.max(x, nextX)));
    addSpan(cover, row * columns, a, b, share);
    x = nextX;
  }
}

function addSpan(cover: Float32Array, base: number, a: number, b: number, share: number): void {
  const first = Math.floor(a);
  const last = Math.ceil(b);
  const start = base + first;
  if (last <= first + 1) {
    const middle = (a + b) * 0.5 - first;
    cover[start] = cover[start]! + share * (1 - middle);
    cover[start + 1] = cover[start + 1]! + share * middle;
    return;
  }
  const perColumn = 1 / (b - a);
  const rest = 1 - (a - first);
  const begin = 0.5 * perColumn * rest * rest;
  const tail = b - last + 1;
  const finish = 0.5 * perColumn * tail * tail;
  cover[start] = cover[start]! + share * begin;
  if (last === first + 2) {
    cover[start + 1] = cover[start + 1]! + share * (1 - begin - finish);
  } else {
    const second = perColumn * (1.5 - (a - first));
    cover[start + 1] = cover[start + 1]! + share * (second - begin);
    for (let column = first + 2; column < last - 1; column++) {
      cover[base + column] = cover[base + column]! + share * perColumn;
    }
    const beforeLast = second + (last - first - 3) * perColumn;
    cover[base + last - 1] = cover[base + last - 1]! + share * (1 - beforeLast - finish);
  }
  cover[base + last] = cover[base + last]! + share * finish;
}

function composite(
  canvas: Canvas,
  cover: Float32Array,
  columns: number,
  box: Box,
  paint: Paint,
  alpha: number,
): void {
  const { data, width } = canvas;
  const shader = typeof paint === 'function' ? paint : undefined;
  const out: Shaded = typeof paint === 'function' ? [0, 0, 0, 1] : [...paint, 1];
  for (let y = box.top; y < box.bottom; y++) {
    let sum = 0;
    let index = (y - box.top) * columns;
    let pixel = (y * width + box.left) * 3;
    for (let x = box.left; x < box.right; x++, pixel += 3) {
      sum += cover[index++]!;
      let share = sum < 0 ? -sum : sum;
      if (share < 0.004) continue;
      share = (share > 1 ? 1 : share) * alpha;
      if (shader) {
        out[3] = 1;
        shader(x, y, out);
        share *= out[3];
      }
      data[pixel] = data[pixel]! + (out[0] - data[pixel]!) * share;
      data[pixel + 1] = data[pixel + 1]! + (out[1] - data[pixel + 1]!) * share;
      data[pixel + 2] = data[pixel + 2]! + (out[2] - data[pixel + 2]!) * share;
    }
  }
}
