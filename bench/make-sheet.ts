import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '../src/engine/core/random.ts';

const KINDS = ['photo', 'oil painting', 'woodcut', 'watercolour', 'poster', 'pencil drawing'];
const THINGS = ['lighthouse', 'violin', 'fox', 'greenhouse', 'tram', 'glass of water', 'harbour'];
const PLACES = ['in fog', 'at dawn', 'under snow', 'by a river', 'in an old town', 'in a field'];
const LIGHTS = ['soft light', 'hard shadows', 'golden hour', 'overcast sky', 'neon light'];

/** Writes a CSV of `rows` prompts, every one different; the same seed writes the same file. */
export async function makeSheet(path: string, rows: number, seed: number): Promise<void> {
  await pipeline(linesOf(rows, seed), createWriteStream(path));
}

function* linesOf(rows: number, seed: number): Generator<string> {
  const random = seededRandom(seed);
  const pick = (words: readonly string[]) => words[Math.floor(random.next() * words.length)];
  yield 'prompt,name\n';
  for (let row = 1; row <= rows; row += 1) {
    const prompt = `A ${pick(KINDS)} of a ${pick(THINGS)} ${pick(PLACES)}, ${pick(LIGHTS)}, plate ${row}`;
    yield `"${prompt}",plate-${row}\n`;
  }
}
