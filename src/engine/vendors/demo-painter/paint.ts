import type { Quality } from '../../core/quality.ts';
import { seededRandom } from '../../core/random.ts';
import { type Canvas, createCanvas } from './canvas.ts';
import type { Colour } from './colour.ts';
import { paintLabel } from './label.ts';
import { createNoise } from './noise.ts';
import { choosePalette } from './palette.ts';
import { PAINTERS } from './scenes/scenes.ts';
import { hashText, mixBits } from './seed.ts';
import type { Stage } from './stage.ts';
import type { MoodName } from './vocabulary.ts';
import { paintWeather } from './weather.ts';
import { describe } from './words.ts';

export interface PaintRequest {
  readonly prompt: string;
  readonly negativePrompt?: string;
  /** Pixels, 64 to 2048 a side. */
  readonly width: number;
  readonly height: number;
  readonly quality: Quality;
  readonly seed: number;
  /** Colours of a reference picture from dark to bright; they become the picture's palette. */
  readonly lentColours?: readonly Colour[];
}

export interface Painting {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue; row by row from the top. */
  readonly data: Uint8Array;
}

const DETAIL: Readonly<Record<Quality, number>> = { low: 0.5, medium: 1, high: 1.6 };

/**
 * Paints a picture from words and a seed. No AI: the words choose a scene, its subjects, colours and
 * light, chance from the seed does the rest, and a label says so. The same request gives the same
 * bytes in every process. Pure; it takes tens of milliseconds of one core for 1024x1024.
 */
export function paint(request: PaintRequest): Painting {
  // Two streams: the number of words that chance decides on must not shift what is painted after.
  const words = seededRandom(mixBits(request.seed ^ hashText(request.prompt.trim())));
  const description = describe(request.prompt, request.negativePrompt ?? '', () => words.next());
  const strokes = seededRandom(
    mixBits(request.seed + 0x51ed) ^ hashText(`paint ${request.prompt.trim()}`),
  );
  const palette = choosePalette(description, request.lentColours ?? [], () => strokes.next());
  const width = Math.round(request.width);
  const height = Math.round(request.height);
  const stage: Stage = {
    canvas: createCanvas(width, height),
    width,
    height,
    unit: Math.min(width, height),
    description,
    palette,
    noise: createNoise(strokes),
    chance: () => strokes.next(),
    detail: DETAIL[request.quality],
  };
  PAINTERS[description.scene](stage);
  paintWeather(stage);
  return { width, height, data: develop(stage.canvas, description.mood) };
}

/** Turns the canvas into bytes; a fine ordered dither keeps soft skies free of bands. */
function develop(canvas: Canvas, mood: MoodName | 'natural'): Uint8Array {
  if (mood === 'mono' || mood === 'sepia') drain(canvas, mood);
  paintLabel(canvas);
  const { data, width, height } = canvas;
  const bytes = new Uint8Array(width * height * 3);
  let index = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Interleaved gradient noise (Jimenez 2014).
      const fraction = 0.06711056 * x + 0.00583715 * y;
      const inner = 52.9829189 * (fraction - Math.floor(fraction));
      const dither = inner - Math.floor(inner);
      for (let channel = 0; channel < 3; channel++, index++) {
        const value = data[index]! * 255 + dither;
        bytes[index] = value <= 0 ? 0 : value >= 255 ? 255 : value;
      }
    }
  }
  return bytes;
}

function drain({ data }: Canvas, mood: 'mono' | 'sepia'): void {
  const warmth = mood === 'sepia' ? ([1.06, 0.95, 0.78] as const) : ([1, 1, 1] as const);
  for (let index = 0; index < data.length; index += 3) {
    const grey = 0.26 * data[index]! + 0.64 * data[index + 1]! + 0.1 * data[index + 2]!;
    const toned = grey + (grey - 0.5) * 0.12 + (mood === 'sepia' ? 0.04 : 0);
    for (let channel = 0; channel < 3; channel++) data[index + channel] = toned * warmth[channel]!;
  }
}
