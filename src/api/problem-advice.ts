/** What each problem's code means, and what to do about it: told in answers, in the document and on its page. */
import type { ProblemCode } from './problem.ts';

export interface ProblemAdvice {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
}

export const PROBLEM_ADVICE: Readonly<Record<ProblemCode, ProblemAdvice>> = {
  'malformed-request': {
    title: 'The request cannot be read',
    meaning: 'The body is not what its content type says: broken JSON, or a form that was cut off.',
    remedy: 'Correct the body and send it again. Nothing was done.',
  },
  unauthenticated: {
    title: 'A key is needed',
    meaning: 'No key was sent, or it is none, was revoked, or has expired.',
    remedy:
      'Send `Authorization: Bearer im_…`. An admin of the workspace makes keys with `POST /v1/keys`; the first key is printed once when the server starts for the first time.',
  },
  forbidden: {
    title: 'This key may not do that',
    meaning:
      'The key is good, but its role or scopes do not cover this, or its workspace is suspended.',
    remedy: 'Use a key with the scope that the message names.',
  },
  'not-found': {
    title: 'There is no such thing',
    meaning:
      'Nothing has this address, or it belongs to another workspace: the answer does not tell which.',
    remedy: 'Check the address and the workspace of the key.',
  },
  'method-not-allowed': {
    title: 'This cannot be done here',
    meaning: 'The address is there, but not with this method.',
    remedy: 'Use one of the methods in the header `Allow`.',
  },
  'not-acceptable': {
    title: 'Not in this form',
    meaning: 'The answer cannot be given in the form that `Accept` asks for.',
    remedy: 'Ask for one of the forms that the message names.',
  },
  conflict: {
    title: 'Not in this state',
    meaning:
      'The thing is there, but its state does not allow this now; or a request with the same `Idempotency-Key` is still being worked on.',
    remedy:
      'Look at its state and try again when it has changed; with `Retry-After`, after so many seconds.',
  },
  gone: {
    title: 'It is not kept any more',
    meaning: 'It was here, and was removed or has expired.',
    remedy: 'Make it again.',
  },
  'precondition-failed': {
    title: 'Not in this version',
    meaning: 'The request does not say which version of a protocol it speaks, or says another.',
    remedy: 'Send the header that the message names, with one of the versions that it names.',
  },
  'too-large': {
    title: 'Too large',
    meaning: 'The body, a file or a count in it is above what this server takes.',
    remedy: 'Send less at once, in several requests.',
  },
  'unsupported-media-type': {
    title: 'Not in this form',
    meaning: 'The body has a content type that cannot be read here.',
    remedy: 'Send one of the content types that the message names, and say so in `Content-Type`.',
  },
  'range-not-satisfiable': {
    title: 'There is no such range',
    meaning: 'The header `Range` asks for bytes that the file does not have.',
    remedy: 'Ask again without it; `Content-Range` tells how many bytes there are.',
  },
  invalid: {
    title: 'Something in the request is wrong',
    meaning: 'The request can be read, but values in it cannot be used. Nothing was done or spent.',
    remedy: '`problems` lists all of them, each with its field, the value found and what to do.',
  },
  'idempotency-mismatch': {
    title: 'This key belongs to another request',
    meaning:
      'The `Idempotency-Key` was sent in the last 24 hours with another method, path or body.',
    remedy: 'Take a new key for a new request; send the same request to repeat one.',
  },
  'too-many-requests': {
    title: 'Too many requests',
    meaning: 'The key made more requests than it may in this time. No work was begun.',
    remedy: 'Wait for as many seconds as `Retry-After` says.',
  },
  'checksum-mismatch': {
    title: 'The bytes are not what was sent',
    meaning: 'The checksum of a piece is another than its header says. Nothing of it was kept.',
    remedy: 'Send the same piece again.',
  },
  internal: {
    title: 'Something broke',
    meaning: 'A defect of the server. What was in flight is safe: it is looked up, not repeated.',
    remedy:
      'Send the request again with the same `Idempotency-Key`. If it stays, report the `request_id`: the log has the cause under it.',
  },
  unavailable: {
    title: 'Not now',
    meaning: 'The server is starting, stopping, or its store does not answer.',
    remedy: 'Try again in a moment, with the same `Idempotency-Key`.',
  },
};
