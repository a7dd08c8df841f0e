import { availableParallelism } from 'node:os';
import { createScreener } from '../src/engine/finish/screen/screener.ts';
import { createPicturePool } from '../src/engine/finish/workers/picture-pool.ts';
import { NearDuplicates } from '../src/engine/quality/near-duplicates.ts';
import { seededRandom } from '../src/engine/core/random.ts';
import { keepInFlight } from './keep-in-flight.ts';
import { paintMasters } from './paint-masters.ts';
import { figure, type Section } from './section.ts';

const SIDE = 1024;
const PICTURES = 48;
const SCREENED = 24;
const COMPARED = 10_000;

/** What `tools check` takes a picture, and comparing all of them with each other. */
export async function check(seed: number): Promise<Section> {
  const masters = await paintMasters('png', SIDE, seed);
  return {
    title: 'Checking pictures',
    how: [
      `PNG of ${SIDE}x${SIDE}, decoded whole and measured in worker threads.`,
      'Screening: one thread, whose model uses all cores; it is loaded first.',
      `Near-duplicates: fingerprints by chance, so that no two are alike; each with all before it.`,
    ],
    rows: [await checking(masters), await screening(masters), likeness(seed)],
  };
}

async function checking(masters: readonly Buffer[]): Promise<Section['rows'][number]> {
  await using pool = createPicturePool();
  const look = (at: number) => pool.check(masters[at % masters.length]!);
  await keepInFlight(availableParallelism(), availableParallelism(), look);
  const startedAt = performance.now();
  await keepInFlight(PICTURES, availableParallelism() + 1, look);
  return row('check', PICTURES, startedAt);
}

async function screening(masters: readonly Buffer[]): Promise<Section['rows'][number]> {
  await using screener = createScreener([]);
  await screener.ready();
  const startedAt = performance.now();
  await keepInFlight(SCREENED, 2, (at) => screener.screen(masters[at % masters.length]!));
  return row('screen', SCREENED, startedAt);
}

function likeness(seed: number): Section['rows'][number] {
  const random = seededRandom(seed);
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
  const images = Array.from({ length: COMPARED }, () => ({
    fingerprint: hex(32),
    signature: hex(96),
  }));
  const seen = new NearDuplicates<number>();
  const startedAt = performance.now();
  for (const [at, measures] of images.entries()) seen.add(at, measures);
  return row('near-duplicates', COMPARED, startedAt);
}

function row(what: string, pictures: number, startedAt: number): Section['rows'][number] {
  const seconds = (performance.now() - startedAt) / 1000;
  return { what, pictures, seconds: figure(seconds), 'pictures/s': figure(pictures / seconds) };
}
