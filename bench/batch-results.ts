import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inChild } from './in-child.ts';
import type { ReadResultsInput, ReadResultsOutput } from './jobs/read-results.ts';
import { figure, type Section } from './section.ts';

const MEGABYTE = 1e6;
/** A large picture: a PNG of 1024x1024 has one to three. */
const PICTURE_BYTES = 3 * MEGABYTE;
/** What reading a batch of 500 such pictures promises to stay below. */
const MOST_MEGABYTES = 400;

/** Memory while the results of a batch are read, which are gigabytes of base64. */
export async function batchResults(seed: number): Promise<Section> {
  return {
    title: `Results of a batch: pictures of ${PICTURE_BYTES / MEGABYTE} MB, one a line`,
    how: [
      'Read in a process of its own, from a server on the loopback that writes while it is read.',
      `The lane must stay below ${MOST_MEGABYTES} MB for 500 pictures. Read as one text they do not even`,
      'fit into a string, so the script that does so has 100.',
    ],
    rows: [
      await measure('one text, split', 100, seed, true),
      await measure('imagemill', 100, seed, false),
      await measure('imagemill', 500, seed, false),
    ],
  };
}

async function measure(
  what: string,
  lines: number,
  seed: number,
  asWhole: boolean,
): Promise<Section['rows'][number]> {
  await using server = await servedResults(lines, seed);
  const input: ReadResultsInput = { baseUrl: server.baseUrl, lines, asWhole };
  const measured = await inChild<ReadResultsOutput>('read-results', input);
  const { output, wallSeconds, cpuSeconds, peakMegabytes } = measured;
  return {
    what,
    pictures: output.pictures,
    'read MB': figure((output.bytes * 4) / 3 / MEGABYTE),
    seconds: figure(wallSeconds),
    'CPU ms/picture': figure((cpuSeconds / output.pictures) * 1000),
    'peak MB': figure(peakMegabytes),
  };
}

async function servedResults(
  lines: number,
  seed: number,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const args = [lines, PICTURE_BYTES, seed].map(String);
  const child = fork(join(import.meta.dirname, 'results-process.ts'), args);
  const [baseUrl] = (await once(child, 'message')) as [string];
  return {
    baseUrl,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
