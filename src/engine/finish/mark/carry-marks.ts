import type { ImageMarks, MarkOrder } from '../../core/finisher.ts';
import { withContainer } from './containers.ts';
import { exifComment } from './exif-texts.ts';
import type { ImageContainer } from './image-container.ts';
import { parseXmp, type XmpDocument } from './xmp-document.ts';
import { isEssential, isOfTheFile, isPrompt, refersToCredentials } from './xmp-kinds.ts';
import {
  buildPacket,
  marksIn,
  mergePacket,
  readPacket,
  sayPrompt,
  withoutMarks,
  withoutSame,
} from './xmp-packet.ts';

/**
 * Prompts are cut to these lengths, one after the other, until the packet fits (JPEG holds 64 KB; a
 * prompt stands in it twice). The manifest has them whole.
 */
const SHORTER_PROMPTS = [16_000, 4_000, 1_000, 200] as const;

/**
 * Where generators put the prompt of a PNG, which no other format has a place for: AUTOMATIC1111 and its
 * kin, ComfyUI, InvokeAI. It goes on as IPTC's AIPromptInformation.
 */
const PROMPT_TEXTS = ['parameters', 'prompt', 'invokeai_metadata', 'sd-metadata', 'Dream'];

/** By this the same is told from what people write into a comment. */
const PARAMETERS = /\bSteps: \d+, /;

export interface MarkedFile {
  readonly bytes: Uint8Array;
  /** Whether they carry our marks. */
  readonly marked: boolean;
}

/**
 * Gives a finished file the marks that are ordered. `file` is the master itself where nothing was done
 * to it, or what was made from it, which carries nothing of its own. No pixel is encoded anew. A file
 * with content credentials (C2PA), or one that cannot be parsed, comes back untouched.
 */
export function carryMarks(master: Uint8Array, file: Uint8Array, order: MarkOrder): MarkedFile {
  const bytes = withContainer(file, (container) => write(container, master, file, order)) ?? file;
  return { bytes, marked: marksOf(bytes) !== undefined };
}

/** `undefined` for a file that is to stay as it is. */
function write(
  container: ImageContainer,
  master: Uint8Array,
  file: Uint8Array,
  order: MarkOrder,
): Uint8Array | undefined {
  if (order.kind === 'none' || container.hasCredentials(file)) return undefined;
  const inFile = container.readXmp(file);
  const parsed = inFile === undefined ? undefined : parseXmp(inFile);
  if (parsed !== undefined && refersToCredentials(parsed)) return undefined;
  const said = inFile === undefined ? carriedFrom(master, file, order) : parsed;
  if (!order.withoutPrompts) {
    return firstThatFits(container, file, inFile, packetsFor(order, said));
  }
  const clean = container.withoutTexts(file);
  const packets = packetsFor(order, said?.without(isPrompt));
  const written = firstThatFits(container, clean, undefined, packets);
  // Also a packet that nobody can read goes: there may be a prompt in it.
  return written ?? (inFile === undefined ? clean : container.withXmp(clean, undefined));
}

function firstThatFits(
  container: ImageContainer,
  file: Uint8Array,
  already: string | undefined,
  packets: Iterable<string>,
): Uint8Array | undefined {
  for (const packet of packets) {
    if (packet === already) return undefined;
    const written = container.withXmp(file, packet);
    if (written !== undefined) return written;
  }
  return undefined;
}

/** What a master says that is true of a picture made from it as well. */
function carriedFrom(
  master: Uint8Array,
  file: Uint8Array,
  order: MarkOrder,
): XmpDocument | undefined {
  if (master === file) return undefined;
  const knowsPrompt = order.kind === 'write' && order.marks.prompt !== undefined;
  return withContainer(master, (container) => {
    const packet = container.readXmp(master);
    const said = packet === undefined ? undefined : parseXmp(packet)?.without(isOfTheFile);
    const prompt = knowsPrompt ? undefined : generatorText(container, master);
    return prompt === undefined ? said : sayPrompt(said, prompt);
  });
}

/** What a generator has put beside XMP, in a way of its own. */
function generatorText(container: ImageContainer, bytes: Uint8Array): string | undefined {
  const texts = container.readTexts(bytes);
  const text = texts.find(({ keyword }) => PROMPT_TEXTS.includes(keyword))?.text;
  if (text !== undefined) return text;
  const exif = container.readExif(bytes);
  const comment = exif && exifComment(exif);
  return comment !== undefined && PARAMETERS.test(comment) ? comment : undefined;
}

/** Ever shorter ones: the first that fits into the file is written. */
function* packetsFor(
  order: Exclude<MarkOrder, { readonly kind: 'none' }>,
  said: XmpDocument | undefined,
): Generator<string> {
  const inOrder = order.kind === 'write' ? order.marks : said && marksIn(said);
  const marks = inOrder && order.withoutPrompts ? withoutPrompts(inOrder) : inOrder;
  if (order.kind === 'keep' && said !== undefined) yield said.text;
  const beside = said && withoutMarks(said);
  const overridden = order.kind === 'write' && order.overrides === true;
  const theirs = beside && overridden ? withoutSame(beside, order.marks) : beside;
  for (const kept of [theirs, theirs?.without((property) => !isEssential(property))]) {
    if (marks === undefined) {
      if (kept !== undefined) yield kept.text;
      continue;
    }
    for (const length of [Infinity, ...SHORTER_PROMPTS]) {
      const shorter = shorten(marks, length);
      yield kept === undefined ? buildPacket(shorter) : mergePacket(kept, shorter);
    }
  }
}

/** The marks that a file carries, or `undefined` if it has none of ours. */
export function marksOf(bytes: Uint8Array): ImageMarks | undefined {
  return withContainer(bytes, (container) => {
    const packet = container.readXmp(bytes);
    return packet === undefined ? undefined : readPacket(packet);
  });
}

function withoutPrompts(marks: ImageMarks): ImageMarks {
  const { prompt, negativePrompt, ...others } = marks;
  return prompt === undefined && negativePrompt === undefined ? marks : others;
}

function shorten(marks: ImageMarks, length: number): ImageMarks {
  const cut = (text: string) => (text.length > length ? `${text.slice(0, length)}…` : text);
  const { prompt, negativePrompt } = marks;
  return {
    ...marks,
    ...(prompt === undefined ? {} : { prompt: cut(prompt) }),
    ...(negativePrompt === undefined ? {} : { negativePrompt: cut(negativePrompt) }),
  };
}
