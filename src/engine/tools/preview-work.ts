/** What a job's task makes of one picture, by the job's own work; nothing is written. */
import { InputError } from '../core/errors.ts';
import type { PictureFacts } from '../core/file-report.ts';
import type { JobTask } from '../core/job.ts';
import { mediaTypeOf } from '../core/media-type.ts';
import type { Size } from '../core/size.ts';
import type { EnginePorts } from '../engine.ts';
import { planMoves } from '../finish/convert/plan-moves.ts';
import { UnusablePicture } from '../finish/convert/unusable.ts';
import { lookAtHead } from './inspect/picture-facts.ts';
import { openSources } from './job-source.ts';
import type { JobSource, NewFile } from './job-work.ts';
import { masterSource } from './list-sources.ts';
import { unsaidOrigin } from './plan-job.ts';
import { workOf } from './work-of.ts';

export interface PreviewOrder {
  readonly task: JobTask;
  readonly picture:
    | { readonly runId: string; readonly itemId: string }
    | { readonly name: string; readonly bytes: Uint8Array };
}

export interface Preview {
  readonly kind: 'made';
  readonly before: { readonly bytes: number; readonly facts?: PictureFacts };
  readonly files: readonly NewFile[];
  readonly tookMs: number;
}

export type PreviewResult =
  | Preview
  /** Why nothing can be made of it, and what to do. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It is more than is tried while somebody waits; the job itself does it. */
  | { readonly kind: 'too-large'; readonly pixels: number };

/** Of a picture, before and after: 2048 x 2048 enlarged four times. */
export const MOST_PREVIEW_PIXELS = 68_000_000;
/** Of all files together, which are in memory at the same time. */
const MOST_PIXELS_TOGETHER = 2 * MOST_PREVIEW_PIXELS;

/** Throws `InputError` for what the job could not be ordered with. */
export async function previewWork(ports: EnginePorts, order: PreviewOrder): Promise<PreviewResult> {
  const { task, picture } = order;
  const problems = 'runId' in picture ? [] : unsaidOrigin(task);
  if (problems.length > 0) throw new InputError(problems);
  const source = await sourceOf(ports, picture);
  if (typeof source === 'string') return { kind: 'failed', reason: source };
  const facts = await factsOf(source.bytes);
  const sizes = facts === undefined ? [] : sizesOf(task, source, facts).map(pixelsOf);
  const largest = Math.max(0, ...sizes);
  if (largest > MOST_PREVIEW_PIXELS) return { kind: 'too-large', pixels: largest };
  const together = sizes.reduce((sum, pixels) => sum + pixels, 0);
  if (together > MOST_PIXELS_TOGETHER) return { kind: 'too-large', pixels: together };
  const startedAt = ports.clock.now();
  const outcome = await workOf(task, ports).perform(source);
  if (outcome.kind === 'failed') return outcome;
  return {
    kind: 'made',
    before: { bytes: source.bytes.length, ...(facts && { facts }) },
    files: outcome.files,
    tookMs: ports.clock.now() - startedAt,
  };
}

/** As the job would hand it to its work; a text says why it cannot be. */
async function sourceOf(
  ports: EnginePorts,
  picture: PreviewOrder['picture'],
): Promise<JobSource | string> {
  if (!('runId' in picture)) {
    const { name, bytes } = picture;
    return { key: name, name, number: 1, version: '', bytes };
  }
  const { runId, itemId } = picture;
  const record = await ports.store.record(itemId, runId);
  const listed = record?.state === 'delivered' ? masterSource(record) : undefined;
  if (listed === undefined) return 'It is no delivered image of the run.';
  const reader = await openSources(ports, { kind: 'run', runId, items: [itemId] });
  const read = await reader.read({ ...listed, number: 1, claimed: [] });
  return read.kind === 'read' ? read.source : read.reason;
}

/** `undefined`: its head cannot be read here; the work itself says what is wrong with it. */
async function factsOf(bytes: Uint8Array): Promise<PictureFacts | undefined> {
  const type = mediaTypeOf(bytes);
  if (type === undefined) return undefined;
  return await lookAtHead(bytes, type).then(
    ({ facts }) => facts,
    () => undefined,
  );
}

/** Of the picture before, and of each file that is made. */
function sizesOf(task: JobTask, { item }: JobSource, size: Size): readonly Size[] {
  if (task.kind !== 'finish') return [size];
  const made = task.recipe.outputs.map(({ steps }) => {
    try {
      return planMoves(item?.size ?? size, steps).size;
    } catch (error) {
      // The work refuses it with the same words.
      if (error instanceof UnusablePicture) return size;
      throw error;
    }
  });
  return [size, ...made];
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}
