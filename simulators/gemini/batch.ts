import { BatchCourse } from '../batch-course.ts';
import type { Random } from '../../src/engine/core/random.ts';
import { FAULTS, type FaultName } from '../behaviour.ts';
import { connectionLost } from '../broken-reply.ts';
import { chanceOf, drawFault, drawRefusal } from '../chance.ts';
import type { VendorState } from '../simulator.ts';
import type { GeminiError } from './errors.ts';
import { timeOf } from './files.ts';
import { generate, type Fate } from './generate.ts';
import type { ImageOrder } from './read-order.ts';

/** One request of a batch, under the key that its client gave it. */
export interface Line {
  readonly key: string | undefined;
  readonly order: ImageOrder | GeminiError;
}

export interface BatchOrder {
  /** Without `batches/`. */
  readonly id: string;
  readonly model: string;
  readonly displayName: string;
  /** `files/abc`; absent: the lines came inside the call, and the results come inside the answers. */
  readonly fileName: string | undefined;
  /** `undefined` when the file cannot be read: the batch is taken, and fails. */
  readonly lines: readonly Line[] | undefined;
}

/** What a line of a batch can have; the rest concerns calls. */
const LINE_FAULTS: readonly FaultName[] = ['blank', 'wrongSize', 'fewerImages', 'taskFailed'];
const IMPOSSIBLE = FAULTS.filter((fault) => !LINE_FAULTS.includes(fault));

const STATES = {
  validating: 'PENDING',
  running: 'RUNNING',
  finalizing: 'RUNNING',
  cancelling: 'RUNNING',
  completed: 'SUCCEEDED',
  failed: 'FAILED',
  expired: 'EXPIRED',
  cancelled: 'CANCELLED',
} as const;

/** The line's status as gRPC has it, for the HTTP status that a single call would have had. */
const GRPC_CODES: Readonly<Record<number, number>> = { 400: 3, 403: 7, 404: 5 };
const INTERNAL = { code: 13, message: 'Internal error encountered.' };

/**
 * A batch: makes and bills its lines one after the other, at half the price. Of one that expires Google
 * documents no results at all; here it keeps what was made until then, as one that is cancelled does.
 */
export class Batch {
  readonly order: BatchOrder;
  readonly course: BatchCourse;
  /** Whether the answer to the call that made it left complete. */
  isTold = false;
  readonly #state: VendorState;
  readonly #lines: readonly Line[];
  /** Of the lines that are made, in their order. */
  readonly #fates: Fate[] = [];
  #images = 0;
  #failed = 0;

  constructor(state: VendorState, order: BatchOrder) {
    this.#state = state;
    this.order = order;
    this.#lines = order.lines ?? [];
    this.course = new BatchCourse({
      clock: state.clock,
      terms: state.behaviour.batch,
      lines: this.#lines.length,
      accept: () => order.lines !== undefined,
      make: (line) => this.#make(line),
      // The results are painted when they are asked for.
      end: async () => {},
    });
    this.course.start();
  }

  /** Lines that still wait to be made. */
  get queued(): number {
    return this.course.hasEnded ? 0 : this.#lines.length - this.#fates.length;
  }

  get name(): string {
    return `batches/${this.order.id}`;
  }

  /** Without `files/`; longer than names that can be asked for. */
  get resultsId(): string {
    return `batch-${this.order.id}`;
  }

  /** Pictures that were made so far. */
  get images(): number {
    return this.#images;
  }

