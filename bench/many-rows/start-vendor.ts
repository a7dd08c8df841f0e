import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the vendor's bill comes to. */
export interface BillSums {
  readonly lines: number;
  readonly images: number;
  readonly usdMicros: number;
  /** Different prompts among its lines. */
  readonly prompts: number;
  /** Different pictures. */
  readonly hashes: number;
}

export interface StartedVendor extends AsyncDisposable {
  readonly baseUrl: string;
  readonly bill: () => Promise<BillSums>;
}

/** It keeps each answer and each line of the bill: some 3 kB an image. */
const HEAP_MEGABYTES = 6_000;

/** Starts the vendor on the loopback. */
export async function startVendor(seed: number): Promise<StartedVendor> {
  const child = fork(join(import.meta.dirname, 'vendor-process.ts'), [String(seed)], {
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${HEAP_MEGABYTES}`],
  });
  const [baseUrl] = (await once(child, 'message')) as [string];
  return {
    baseUrl,
    bill: async () => {
      child.send('bill');
      const [sums] = (await once(child, 'message')) as [BillSums];
      return sums;
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
