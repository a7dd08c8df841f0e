/** Red, green and blue, each 0 to 1, in sRGB as a screen shows it. */
export type Colour = readonly [red: number, green: number, blue: number];

export const WHITE: Colour = [1, 1, 1];

/** Reads `#rrggbb` (or `rrggbb`). */
export function hex(text: string): Colour {
  const value = Number.parseInt(text.replace('#', ''), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** `share` 0 gives `from`, 1 gives `to`. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

export function lighten(colour: Colour, share: number): Colour {
  return mix(colour, WHITE, share);
}

/** Darkens towards a cool black, as shadows outdoors are. */
export function darken(colour: Colour, share: number): Colour {
  return mix(colour, [0.03, 0.03, 0.08], share);
}

export function luminance(colour: Colour): number {
  return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
}

/** `share` above 1 makes it more colourful, below 1 greyer. */
export function saturate(colour: Colour, share: number): Colour {
  const grey = luminance(colour);
  const stretch = (channel: number) => clamp01(grey + (channel - grey) * share);
  return [stretch(colour[0]), stretch(colour[1]), stretch(colour[2])];
}

/** The colours that are not close to an unwanted one; all of them where none would be left. */
export function without(
  colours: readonly Colour[],
  unwanted: readonly Colour[],
): readonly Colour[] {
  const left = colours.filter((colour) =>
    unwanted.every((other) => distance(colour, other) > 0.33),
  );
  return left.length > 0 ? left : colours;
}

function distance(one: Colour, other: Colour): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

export function multiply(colour: Colour, by: Colour): Colour {
  return [colour[0] * by[0], colour[1] * by[1], colour[2] * by[2]];
}

/** The colour at `place` (0 to 1) of evenly spaced stops. */
export function gradientAt(stops: readonly Colour[], place: number): Colour {
  const scaled = clamp01(place) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(scaled));
  if (index < 0) return stops[0]!;
  return mix(stops[index]!, stops[index + 1]!, smooth(scaled - index));
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Eases 0 to 1. */
export function smooth(value: number): number {
  return value * value * (3 - 2 * value);
}

/** 0 below `low`, 1 above `high`, eased between. */
export function smoothstep(low: number, high: number, value: number): number {
  return smooth(clamp01((value - low) / (high - low)));
}
