import { type Colour, hex, luminance, mix, multiply, saturate, without } from './colour.ts';
import type { Description } from './words.ts';
import type { TimeName } from './vocabulary.ts';

/** The colours of a picture; everything in a scene is derived from them. */
export interface Palette {
  /** From the top of the sky to the horizon. */
  readonly sky: readonly Colour[];
  /** The sun or the moon. */
  readonly sun: Colour;
  /** Light around it. */
  readonly glow: Colour;
  readonly cloudLight: Colour;
  readonly cloudShade: Colour;
  /** What far things fade into. */
  readonly haze: Colour;
  /** Light that falls on things, and the light in their shadows: both multiply. */
  readonly light: Colour;
  readonly shade: Colour;
  /** Rich colours for buildings' lights, flowers, planets and abstract shapes. */
  readonly accents: readonly Colour[];
  readonly isNight: boolean;
}

interface Variant {
  readonly sky: string;
  readonly sun: string;
  readonly glow: string;
  readonly cloud: string;
  readonly haze: string;
  readonly light: string;
  readonly shade: string;
}

const VARIANTS: Readonly<Record<TimeName, readonly Variant[]>> = {
  day: [
    variant(
      '2f74c8 5b9ee2 9ccbf0 dff0f7',
      'fffbe8 fff3cf',
      'ffffff b4c8df c4dcec',
      'fff7e6 7088ad',
    ),
    variant(
      '3a86b8 6db3d0 a9d9dc f0efdb',
      'fffbe8 fff0c0',
      'fffdf6 a9c3cc d2e2dc',
      'fff4da 6f8ba0',
    ),
    variant(
      '4b6fc4 7f9fe0 b7c8f2 f4e4e6',
      'fffaf0 ffeedd',
      'fffafa b9bfe0 d4d6ec',
      'fff4ec 7a80b0',
    ),
  ],
  sunset: [
    variant(
      '2b2359 83386f e0645c ffc06f',
      'fff3cd ffb45e',
      'ffbf92 7d4674 d98a7c',
      'ffc390 5b4477',
    ),
    variant(
      '4a1420 8f2c2a d9683a ffce84',
      'fff4d2 ffb65c',
      'ffd09a 8f4138 d08055',
      'ffbe84 66403f',
    ),
    variant(
      '1d2a5c 5a4c96 c96f9c ffc9a0',
      'fff2d8 ffb98a',
      'ffc0b0 6c568f c792a8',
      'ffc6a6 514e82',
    ),
  ],
  dawn: [
    variant(
      '4f6fae 9aa3d4 f0b8bd ffe9c9',
      'fffaf0 ffd9b0',
      'fff0ea a98fb2 e2c2cb',
      'ffdcc0 6c6c9c',
    ),
    variant(
      '33707f 7fb0ad d9d3b2 ffe6b3',
      'fffbe6 ffe0a0',
      'fff2da 8fa3a3 cfd2bd',
      'ffe3b4 5f7d86',
    ),
  ],
  night: [
    variant(
      '050818 0d1a3e 1c3a6c 3f6d98',
      'f6f3e4 8fb2e6',
      '6f8bb5 14203f 2b4a75',
      '8fa6d6 1c2650',
    ),
    variant(
      '090415 1f0f42 472075 9a4fa0',
      'fdeeff b27ae6',
      '8a62b3 21123f 55307c',
      'a48fd8 251a4d',
    ),
    variant(
      '03121a 06303d 0f5560 4e9a8c',
      'f2fff4 80dcc0',
      '63a09a 0a2a35 1f5a60',
      '8cc8c4 123340',
    ),
  ],
};

const ACCENTS = [
  'ff6f61 ffc857 4fb0ae 5b6ee1 f7e7ce',
  'f25f8b ffb35c 6fd0c5 7a5be0 fff0dc',
  'e4572e f3a712 76b041 2e86ab f5ebe0',
  'ef476f ffd166 06b98d 118ab2 fdf0d5',
];
const NEON_ACCENTS = 'ff3fa4 35e0ff ffe45c 8a5bff ff7a3c';

function variant(sky: string, lights: string, air: string, ground: string): Variant {
  const [sun = '', glow = ''] = lights.split(' ');
  const [cloudLight = '', cloudShade = '', haze = ''] = air.split(' ');
  const [light = '', shade = ''] = ground.split(' ');
  return { sky, sun, glow, cloud: `${cloudLight} ${cloudShade}`, haze, light, shade };
}

