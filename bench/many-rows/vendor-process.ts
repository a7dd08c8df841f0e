/** A many-prompts vendor without latency, in a process of its own: `vendor-process.ts SEED`. Says its address. */
import { once } from 'node:events';
import { createManyPromptsSimulator, serveSimulators } from '../../simulators/index.ts';
import { systemClock } from '../../simulators/system-clock.ts';
import type { BillSums } from './start-vendor.ts';

const vendor = createManyPromptsSimulator({ clock: systemClock, seed: Number(process.argv[2]) });
await using served = await serveSimulators({ 'many-prompts': vendor });
process.send?.(served.urls['many-prompts']);
// Any question is the one for the bill: as one text it would be too long with a million lines.
process.on('message', () => process.send?.(billSums()));
await once(process, 'disconnect');

function billSums(): BillSums {
  const { entries, images, usdMicros } = vendor.bill;
  const prompts = new Set(entries.map(({ prompt }) => prompt)).size;
  const hashes = new Set(entries.flatMap(({ imageHashes }) => imageHashes)).size;
  return { lines: entries.length, images, usdMicros, prompts, hashes };
}
