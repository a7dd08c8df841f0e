/** What one stage of many takes: time, processor and memory, as it goes and at most. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Stage {
  readonly stage: string;
  readonly seconds: number;
  /** User and system time of all threads of this process. */
  readonly cpuSeconds: number;
  /** The most memory that the process held in this stage. */
  readonly peakMegabytes: number;
  /** Memory as the stage went on, at even distances: flat is what it should be. */
  readonly megabytes: readonly number[];
}

const SAMPLE_MS = 500;
/** More samples than these are thinned to every other one. */
const MOST_SAMPLES = 120;

export async function measureStage<Output>(
  stage: string,
  work: () => Promise<Output>,
): Promise<{ readonly output: Output; readonly measured: Stage }> {
  forgetPeak();
  const samples = new MemorySamples();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const output = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = samples.end();
  const measured: Stage = {
    stage,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: memoryOf('VmHWM'),
    megabytes,
  };
  return { output, measured };
}

class MemorySamples {
  #samples: number[] = [memoryOf('VmRSS')];
  #every = 1;
  #ticks = 0;
  readonly #timer = setInterval(() => this.#take(), SAMPLE_MS);

  end(): readonly number[] {
    clearInterval(this.#timer);
    return [...this.#samples, memoryOf('VmRSS')];
  }

  #take(): void {
    this.#ticks += 1;
    if (this.#ticks % this.#every !== 0) return;
    this.#samples.push(memoryOf('VmRSS'));
    if (this.#samples.length <= MOST_SAMPLES) return;
    this.#samples = this.#samples.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }
}

/** Of this process, in megabytes; other systems than Linux tell what it holds now only. */
function memoryOf(field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const [, kibibytes] = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status) ?? [];
    return Math.round((Number(kibibytes) * 1024) / 1e6);
  } catch {
    return Math.round(process.memoryUsage.rss() / 1e6);
  }
}

/** Linux begins to look for the largest figure anew (proc(5), `clear_refs`). */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then the peak is that of all stages so far.
  }
}
