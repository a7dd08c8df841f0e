/** Uploads that resume: tus 1.0, https://tus.io/protocols/resumable-upload, as any of its clients speaks it. */
import { defineRoute, json } from '../define-route.ts';
import { uploadSchema } from '../schemas/uploads.ts';
import { z } from '../zod.ts';

/** What a piece says it is. */
export const OFFSET_OCTETS = 'application/offset+octet-stream';

const uploadParam = z.object({ upload: z.string().min(1).max(64) });

const header = (description: string, example: string) =>
  z.string().max(10_000).optional().openapi({ description, example });
const tusResumable = header('`1.0.0`: the version of the protocol. Needed.', '1.0.0');

const offsetHeader = {
  description: 'Bytes of the upload that are here.',
  schema: { type: 'integer' as const, minimum: 0 },
};
const expiresHeader = {
  description: 'When it is removed unless it goes on: a date of HTTP.',
  schema: { type: 'string' as const },
};

export const createUploadRoute = defineRoute(
  'runs:write',
  ['invalid', 'conflict', 'too-large', 'precondition-failed'],
  {
    method: 'post',
    path: '/v1/uploads',
    tags: ['uploads'],
    operationId: 'createUpload',
    summary: 'Begin an upload that can be resumed',
    description:
      'Says how long it is and what it is; its bytes come by PATCH to the address in `Location`, in pieces of any size. The protocol is tus 1.0 (https://tus.io) with creation, termination, expiration and checksum, so any of its clients will do. When it is whole, name it where a form would have had the file.',
    request: {
      headers: z.object({
        'tus-resumable': tusResumable,
        'upload-length': header('Bytes of the whole. Needed.', '52428800'),
        'upload-metadata': header(
          'As tus has it: names with values in base64. `purpose` is needed: `sheet` or `pictures`; `filename` and `filetype` say what it is.',
          'purpose c2hlZXQ=,filename cHJvbXB0cy5jc3Y=',
        ),
      }),
    },
    responses: {
      201: {
        ...json(uploadSchema, 'The upload; it waits for its bytes.'),
        headers: {
          Location: {
            description: 'Where its pieces go.',
            schema: { type: 'string' as const },
          },
          'Upload-Expires': expiresHeader,
        },
      },
    },
  },
);

export const getUploadRoute = defineRoute(
  'runs:read',
  ['not-found', 'gone', 'precondition-failed'],
  {
    method: 'get',
    path: '/v1/uploads/{upload}',
    tags: ['uploads'],
    operationId: 'getUpload',
    summary: 'How far an upload has come',
    description:
      'As HEAD, with `Tus-Resumable`, it is what tus clients ask before they go on: `Upload-Offset` tells the place of the next byte.',
    request: { params: uploadParam },
    responses: { 200: json(uploadSchema, 'The upload.') },
  },
);

export const continueUploadRoute = defineRoute(
  'runs:write',
  [
    'malformed-request',
    'invalid',
    'not-found',
    'conflict',
    'gone',
    'too-large',
    'precondition-failed',
    'checksum-mismatch',
    'unsupported-media-type',
  ],
  {
    method: 'patch',
    path: '/v1/uploads/{upload}',
    tags: ['uploads'],
    operationId: 'continueUpload',
    summary: 'Send the next piece',
    description:
      'At the very place where the upload ends until now: another one is a `conflict`, and changes nothing. What has come when a connection breaks is kept, unless the piece has a checksum: then it is taken whole or not at all.',
    request: {
      params: uploadParam,
      headers: z.object({
        'tus-resumable': tusResumable,
        'upload-offset': header('Where the piece begins. Needed.', '0'),
        'upload-checksum': header(
          'Of this piece: `sha256`, `sha1` or `md5`, a space, and the digest in base64.',
          'sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
        ),
      }),
      body: {
        description: 'The bytes.',
        required: true,
        content: {
          [OFFSET_OCTETS]: { schema: { type: 'string' as const, format: 'binary' as const } },
        },
      },
    },
    responses: {
      204: {
        description: 'It is here for good.',
        headers: { 'Upload-Offset': offsetHeader, 'Upload-Expires': expiresHeader },
      },
    },
  },
);

export const removeUploadRoute = defineRoute(
  'runs:write',
  ['not-found', 'gone', 'precondition-failed'],
  {
    method: 'delete',
    path: '/v1/uploads/{upload}',
    tags: ['uploads'],
    operationId: 'removeUpload',
    summary: 'Give an upload up',
    request: { params: uploadParam, headers: z.object({ 'tus-resumable': tusResumable }) },
    responses: { 204: { description: 'It is forgotten, and its bytes are gone.' } },
  },
);