const list = (text: string): Colour[] => text.split(' ').map(hex);

/**
 * The palette of a description. `lent` are the colours of a reference picture, from dark to bright;
 * they take over sky, haze and accents.
 */
export function choosePalette(
  description: Description,
  lent: readonly Colour[],
  chance: () => number,
): Palette {
  const variants = VARIANTS[description.time];
  const chosen = variants[Math.floor(chance() * variants.length)]!;
  const [cloudLight, cloudShade] = list(chosen.cloud);
  const isNeon = description.mood === 'neon';
  const accents = list(isNeon ? NEON_ACCENTS : ACCENTS[Math.floor(chance() * ACCENTS.length)]!);
  const wanted = without(accents, description.unwantedColours);
  const natural: Palette = {
    sky: list(chosen.sky),
    sun: hex(chosen.sun),
    glow: hex(chosen.glow),
    cloudLight: cloudLight!,
    cloudShade: cloudShade!,
    haze: hex(chosen.haze),
    light: hex(chosen.light),
    shade: hex(chosen.shade),
    // Scenes count on five accents.
    accents: accents.map((_, index) => wanted[index % wanted.length]!),
    isNight: description.time === 'night',
  };
  return inMood(description, lend(tinted(natural, description.tint), lent));
}

/** Turns the whole picture towards a colour while each part keeps its brightness. */
function tinted(palette: Palette, tint: Colour | undefined): Palette {
  if (!tint) return palette;
  const turn = (colour: Colour, share: number) => mix(colour, towards(colour, tint), share);
  return {
    ...palette,
    sky: palette.sky.map((colour) => turn(colour, 0.6)),
    glow: turn(palette.glow, 0.4),
    cloudLight: turn(palette.cloudLight, 0.3),
    cloudShade: turn(palette.cloudShade, 0.6),
    haze: turn(palette.haze, 0.6),
    light: turn(palette.light, 0.25),
    shade: turn(palette.shade, 0.4),
    accents: [
      tint,
      ...palette.accents.map((colour) => mix(colour, towards(colour, tint), 0.6)).slice(1),
    ],
  };
}

/** `tint` in the brightness of `colour`. */
function towards(colour: Colour, tint: Colour): Colour {
  const aim = luminance(colour);
  const own = luminance(tint);
  return own > aim
    ? mix([0, 0, 0], tint, aim / own)
    : mix(tint, [1, 1, 1], own === 1 ? 0 : (aim - own) / (1 - own));
}

function lend(palette: Palette, lent: readonly Colour[]): Palette {
  if (lent.length === 0) return palette;
  const at = (place: number) => lent[Math.round(place * (lent.length - 1))]!;
  const sky = palette.sky.map((colour, index) =>
    mix(colour, at((index + 0.5) / palette.sky.length), 0.75),
  );
  return {
    ...palette,
    sky,
    haze: mix(palette.haze, at(0.6), 0.7),
    glow: mix(palette.glow, at(1), 0.5),
    cloudLight: mix(palette.cloudLight, at(1), 0.5),
    cloudShade: mix(palette.cloudShade, at(0.4), 0.6),
    light: mix(palette.light, at(1), 0.3),
    accents: [0.5, 0.75, 0.25, 1, 0].map((place) => saturate(at(place), 1.25)),
  };
}

function inMood(description: Description, palette: Palette): Palette {
  const change = moodChange(description);
  const all = (colours: readonly Colour[]) => colours.map(change);
  return {
    ...palette,
    sky: all(palette.sky),
    haze: change(palette.haze),
    glow: change(palette.glow),
    cloudLight: change(palette.cloudLight),
    cloudShade: change(palette.cloudShade),
    accents: all(palette.accents),
  };
}

function moodChange({ mood, weather }: Description): (colour: Colour) => Colour {
  const greyed = weather === 'rain' || weather === 'fog';
  const base = (colour: Colour) => (greyed ? saturate(colour, 0.55) : colour);
  switch (mood) {
    case 'pastel':
      return (colour) => mix(saturate(base(colour), 0.85), [1, 0.95, 0.96], 0.34);
    case 'neon':
      return (colour) => saturate(base(colour), 1.35);
    case 'vivid':
      return (colour) => saturate(base(colour), 1.4);
    case 'dark':
      return (colour) => multiply(saturate(base(colour), 0.8), [0.55, 0.56, 0.64]);
    case 'mono':
    case 'sepia':
    case 'natural':
      return base;
    default:
      return mood satisfies never;
  }
}
