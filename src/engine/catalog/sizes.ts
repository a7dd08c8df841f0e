import type { AskedSize, SizeFit } from '../core/catalog.ts';
import type { Model, SizeRule } from '../core/model.ts';
import { covers, formatSize, ratioOf, sizeOfRatio, type Size } from '../core/size.ts';

type FreeRule = Extract<SizeRule, { kind: 'free' }>;
type RatioRule = Extract<SizeRule, { kind: 'ratio' }>;

/** How far a ratio may be off, as `covers()` has it. */
const RATIO_TOLERANCE = 0.02;

/**
 * What `model` is asked for so that `size` can be delivered: the size itself, or the smallest picture
 * that the model can make and that covers it (same ratio within 2 %, enough pixels), which is then
 * scaled down. Not ok: the model can make no such picture.
 */
export function fitSize(model: Model, size: Size): SizeFit {
  return model.sizes.kind === 'free'
    ? fitFree(model.title, model.sizes, size)
    : fitRatio(model.title, model.sizes, size);
}

/** Area and longest side are bounded by `largest`, area and shortest side by `smallest`. */
function fitFree(title: string, rule: FreeRule, size: Size): SizeFit {
  const ratio = ratioOf(size);
  const longest = Math.max(rule.largest.width, rule.largest.height);
  if (longOverShort(size) > rule.longestRatio * (1 + RATIO_TOLERANCE)) {
    return no(
      `${title} cannot make ${formatSize(size)}: one side may be at most ${rule.longestRatio} times the other`,
      `Ask for a ratio between 1:${rule.longestRatio} and ${rule.longestRatio}:1, or choose another model.`,
    );
  }
  // Grow the wide picture step by step: the first one that passes is the smallest.
  const first = roundUp(size.width, rule.multipleOf);
  for (let width = first; width <= longest; width += rule.multipleOf) {
    const height = roundUp(
      Math.max(size.height, (width - rule.multipleOf) / ratio),
      rule.multipleOf,
    );
    const candidates = [height, height + rule.multipleOf];
    for (const tall of candidates) {
      const made = { width, height: tall };
      if (isMakeable(rule, made) && covers(made, size)) return yes({ kind: 'size', made });
    }
  }
  return no(
    `${title} cannot make ${formatSize(size)}: the largest picture has ${formatSize(rule.largest)} pixels, no side over ${longest}`,
    'Ask for a smaller size and upscale the result, or choose another model.',
  );
}

function isMakeable(rule: FreeRule, made: Size): boolean {
  const pixels = made.width * made.height;
  return (
    longOverShort(made) <= rule.longestRatio &&
    pixels <= rule.largest.width * rule.largest.height &&
    Math.max(made.width, made.height) <= Math.max(rule.largest.width, rule.largest.height) &&
    pixels >= rule.smallest.width * rule.smallest.height &&
    Math.min(made.width, made.height) >= Math.min(rule.smallest.width, rule.smallest.height)
  );
}

function fitRatio(title: string, rule: RatioRule, size: Size): SizeFit {
  const [nearest, ...others] = nearRatios(rule.ratios, ratioOf(size));
  if (nearest === undefined) {
    return no(
      `${title} cannot make ${formatSize(size)}: it makes the ratios ${listed(rule.ratios)} only`,
      'Ask for a size of one of these ratios, or choose another model.',
    );
  }
  for (const { name, square } of rule.classes) {
    // Sides are rounded to 16, so that a ratio next to the nearest may be the one that covers.
    for (const ratio of [nearest, ...others]) {
      const made = pictureOf(ratio, square);
      if (covers(made, size)) return yes({ kind: 'ratio', ratio, className: name, made });
    }
  }
  const largest = pictureOf(nearest, rule.classes.at(-1)?.square ?? 0);
  return no(
    `${title} cannot make ${formatSize(size)}: at ${nearest} it makes ${formatSize(largest)} at most`,
    `Ask for ${formatSize(largest)} or less and upscale the result, or choose another model.`,
  );
}

/** Those of `ratios` within 2 % of `wanted`, the nearest first. */
function nearRatios(ratios: readonly string[], wanted: number): string[] {
  const errorOf = (text: string) => Math.abs(wanted / ratioOfText(text) - 1);
  return ratios
    .filter((text) => errorOf(text) <= RATIO_TOLERANCE)
    .toSorted((one, other) => errorOf(one) - errorOf(other));
}

function pictureOf(ratio: string, square: number): Size {
  const [across, down] = sidesOf(ratio);
  return sizeOfRatio(across, down, { width: square, height: square });
}

/** A long list is told by its ends. */
function listed(ratios: readonly string[]): string {
  if (ratios.length <= 20) return ratios.join(', ');
  const ordered = ratios.toSorted((one, other) => ratioOfText(one) - ratioOfText(other));
  return `from ${ordered[0]} to ${ordered.at(-1)}`;
}

function ratioOfText(text: string): number {
  const [across, down] = sidesOf(text);
  return across / down;
}

function sidesOf(ratio: string): [across: number, down: number] {
  const [across, down] = ratio.split(':').map(Number);
  return [across ?? 1, down ?? 1];
}

function longOverShort(size: Size): number {
  const ratio = ratioOf(size);
  return Math.max(ratio, 1 / ratio);
}

function roundUp(side: number, multiple: number): number {
  return Math.ceil(side / multiple) * multiple;
}

function yes(asked: AskedSize): SizeFit {
  return { ok: true, asked };
}

function no(message: string, remedy: string): SizeFit {
  return { ok: false, message, remedy };
}
