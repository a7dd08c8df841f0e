import type { FaultName } from '../behaviour.ts';
import { replyTo, unclearStatus, waitHalf } from '../reply.ts';
import type { Call, VendorApp, VendorState } from '../simulator.ts';
import { readBatchInput, type BatchError, type BatchInput } from './batch-input.ts';
import { LINE_FAULTS } from './batch-line.ts';
import { BatchRecord, type BatchOrder } from './batch-record.ts';
import {
  errorReply,
  invalid,
  rateLimited,
  retryHeaders,
  serverErrorReply,
  type OpenaiError,
} from './errors.ts';
import { checkExpiry, type FileBook } from './files.ts';
import { readPage } from './pages.ts';
import { readObject } from './read-edit.ts';

/** Of the vendor's endpoints, those of images. */
const ENDPOINTS = ['/v1/images/generations', '/v1/images/edits'];

/** Pictures come in files, at no address; the rest befalls single lines. */
const IMPOSSIBLE: readonly FaultName[] = ['expiredUrl', ...LINE_FAULTS];

type Body = Readonly<Record<string, unknown>>;

/** `/v1/batches`: create, retrieve, list (newest first) and cancel. */
export function addBatchRoutes(app: VendorApp, state: VendorState, files: FileBook): void {
  const batches = new Map<string, BatchRecord>();

  app.post('/v1/batches', async (context) => {
    const { call } = context.env;
    call.log.operation = 'batch';
    await waitHalf(state, call);
    return createBatch(call, await readObject(context.req.raw));
  });
  app.get('/v1/batches', (context) => {
    const all = [...batches.values()].toReversed();
    const bounds = { limit: 20, most: 100 };
    return readPage(context.req.query(), all, (batch) => batch.describe(), bounds);
  });
  app.get('/v1/batches/:id', async (context) => {
    const { call } = context.env;
    call.log.operation = 'poll';
    await waitHalf(state, call);
    if (call.random.next() < (state.behaviour.pollError ?? 0)) return serverErrorReply(503);
    return withBatch(context.req.param('id'), (batch) => Response.json(batch.describe()));
  });
  app.post('/v1/batches/:id/cancel', (context) =>
    withBatch(context.req.param('id'), (batch) => {
      if (batch.course.cancel()) return Response.json(batch.describe());
      const message = `Cannot cancel a batch with status '${batch.course.status}'.`;
      return errorReply({ status: 409, type: 'invalid_request_error', message });
    }),
  );

  function withBatch(id: string, answer: (batch: BatchRecord) => Response): Response {
    const batch = batches.get(id);
    if (batch) return answer(batch);
    const message = `No batch found with id '${id}'.`;
    return errorReply({ status: 404, type: 'invalid_request_error', message });
  }

  async function createBatch(call: Call, body: Body): Promise<Response> {
    const problem = checkBody(body, files);
    if (problem) return errorReply(problem);
    const refused = refuse(call);
    if (refused) return refused;
    const status = unclearStatus(call.log.fault);
    const isTaken =
      status === undefined || call.random.next() < (state.behaviour.billedShare ?? 0.5);
    const batch = new BatchRecord(state, files, orderOf(call, body));
    if (isTaken) {
      batches.set(batch.id, batch);
      batch.course.start();
    }
    if (status !== undefined) return serverErrorReply(status);
    const response = Response.json(batch.describe());
    await waitHalf(state, call);
    return replyTo(state, call, response);
  }

  /** A no for which no batch is made. */
  function refuse(call: Call): Response | undefined {
    const fault = state.drawFault(call, IMPOSSIBLE);
    if (fault === 'status503') return serverErrorReply(503);
    if (fault !== 'status429' && fault !== 'status429bare') return undefined;
    const refusal = { limit: 'requests', max: 1, used: 1, asked: 1, retryAfterMs: 1000 } as const;
    const headers = fault === 'status429' ? retryHeaders(1000) : {};
    return errorReply(rateLimited('batches', refusal), headers);
  }

  function orderOf(call: Call, body: Body): BatchOrder {
    const endpoint = String(body['endpoint']);
    const inputFileId = String(body['input_file_id']);
    const content = files.find(inputFileId)?.content(call);
    const input = readBatchInput(
      content instanceof Uint8Array ? content : new Uint8Array(),
      endpoint,
    );
    const kept = Object(body['output_expires_after']) as { seconds?: number };
    call.log.model = String(input.lines[0]?.body['model']);
    call.log.images = input.lines.length;
    return {
      id: `batch_simulated${call.log.number}`,
      inputFileId,
      endpoint,
      completionWindow: String(body['completion_window']),
      metadata: (body['metadata'] ?? null) as BatchOrder['metadata'],
      lines: input.lines,
      errors: [...input.errors, ...accountErrors(input)],
      isDelivered: call.log.fault === undefined,
      ...(kept.seconds === undefined ? {} : { resultsKeptMs: kept.seconds * 1000 }),
    };
  }

  /** What stops a batch while it is validated, although its file is right. */
  function accountErrors({ lines }: BatchInput): readonly BatchError[] {
    if (state.isExhausted) {
      const message = 'Billing hard limit has been reached.';
      return [{ code: 'billing_hard_limit_reached', message, param: null, line: null }];
    }
    const { mostQueued = Infinity } = state.behaviour.batch ?? {};
    const queued = [...batches.values()].reduce((sum, batch) => sum + batch.queued, 0);
    if (queued + lines.length <= mostQueued) return [];
    const message =
      `Enqueued token limit reached. Limit: ${mostQueued} enqueued requests. Please try again once ` +
      'some in_progress batches have been completed.';
    return [{ code: 'token_limit_exceeded', message, param: null, line: null }];
  }
}

/** The first problem of a batch's parameters; its file is looked at only when it is validated. */
function checkBody(body: Body, files: FileBook): OpenaiError | undefined {
  const { input_file_id: fileId, endpoint, completion_window: window, output_expires_after } = body;
  if (typeof fileId !== 'string') return missing('input_file_id');
  if (typeof endpoint !== 'string') return missing('endpoint');
  if (!ENDPOINTS.includes(endpoint)) {
    return invalid('endpoint', 'invalid_value', `Invalid value: '${endpoint}'.`);
  }
  if (window !== '24h') {
    return invalid('completion_window', 'invalid_value', "Supported is '24h' only.");
  }
  const file = files.find(fileId);
  if (file?.purpose !== 'batch') {
    const message = `Invalid 'input_file_id': there is no file '${fileId}' with the purpose 'batch'.`;
    return invalid('input_file_id', 'invalid_value', message);
  }
  return checkMetadata(body['metadata']) ?? checkKept(output_expires_after);
}

function missing(param: string): OpenaiError {
  return invalid(param, 'missing_required_parameter', `Missing required parameter: '${param}'.`);
}

/** At most 16 pairs; names to 64 characters, values to 512. */
function checkMetadata(metadata: unknown): OpenaiError | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  const pairs = Object.entries(Object(metadata));
  const isRight = pairs.every(
    ([name, value]) => name.length <= 64 && typeof value === 'string' && value.length <= 512,
  );
  if (pairs.length <= 16 && isRight) return undefined;
  const message = "Invalid 'metadata': at most 16 names of 64 characters with texts of 512.";
  return invalid('metadata', 'invalid_value', message);
}

function checkKept(policy: unknown): OpenaiError | undefined {
  if (policy === undefined || policy === null) return undefined;
  const { anchor, seconds } = Object(policy) as { anchor?: unknown; seconds?: unknown };
  return checkExpiry(anchor, seconds, 'output_expires_after');
}
