import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inChild, type Measured } from './in-child.ts';
import type { BareFetchInput, BareFetchOutput } from './jobs/bare-fetch.ts';
import type { EngineRunInput, EngineRunOutput } from './jobs/engine-run.ts';
import { makeSheet } from './make-sheet.ts';
import { scratchFolder } from './scratch-folder.ts';
import { figure, type Section } from './section.ts';
import { simulatedOpenai } from './simulated-openai.ts';

const IMAGES = 600;
const CONCURRENCY = 32;

/** Images a second when the vendor takes no time and has no limits: what our own work costs. */
export async function throughput(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  await using simulator = await simulatedOpenai({ seed });
  const sheet = join(scratch.path, 'sheet.csv');
  await makeSheet(sheet, IMAGES, seed);
  const bare = async (name: string, checks: boolean) => {
    const input: BareFetchInput = {
      folder: join(scratch.path, name),
      sheet,
      baseUrl: simulator.baseUrl,
      concurrency: CONCURRENCY,
      checks,
    };
    await mkdir(input.folder);
    return inChild<BareFetchOutput>('bare-fetch', input);
  };
  const engineInput: EngineRunInput = {
    folder: scratch.path,
    sheet,
    account: { baseUrl: simulator.baseUrl, concurrency: CONCURRENCY },
    quality: 'medium',
    stopAfterSeconds: 120,
  };
  // The simulator's first answers are slow, and are nobody's fault.
  await bare('warm-up', false);
  const plain = await bare('plain', false);
  const checked = await bare('checked', true);
  const engine = await inChild<EngineRunOutput>('engine-run', engineInput);
  return {
    title: `Images a second: ${IMAGES} PNGs of 1024x1024, ${CONCURRENCY} at a time, vendor without latency`,
    how: [
      'Each row ran in a process of its own beside the same simulator process on the same cores.',
      'The engine plans, holds credits, checks, flushes every image to its store and again, marked,',
      'to the out folder, keeps the ledger, and ends with results, manifest and contact sheet.',
    ],
    rows: [
      rowOf('bare fetch + write', plain),
      rowOf('bare fetch + decode + write', checked),
      rowOf('imagemill', engine),
    ],
  };
}

function rowOf(
  what: string,
  measured: Measured<{ readonly delivered: number }>,
): Section['rows'][number] {
  const { output, wallSeconds, cpuSeconds, peakMegabytes } = measured;
  return {
    what,
    images: output.delivered,
    seconds: figure(wallSeconds),
    'images/s': figure(output.delivered / wallSeconds),
    'CPU ms/image': figure((cpuSeconds / output.delivered) * 1000),
    'peak MB': figure(peakMegabytes),
  };
}
