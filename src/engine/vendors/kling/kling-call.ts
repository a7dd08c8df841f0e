/**
 * One call in Kling's envelope `{code, message, data}`, and what its codes mean. The HTTP status says
 * little: 200 may be an error, and 429 may be permanent.
 */
import { z } from 'zod';
import type { Failure } from '../../core/failure.ts';
import { bareFailure, lostFailure } from '../failures.ts';
import { type WholeResponse, call, jsonOf, retryAfterOf, textOf } from '../http.ts';
import { type LaneConfig, withoutSlash } from '../lane-config.ts';
import type { CallContext } from '../vendor.ts';

/** What was asked for, or why not, with the vendor's code where it gave one. */
export type Asked<Data> =
  | { readonly data: Data; readonly failure?: undefined; readonly code?: undefined }
  | { readonly data?: undefined; readonly failure: Failure; readonly code?: number | undefined };

export interface KlingCall<Data> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Shape of the envelope's `data`. */
  readonly data: z.ZodType<Data>;
}

export type CallKling = <Data>(
  options: KlingCall<Data>,
  context: CallContext,
) => Promise<Asked<Data>>;

/** Binds the calls to an account. */
export function klingCaller(config: LaneConfig): CallKling {
  const baseUrl = withoutSlash(config.baseUrl);
  const authorization = `Bearer ${config.apiKey}`;
  return async ({ method, path, body, data }, { signal }) => {
    const answer = await call({
      fetch: config.fetch,
      method,
      url: `${baseUrl}${path}`,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
      signal,
    });
    if (answer.kind === 'lost') return { failure: lostFailure(answer) };
    const envelope = readEnvelope(answer);
    const given = envelope?.code === 0 ? data.safeParse(envelope.data) : undefined;
    if (given?.success) return { data: given.data };
    return { failure: classify(answer, envelope, config.clock.now()), code: envelope?.code };
  };
}

export const PARAMETER_INVALID = 1201;
export const RESOURCE_NOT_FOUND = 1203;

const UNREADABLE: Failure = { kind: 'unknown', words: 'The answer was cut or is not readable.' };

function readEnvelope(answer: WholeResponse): Envelope | undefined {
  const parsed = envelopeSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data : undefined;
}

function classify(answer: WholeResponse, envelope: Envelope | undefined, now: number): Failure {
  if (envelope === undefined && answer.status !== 200) {
    return bareFailure(answer.status, textOf(answer));
  }
  // Success without data that we can read may have made a task.
  if (envelope === undefined || envelope.code === 0) return UNREADABLE;
  const words = envelope.message ?? `code ${envelope.code}`;
  const wait = retryAfterOf(answer.headers, now);
  switch (envelope.code) {
    case 1000:
    case 1001:
    case 1002:
    case 1003:
    case 1004:
    case 1103:
    case 1304:
      return { kind: 'key-unusable', words };
    // Account abnormal, in arrears, pack empty: permanent, although they come as 429.
    case 1100:
    case 1101:
    case 1102:
      return { kind: 'account-exhausted', words };
    case 1200:
    case PARAMETER_INVALID:
      return { kind: 'invalid-request', words };
    case 1202:
    case RESOURCE_NOT_FOUND:
      return { kind: 'model-gone', words };
    case 1300:
    case 1301:
      return { kind: 'refused', stage: 'input', category: 'unspecified', words };
    case 1302:
      return { kind: 'rate-limited', ...wait, words };
    case 1303:
      return { kind: 'slots-full', ...wait, words };
    case 5001:
      return { kind: 'overloaded', ...wait, words };
    case 5000:
    case 5002:
      return { kind: 'unknown', words };
  }
  if (answer.status === 429) return { kind: 'rate-limited', ...wait, words };
  return { ...bareFailure(answer.status, ''), words };
}

// The wire, as far as it is read.

const envelopeSchema = z.object({
  code: z.number(),
  message: z.string().optional().catch(undefined),
  data: z.unknown().optional(),
});
type Envelope = z.infer<typeof envelopeSchema>;
