/** What a new upload says of itself in its headers. */
import { Metadata } from '@tus/server';
import type { ProblemDetail } from '../../api/problem.ts';
import { UPLOAD_PURPOSES, type UploadPurpose } from '../../engine/core/upload.ts';
import type { AppContext } from '../app-env.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { ServeSettings } from '../serve-settings.ts';

const LONGEST_NAME = 255;
const LONGEST_TYPE = 100;

export interface UploadCreation {
  readonly bytes: number;
  readonly purpose: UploadPurpose;
  readonly name: string;
  readonly mediaType: string;
}

/** Throws `ProblemError` with all that is wrong. */
export function readCreation(c: AppContext, settings: ServeSettings): UploadCreation {
  const length = c.req.header('upload-length') ?? '';
  const metadata = readMetadata(c.req.header('upload-metadata'));
  const purpose = UPLOAD_PURPOSES.find((each) => each === metadata?.['purpose']);
  const problems: ProblemDetail[] = [];
  if (!/^[1-9]\d{0,14}$/.test(length)) problems.push(NO_LENGTH);
  if (metadata === undefined) problems.push(UNREADABLE);
  else if (purpose === undefined) problems.push(NO_PURPOSE);
  if (problems.length > 0) {
    throw new ProblemError('invalid', 'The upload cannot be begun.', { problems });
  }
  const bytes = Number(length);
  const most = purpose === 'sheet' ? settings.mostResumedBytes : settings.mostUploadBytes;
  if (bytes > most) {
    throw new ProblemError('too-large', `An upload for ${purpose} has at most ${most} bytes.`);
  }
  return {
    bytes,
    purpose: purpose!,
    name: plain(metadata!['filename'] ?? '', LONGEST_NAME) || purpose!,
    mediaType: plain(metadata!['filetype'] ?? '', LONGEST_TYPE) || 'application/octet-stream',
  };
}

function readMetadata(text = ''): Record<string, string | null> | undefined {
  if (text.trim() === '') return {};
  try {
    return { ...Metadata.parse(text) };
  } catch {
    return undefined;
  }
}

/** Without what no text can hold and no screen can show; it is never a path of ours. */
function plain(text: string, most: number): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, most)
    .toWellFormed();
}

const NO_LENGTH: ProblemDetail = {
  field: 'header.Upload-Length',
  message: 'It has to be the number of bytes of the whole, and 1 at least.',
  remedy: 'Send it with the POST: uploads of a length that is not known yet are not taken.',
};
const UNREADABLE: ProblemDetail = {
  field: 'header.Upload-Metadata',
  message: 'It cannot be read.',
  remedy: 'Write names with values in base64, with commas between: `purpose c2hlZXQ=`.',
};
const NO_PURPOSE: ProblemDetail = {
  field: 'header.Upload-Metadata',
  message: 'It has no purpose that is known.',
  remedy: `Say purpose as one of ${UPLOAD_PURPOSES.join(', ')}, in base64.`,
};
