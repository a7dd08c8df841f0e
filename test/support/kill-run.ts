/** Runs the command line while something keeps killing it, and reads what it left behind. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import type { Simulator } from '../../simulators/index.ts';
import { seededRandom } from '../../src/engine/core/random.ts';
import { type Ended, type Imagemill, lastLine, type RunAnswer, type Started } from './imagemill.ts';

/** What a vendor, or several together, have billed. */
export interface Billing {
  readonly bill: { readonly images: number };
}

/** A line of `results.csv` by its headings. */
export type Result = Readonly<Record<string, string>>;

export interface Survivor {
  readonly ended: Ended;
  readonly answer: RunAnswer;
  readonly results: readonly Result[];
  /** What the killed processes had said until then. */
  readonly killed: readonly Ended[];
}

/** The longest that a kill waits after its moment has come: it may hit any step of a request. */
const LONGEST_DELAY_MS = 150;

/**
 * Starts `words`, kills it with SIGKILL `kills` times, spread over the first 95 % of `images` by what
 * the vendor has billed, each time followed at once by `resume`; the last one runs to its end.
 */
export async function surviveKills(
  mill: Imagemill,
  vendor: Billing,
  words: readonly string[],
  plan: { readonly kills: number; readonly images: number; readonly seed: number },
): Promise<Survivor> {
  const random = seededRandom(plan.seed);
  const killed: Ended[] = [];
  let running = mill.start(...words, '--json');
  for (let kill = 0; kill < plan.kills; kill += 1) {
    const share = (0.95 * (kill + random.next())) / plan.kills;
    await untilBilled(vendor, Math.ceil(share * plan.images), running);
    await sleep(random.next() * LONGEST_DELAY_MS);
    running.child.kill('SIGKILL');
    const found = await running.ended;
    const { signal, stdout, stderr } = found;
    if (signal !== 'SIGKILL') throw new Error(`ended before kill ${kill + 1}: ${stdout}${stderr}`);
    killed.push(found);
    running = mill.start('resume', '--json', '--home', join(mill.folder, 'home'));
  }
  const ended = await running.ended;
  const answer = lastLine(ended);
  return { ended, answer, results: await readResults(answer), killed };
}

/** Waits until a new image is billed, and `images` of them at least. */
export async function untilBilled(
  vendor: Billing,
  images: number,
  { child }: Started,
): Promise<void> {
  const wanted = Math.max(images, vendor.bill.images + 1);
  while (vendor.bill.images < wanted && child.exitCode === null && child.signalCode === null) {
    await sleep(5);
  }
}

export async function readResults({ out }: RunAnswer): Promise<Result[]> {
  const text = await readFile(join(out, 'results.csv'));
  return parse(text, { columns: true, bom: true });
}

/** Waits until so many images have been ordered, made or not. */
export async function untilSubmitted({ log }: Simulator, requests: number): Promise<void> {
  while (log.entries.filter(({ admitted }) => admitted).length < requests) await sleep(5);
}

/** Resolves when the process has written `words` to stderr from now on; rejects if it ends before. */
export function untilSaid({ child, ended }: Started, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes(words)) resolve();
    });
    void ended.then(({ stderr }) =>
      reject(new Error(`ended without saying "${words}": ${stderr}`)),
    );
  });
}
