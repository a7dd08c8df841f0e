/** What every error of the API looks like: RFC 9457, https://www.rfc-editor.org/rfc/rfc9457 */
import { z } from './zod.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Every `code` there is, with the status that it comes with. */
export const PROBLEM_STATUS = {
  'malformed-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  invalid: 422,
  'idempotency-mismatch': 422,
  'too-many-requests': 429,
  // Of the tus protocol, which takes a number of its own for it.
  'checksum-mismatch': 460,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;

export const problemDetailSchema = z
  .object({
    field: z.string().optional().openapi({
      description:
        'Where in the request: `body.rows[3].size`, `query.limit`, `header.Idempotency-Key`.',
    }),
    file: z.string().optional(),
    line: z.int().optional().openapi({ description: 'Line of the sheet, counted from 1.' }),
    column: z.string().optional().openapi({ description: 'Heading of the sheet.' }),
    value: z.string().optional().openapi({ description: 'What was found there, shortened.' }),
    message: z.string(),
    remedy: z.string(),
  })
  .openapi('ProblemDetail');
export type ProblemDetail = z.infer<typeof problemDetailSchema>;

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: '/problems/invalid' }),
    code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    problems: z.array(problemDetailSchema).openapi({ description: 'All of them at once.' }),
    request_id: z.string(),
  })
  .openapi('Problem');
export type Problem = z.infer<typeof problemSchema>;
