import { type Canvas, blendPixel } from './canvas.ts';

const TEXT = 'DEMO RENDERER - NO AI MODEL';

/** Five columns by seven rows; a row is a number whose bits go from left (16) to right (1). */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  A: [14, 17, 17, 31, 17, 17, 17],
  D: [30, 17, 17, 17, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  I: [14, 4, 4, 4, 4, 4, 14],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  R: [30, 17, 17, 30, 20, 18, 17],
  '-': [0, 0, 0, 14, 0, 0, 0],
  ' ': [0, 0, 0, 0, 0, 0, 0],
};

/** Space for a letter, and for a line of them, in dots. */
const ADVANCE = 6;
const LINE = 9;

/**
 * Writes what made the picture into its lower right corner: one line, or fewer letters a line where a small picture
 * is too narrow for one; left out only where even those cannot fit.
 */
export function paintLabel(canvas: Canvas): void {
  const unit = Math.min(canvas.width, canvas.height);
  const dot = Math.max(1, Math.round(unit / 512));
  const lines = [
    [TEXT],
    ['DEMO RENDERER', 'NO AI MODEL'],
    ['DEMO', 'RENDERER', 'NO AI', 'MODEL'],
  ].find((candidate) => fits(canvas, candidate, dot));
  if (!lines) return;
  const wide = widest(lines) * ADVANCE * dot + 5 * dot;
  const tall = lines.length * LINE * dot + 4 * dot;
  const margin = Math.round(unit * 0.008);
  const left = canvas.width - wide - margin;
  const top = canvas.height - tall - margin;
  for (let y = top; y < top + tall; y++) {
    for (let x = left; x < left + wide; x++) blendPixel(canvas, x, y, [0.04, 0.04, 0.07], 0.5);
  }
  lines.forEach((line, row) =>
    writeLine(canvas, line, left + 3 * dot, top + (3 + row * LINE) * dot, dot),
  );
}

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => line.length));
}

function fits(canvas: Canvas, lines: readonly string[], dot: number): boolean {
  const wide = widest(lines) * ADVANCE * dot + 5 * dot;
  const tall = lines.length * LINE * dot + 4 * dot;
  return wide <= canvas.width * 0.9 && tall <= canvas.height * 0.65;
}

function writeLine(canvas: Canvas, line: string, left: number, top: number, dot: number): void {
  line.split('').forEach((letter, place) => {
    GLYPHS[letter]!.forEach((bits, row) => {
      for (let column = 0; column < 5; column++) {
        if (((bits >> (4 - column)) & 1) === 0) continue;
        paintDot(canvas, left + (place * ADVANCE + column) * dot, top + row * dot, dot);
      }
    });
  });
}

function paintDot(canvas: Canvas, left: number, top: number, dot: number): void {
  for (let y = top; y < top + dot; y++) {
    for (let x = left; x < left + dot; x++) blendPixel(canvas, x, y, [0.97, 0.97, 0.95], 0.92);
  }
}
