import { BatchCourse, type BatchStatus } from '../batch-course.ts';
import { terminated } from '../broken-reply.ts';
import { chanceOf } from '../chance.ts';
import type { Call, VendorState } from '../simulator.ts';
import type { BatchError, BatchLine } from './batch-input.ts';
import { lineText, makeLine, type LineEnd, type LinePlace } from './batch-line.ts';
import { type FileBook, seconds } from './files.ts';
import type { Usage } from './usage.ts';

/** What a batch is created with, and what was found in its file. */
export interface BatchOrder {
  readonly id: string;
  readonly inputFileId: string;
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly lines: readonly BatchLine[];
  /** Found in its file: then nothing is made. */
  readonly errors: readonly BatchError[];
  /** Milliseconds that the results are kept; absent: for ever. */
  readonly resultsKeptMs?: number;
  /** Whether the answer to its creation leaves complete. */
  readonly isDelivered: boolean;
}

/** A batch: its course, its lines as they end, and the two files of its results. */
export class BatchRecord {
  readonly id: string;
  readonly course: BatchCourse;
  readonly #state: VendorState;
  readonly #files: FileBook;
  readonly #order: BatchOrder;
  /** The lines in the order in which they are made, which is not the order of the file. */
  readonly #places: readonly LinePlace[];
  readonly #ends: LineEnd[] = [];
  #made = 0;
  #bytes = { output: 0, error: 0 };

  constructor(state: VendorState, files: FileBook, order: BatchOrder) {
    this.id = order.id;
    this.#state = state;
    this.#files = files;
    this.#order = order;
    this.#places = placesOf(state.seed, order);
    this.course = new BatchCourse({
      clock: state.clock,
      terms: state.behaviour.batch,
      lines: order.lines.length,
      accept: () => order.errors.length === 0,
      make: (index) => this.#make(this.#places[index]!),
      end: (status) => this.#end(status),
    });
  }

  /** Requests that still wait or are made. */
  get queued(): number {
    return this.course.hasEnded ? 0 : this.#order.lines.length;
  }

  describe(): Record<string, unknown> {
    const { id, endpoint, inputFileId, completionWindow, metadata, errors, lines } = this.#order;
    const { course } = this;
    const hasFailed = course.status === 'failed';
    return {
      id,
      object: 'batch',
      endpoint,
      model: lines[0]?.body['model'] ?? null,
      errors: hasFailed ? { object: 'list', data: errors } : null,
      input_file_id: inputFileId,
      completion_window: completionWindow,
      status: WORDS[course.status],
      output_file_id: this.#fileId('output'),
      error_file_id: this.#fileId('error'),
      created_at: seconds(course.createdAt),
      in_progress_at: this.#moment('running'),
      expires_at: seconds(course.expiresAt),
      finalizing_at: this.#moment('finalizing'),
      completed_at: this.#moment('completed'),
      failed_at: this.#moment('failed'),
      expired_at: this.#moment('expired'),
      cancelling_at: this.#moment('cancelling'),
      cancelled_at: this.#moment('cancelled'),
      request_counts: {
        total: hasFailed ? 0 : lines.length,
        completed: this.#made,
        failed: this.#ends.length - this.#made,
      },
      usage: sumOf(this.#ends),
      metadata,
    };
  }

  async #make(place: LinePlace): Promise<void> {
    const end = await makeLine(this.#state, this.#files, place, this.#order.isDelivered);
    if (end.kind === 'made') this.#made += 1;
    await this.#keep(end);
  }

  async #keep(end: LineEnd): Promise<void> {
    this.#ends.push(end);
    this.#bytes[fileOf(end)] += Buffer.byteLength(await lineText(end));
  }

  /** What was not begun gets a line as well; then there are files to be downloaded. */
  async #end(status: BatchStatus): Promise<void> {
    if (status === 'failed') return;
    const code = status === 'expired' ? 'batch_expired' : 'batch_cancelled';
    for (const place of this.#places.slice(this.#ends.length)) {
      await this.#keep({ ...place, kind: 'not-begun', code });
    }
    const { resultsKeptMs } = this.#order;
    const createdAt = this.#state.clock.now();
    for (const which of ['output', 'error'] as const) {
      if (this.#bytes[which] === 0) continue;
      this.#files.add({
        id: `file-simulated-${this.id}-${which}`,
        name: `${this.id}_${which}.jsonl`,
        purpose: 'batch_output',
        bytes: this.#bytes[which],
        createdAt,
        ...(resultsKeptMs === undefined ? {} : { expiresAt: createdAt + resultsKeptMs }),
        content: (call) => this.#read(which, call),
      });
    }
  }

  #read(which: 'output' | 'error', call: Call): ReadableStream<Uint8Array> {
    const ends = this.#ends.filter((end) => fileOf(end) === which);
    const isCut = call.random.next() < (this.#state.behaviour.batch?.resultsCut ?? 0);
    return ReadableStream.from(isCut ? halfOf(ends) : wholeOf(ends));
  }

  #fileId(which: 'output' | 'error'): string | null {
    return this.course.hasEnded && this.#bytes[which] > 0
      ? `file-simulated-${this.id}-${which}`
      : null;
  }

  #moment(status: BatchStatus): number | null {
    const at = this.course.momentOf(status);
    return at === undefined ? null : seconds(at);
  }
}

const WORDS: Readonly<Record<BatchStatus, string>> = {
  validating: 'validating',
  running: 'in_progress',
  finalizing: 'finalizing',
  completed: 'completed',
  failed: 'failed',
  expired: 'expired',
  cancelling: 'cancelling',
  cancelled: 'cancelled',
};

function placesOf(seed: number, { id, endpoint, lines }: BatchOrder): readonly LinePlace[] {
  const drawn = lines.map((line) => ({
    line,
    rank: chanceOf(seed, 'openai batch order', id, line.customId).next(),
  }));
  return drawn
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ line }, index) => ({ batchId: id, endpoint, line, index }));
}

function fileOf(end: LineEnd): 'output' | 'error' {
  return end.kind === 'made' ? 'output' : 'error';
}

async function* wholeOf(ends: readonly LineEnd[]): AsyncGenerator<Uint8Array> {
  for (const end of ends) yield Buffer.from(await lineText(end));
}

/** Half of the lines, one half of the next, and then the connection is gone. */
async function* halfOf(ends: readonly LineEnd[]): AsyncGenerator<Uint8Array> {
  const half = Math.floor(ends.length / 2);
  yield* wholeOf(ends.slice(0, half));
  const text = ends[half] === undefined ? '' : await lineText(ends[half]);
  yield Buffer.from(text.slice(0, text.length / 2));
  throw terminated();
}

function sumOf(ends: readonly LineEnd[]): Record<string, unknown> {
  const usages = ends.flatMap((end): readonly Usage[] => (end.kind === 'made' ? [end.usage] : []));
  const sum = (read: (usage: Usage) => number) =>
    usages.reduce((all, usage) => all + read(usage), 0);
  return {
    input_tokens: sum((usage) => usage.input_tokens),
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: sum((usage) => usage.output_tokens),
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: sum((usage) => usage.total_tokens),
  };
}
