import sharp from 'sharp';
import { UsageError } from '../core/errors.ts';
import type {
  FileFacts,
  FinishedFile,
  Finisher,
  FinishOrder,
  FinishResult,
} from '../core/finisher.ts';
import { closeFile } from './close-file.ts';
import { encodePicture } from './convert/encode-picture.ts';
import { encodeWithin } from './convert/encode-within.ts';
import { fileFormatOf, openMaster } from './convert/open-master.ts';
import { planOutputs, type PlannedOutput } from './convert/plan-outputs.ts';
import { type MakeFile, renderOutputs } from './convert/render-outputs.ts';
import { UnusablePicture } from './convert/unusable.ts';
import { type PictureSource, runPipeline, workMoves } from './convert/work-moves.ts';
import type { SigningIdentity } from './credentials/signing-identity.ts';
import type { MarkedFile } from './mark/carry-marks.ts';
import { hasCredentials, readMarks } from './mark/mark-image.ts';

/**
 * Finishes one master: the recipe's steps for each of its files, then their marks. What needs nothing
 * done comes back byte for byte. With an identity they are signed with it. Takes the calling thread's
 * time: `workers/` calls it in others.
 */
export async function finishPicture(
  master: Uint8Array,
  order: FinishOrder,
  signing?: SigningIdentity,
): Promise<FinishResult> {
  try {
    return await finish(master, order, signing);
  } catch (error) {
    if (error instanceof UnusablePicture || error instanceof UsageError) {
      return { kind: 'unusable', reason: error.message };
    }
    throw error;
  }
}

async function finish(
  bytes: Uint8Array,
  order: FinishOrder,
  signing: SigningIdentity | undefined,
): Promise<FinishResult> {
  const master = await openMaster(bytes);
  const outputs = planOutputs(master, order.size, order.recipe);
  const closing = { master, marks: order.marks, ...(signing !== undefined && { signing }) };
  const files: FinishedFile[] = [];
  const keep = ({ place, name, size, encode }: PlannedOutput, closed: MarkedFile) => {
    const named = name === undefined ? {} : { output: name };
    files[place] = { ...named, ...size, format: encode.format, ...closed };
  };
  const make: MakeFile = async (output, source, moves) => {
    const close = (file: Uint8Array) => closeFile(file, closing, output);
    const closed =
      output.encode.mostBytes === undefined
        ? await close(await encodeOutput(output, source, moves))
        : await encodeWithin(output, source, moves, close);
    keep(output, closed);
  };

  const toMake: PlannedOutput[] = [];
  for (const output of outputs) {
    const asItIs = output.isMaster ? await closeFile(bytes, closing) : undefined;
    if (asItIs !== undefined && asItIs.bytes.length <= (output.encode.mostBytes ?? Infinity)) {
      keep(output, asItIs);
    } else {
      toMake.push(output);
    }
  }
  if (toMake.length > 0) await renderOutputs({ kind: 'master', master }, toMake, make);
  return {
    kind: 'finished',
    files,
    keepsOriginal: files.every((file) => file.bytes !== bytes) && hasCredentials(bytes),
  };
}

async function encodeOutput(
  { encode, paper }: PlannedOutput,
  source: PictureSource,
  moves: PlannedOutput['moves'],
): Promise<Uint8Array> {
  const pipeline = await workMoves(source, moves);
  return await runPipeline(pipeline, (picture) => encodePicture(picture, encode, paper));
}

/** The facts of a delivered file, from its head; `undefined` when it is no picture of ours. */
export async function describeFile(file: Uint8Array): Promise<FileFacts | undefined> {
  const metadata = await sharp(file)
    .metadata()
    .catch(() => undefined);
  const format = metadata && fileFormatOf(metadata);
  if (metadata === undefined || format === undefined) return undefined;
  const { width, height } = metadata.autoOrient;
  return { width, height, format, marked: readMarks(file) !== undefined };
}

/** Both in the calling thread. */
export const imageFinisher: Finisher = {
  finish: (master, order) => finishPicture(master, order),
  describe: describeFile,
};