  async #make(line: number): Promise<void> {
    const fate = this.#drawFate(line);
    const made = await this.#answer(line, fate);
    this.#fates.push(fate);
    if (!('usdMicros' in made)) {
      this.#failed += 1;
      return;
    }
    const { order, key } = this.#lines[line]!;
    this.#images += made.pictures.length;
    this.#state.bill.add({
      vendor: 'gemini',
      at: this.#state.clock.now(),
      model: this.order.model,
      prompt: 'code' in order ? '' : order.prompt,
      ...(key !== undefined && { requestKey: key }),
      taskId: this.name,
      images: made.pictures.length,
      usdMicros: made.usdMicros,
      delivered: this.isTold,
      imageHashes: made.pictures.map(({ hash }) => hash),
    });
  }

  #drawFate(line: number): Fate {
    const { seed, behaviour } = this.#state;
    const { order } = this.#lines[line]!;
    const random = chanceOf(seed, 'gemini line', this.order.id, line);
    return {
      refused: 'code' in order ? undefined : drawRefusal(seed, order.prompt, behaviour.refusals),
      fault: drawFault(random, behaviour.faults, IMPOSSIBLE),
      blur: this.#state.blurOf(this.order.model, 1),
    };
  }

  async #answer(line: number, fate: Fate) {
    const { order } = this.#lines[line]!;
    if ('code' in order) {
      return { error: { code: GRPC_CODES[order.code] ?? 2, message: order.message } };
    }
    if (fate.fault === 'taskFailed') return { error: INTERNAL };
    return generate(this.#state, order, { ...fate, id: `${this.order.id}-${line}`, share: 0.5 });
  }

  /** What is known of it, as a long-running operation. */
  async describe({ withResults }: { readonly withResults: boolean }): Promise<unknown> {
    const { model, displayName, fileName } = this.order;
    const { createdAt, status, hasEnded } = this.course;
    const output = hasEnded && withResults ? await this.#output() : undefined;
    const endedAt = this.course.momentOf(status);
    return {
      name: this.name,
      metadata: {
        '@type': 'type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch',
        model: `models/${model}`,
        displayName,
        ...(fileName !== undefined && { inputConfig: { fileName } }),
        ...(output && { output }),
        createTime: timeOf(createdAt),
        updateTime: timeOf(endedAt ?? createdAt),
        ...(hasEnded && endedAt !== undefined && { endTime: timeOf(endedAt) }),
        batchStats: this.#stats(),
        state: `BATCH_STATE_${STATES[status]}`,
        name: this.name,
      },
      ...(hasEnded && { done: true }),
      ...(status === 'failed' && {
        error: { code: 3, message: 'The input file is not valid JSONL.' },
      }),
      // The results stand in the answer twice.
      ...(output && { response: output }),
    };
  }

  /** Counts are texts, and what is nothing is left out. */
  #stats(): Record<string, string> {
    const all = {
      requestCount: this.#lines.length,
      successfulRequestCount: this.#fates.length - this.#failed,
      failedRequestCount: this.#failed,
      pendingRequestCount: this.#lines.length - this.#fates.length,
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, count]) => (count === 0 ? [] : [[name, String(count)]])),
    );
  }

  async #output(): Promise<Record<string, unknown> | undefined> {
    if (this.#fates.length === 0) return undefined;
    if (this.order.fileName !== undefined) return { responsesFile: `files/${this.resultsId}` };
    const inlinedResponses = await Promise.all(
      this.#fates.map(async (_, line) => {
        const { key } = this.#lines[line]!;
        const metadata = key === undefined ? {} : { metadata: { key } };
        return { ...metadata, ...(await this.#result(line)) };
      }),
    );
    return { inlinedResponses: { inlinedResponses } };
  }

  async #result(line: number): Promise<Record<string, unknown>> {
    const made = await this.#answer(line, this.#fates[line]!);
    return 'usdMicros' in made ? { response: made.body } : made;
  }

  /** The results as JSONL, painted again line by line; some downloads stop in the middle. */
  async *results(random: Random): AsyncGenerator<Uint8Array> {
    const isCut = random.next() < (this.#state.behaviour.batch?.resultsCut ?? 0);
    const encoder = new TextEncoder();
    for (const line of this.#fates.keys()) {
      const { key } = this.#lines[line]!;
      const result = { ...(key !== undefined && { key }), ...(await this.#result(line)) };
      const bytes = encoder.encode(`${JSON.stringify(result)}\n`);
      if (isCut && line >= Math.floor(this.#fates.length / 2)) {
        yield bytes.subarray(0, bytes.byteLength / 2);
        throw connectionLost();
      }
      yield bytes;
    }
  }
}
