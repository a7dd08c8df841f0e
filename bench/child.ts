/** The process of one job: `child.ts NAME JSON`. Its parent ends it once it has the reply. */
import type { Reply } from './in-child.ts';
import { peakMegabytes } from './peak-memory.ts';

const [, , name, input = '{}'] = process.argv;

async function measure(): Promise<Reply<unknown>> {
  const { job } = (await import(`./jobs/${name}.ts`)) as {
    readonly job: (input: unknown) => Promise<unknown>;
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  const output = await job(JSON.parse(input));
  const wallSeconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    kind: 'done',
    output,
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: peakMegabytes(),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const reply = await measure().catch((error: unknown) => ({
  kind: 'failed' as const,
  reason: reasonOf(error),
}));
process.send?.(reply);
