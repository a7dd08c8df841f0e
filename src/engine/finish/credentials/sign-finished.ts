import sharp from 'sharp';
import type { MarkOrder } from '../../core/finisher.ts';
import { mediaTypeOf } from '../../core/media-type.ts';
import { SOURCE_TYPE_SCHEME } from '../../core/source-type.ts';
import { UnusablePicture } from '../convert/unusable.ts';
import type { Master } from '../convert/open-master.ts';
import type { PlannedOutput } from '../convert/plan-outputs.ts';
import { hasCredentials } from '../mark/mark-image.ts';
import { type EditAction, editActions, type Edits } from './edit-actions.ts';
import { PARENT, signPicture } from './sign-picture.ts';
import type { SigningIdentity } from './signing-identity.ts';

/** A file that is finished but for its signature. */
export interface UnsignedFile {
  readonly bytes: Uint8Array;
  readonly master: Master;
  readonly marks: MarkOrder;
  /** What its pixels went through; absent: they are the master's. */
  readonly output?: Pick<PlannedOutput, 'moves' | 'encode'>;
}

/**
 * Signs a finished file with the user's own certificate, last of all. A picture that a run had made is
 * claimed as created; one that has credentials already, or comes from elsewhere, as opened, with what it
 * was kept inside. Untouched stay: a signed original, a file that nothing was done to, and one that is to
 * say nothing of itself. Throws `UnusablePicture` when it cannot be signed.
 */
export async function signFinished(
  file: UnsignedFile,
  identity: SigningIdentity,
): Promise<Uint8Array> {
  const { bytes, master, marks } = file;
  const type = mediaTypeOf(bytes);
  const isUntouched = bytes === master.bytes && !isOurs(marks);
  if (marks.kind === 'none' || type === undefined || isUntouched || hasCredentials(bytes)) {
    return bytes;
  }
  const actions = editActions(await editsOf(file), identity.generator);
  const isCreated = isOurs(marks) && !hasCredentials(master.bytes);
  const claim = isCreated
    ? { type, actions: [createdAction(marks), ...actions] }
    : {
        type,
        actions: [openedAction(), ...actions, ...markActions(file)],
        parent: { bytes: master.bytes, type: master.mediaType },
      };
  const result = await signPicture(bytes, claim, identity);
  if (result.kind === 'signed') return result.bytes;
  throw new UnusablePicture(
    `it could not be signed (${result.reason}): see to the credentials in imagemill.yaml`,
  );
}

/** A person's word on a picture from elsewhere is no knowledge of ours. */
function isOurs(marks: MarkOrder): marks is Extract<MarkOrder, { readonly kind: 'write' }> {
  return marks.kind === 'write' && marks.overrides !== true && marks.marks.runId !== undefined;
}

/** How it came to be. The prompt is no part of it. */
function createdAction({ marks }: Extract<MarkOrder, { readonly kind: 'write' }>): EditAction {
  return {
    action: 'c2pa.created',
    digitalSourceType: `${SOURCE_TYPE_SCHEME}${marks.source}`,
    ...(marks.model !== undefined && { softwareAgent: { name: marks.model } }),
  };
}

function openedAction(): EditAction {
  return { action: 'c2pa.opened', parameters: { ingredientIds: [PARENT] } };
}

function markActions({ marks }: UnsignedFile): EditAction[] {
  return marks.kind === 'write'
    ? [{ action: 'c2pa.edited.metadata', description: 'marks of origin written' }]
    : [];
}

async function editsOf({ master, output }: UnsignedFile): Promise<Edits> {
  const { width, height, mediaType } = master;
  const size = { width, height };
  if (output === undefined) return { size, moves: [], turned: false };
  return {
    size,
    moves: output.moves,
    encoded: { from: mediaType, to: output.encode.format },
    turned: await isTurned(master),
  };
}

/** EXIF's 1 is upright; what is worked on is turned first. */
async function isTurned({ bytes, mediaType }: Master): Promise<boolean> {
  if (mediaType === 'image/bmp') return false;
  const { orientation = 1 } = await sharp(bytes).metadata();
  return orientation > 1;
}
