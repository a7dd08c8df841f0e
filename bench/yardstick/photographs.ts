/** A vendor whose pictures weigh what photographs do as PNG, painted by seed. */
import sharp from 'sharp';
import { chanceOf } from '../../simulators/chance.ts';
import type { Simulator } from '../../simulators/index.ts';
import { answering } from './answering.ts';
import { readSimulatedMark, withSimulatedMark } from '../../simulators/simulated-mark.ts';

const SIDE = 1024;
/** Coarse shapes first; each octave is half as large and half as strong. */
const OCTAVES = 6;
const COARSEST = 512;
/** Grain of a sensor in brightness and colour, of 255: with it a PNG has four bits a byte. */
const GRAIN = 2;
const COLOUR_GRAIN = 0.3;

/** A smooth field of `SIDE` by `SIDE` around 0: noise of ever finer cells. */
function smoothField(random: () => number): Float32Array {
  const field = new Float32Array(SIDE * SIDE);
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    const cell = COARSEST >> octave;
    const across = SIDE / cell + 1;
    const knots = Float32Array.from(
      { length: across * across },
      () => (random() - 0.5) / 2 ** octave,
    );
    addCells(field, knots, cell, across);
  }
  return field;
}

function addCells(field: Float32Array, knots: Float32Array, cell: number, across: number): void {
  for (let y = 0; y < SIDE; y += 1) {
    const down = (y % cell) / cell;
    const row = Math.floor(y / cell) * across;
    for (let x = 0; x < SIDE; x += 1) {
      const right = (x % cell) / cell;
      const at = row + Math.floor(x / cell);
      const upper = knots[at]! * (1 - right) + knots[at + 1]! * right;
      const lower = knots[at + across]! * (1 - right) + knots[at + across + 1]! * right;
      field[y * SIDE + x]! += upper * (1 - down) + lower * down;
    }
  }
}

/** A PNG of 1024x1024 of about 1.5 MB; the same seed and number paint the same one. */
async function paintPhotograph(seed: number, number: number): Promise<Buffer> {
  const chance = chanceOf(seed, 'photograph', number);
  const random = () => chance.next();
  const light = smoothField(random);
  const tints = [smoothField(random), smoothField(random), smoothField(random)];
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  for (let at = 0; at < light.length; at += 1) {
    const grain = (random() + random() - 1) * GRAIN;
    for (const [channel, tint] of tints.entries()) {
      const colour = light[at]! * 140 + tint[at]! * 60 + (random() - 0.5) * 2 * COLOUR_GRAIN;
      pixels[at * 3 + channel] = Math.max(0, Math.min(255, Math.round(128 + colour + grain)));
    }
  }
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

/** Painted before anybody asks, a third of a second each; each answer is one of them with its own mark. */
const PHOTOGRAPHS = 8;

/** The same vendor, whose PNGs are photographs: the mark of the prompt is in them as in its own. */
export async function withPhotographs(simulator: Simulator, seed: number): Promise<Simulator> {
  const painted: Buffer[] = [];
  for (let number = 0; number < PHOTOGRAPHS; number += 1) {
    painted.push(await paintPhotograph(seed, number));
  }
  const originals = new WeakMap<Response, Response>();
  let answered = 0;
  const swap = (picture: string): string => {
    const mark = readSimulatedMark(Buffer.from(picture, 'base64'));
    if (mark === undefined) return picture;
    answered += 1;
    const bytes = withSimulatedMark(painted[answered % PHOTOGRAPHS]!, 'png', mark);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  };
  return answering(simulator, {
    markUndelivered: (response) => simulator.markUndelivered(originals.get(response) ?? response),
    async fetch(request) {
      const answer = await simulator.fetch(request);
      if (!request.url.endsWith('/images/generations') || answer.status !== 200) return answer;
      const body = (await answer.json()) as { readonly data: readonly { b64_json: string }[] };
      const data = body.data.map(({ b64_json }) => ({ b64_json: swap(b64_json) }));
      const heavy = Response.json({ ...body, data }, { headers: answer.headers });
      originals.set(heavy, answer);
      return heavy;
    },
  });
}
