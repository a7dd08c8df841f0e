/** Batches of requests in a file: made, looked at, stopped. */
import {
  cancelBatchRoute,
  createBatchRoute,
  getBatchRoute,
  listBatchesRoute,
} from '../../api/routes/openai-files.ts';
import type { OpenaiBatch } from '../../engine/index.ts';
import type { App, AppContext, ServerDeps } from '../app-env.ts';
import { handleRoute } from '../handle-route.ts';
import { invalid, notThere, OpenaiError } from './openai-error.ts';
import { openaiList } from './openai-list.ts';

const HOUR_MS = 3_600_000;

export function batchRoutes(app: App, deps: ServerDeps): void {
  const { files, batches } = deps.engine.service;

  const own = async (c: AppContext, id: string): Promise<OpenaiBatch> => {
    const batch = await batches.find(c.var.caller.workspace, id);
    if (batch === undefined) throw notThere(`batch ${id}`, 'batch');
    return batch;
  };
  const shown = async (batch: OpenaiBatch) => batchJson(batch, await countsOf(batch));
  const countsOf = async (batch: OpenaiBatch) => batch.counts ?? (await batches.counts(batch));

  handleRoute(app, createBatchRoute, async (c) => {
    const body = c.req.valid('json');
    const { workspace, key } = c.var.caller;
    const id = `batch_${c.var.resource}`;
    const known = c.var.isRepeat ? await batches.find(workspace, id) : undefined;
    if (known !== undefined) return c.json(await shown(known), 200);
    const file = await files.find(workspace, body.input_file_id);
    if (file === undefined) throw notThere(`file ${body.input_file_id}`, 'input_file_id');
    if (file.purpose !== 'batch') {
      const message = `The file has the purpose '${file.purpose}': upload it with 'batch'.`;
      throw invalid('input_file_id', 'invalid_purpose', message);
    }
    const { metadata, output_expires_after: output } = body;
    const batch = await batches.create({
      id,
      workspace,
      keyId: key.id,
      runId: `r${c.var.resource}`,
      inputFile: file.id,
      endpoint: body.endpoint,
      completionWindow: body.completion_window,
      windowMs: windowMs(body.completion_window),
      ...(metadata && { metadata }),
      ...(output && { outputSeconds: output.seconds }),
    });
    deps.batches?.wake();
    return c.json(await shown(batch), 200);
  });

  handleRoute(app, listBatchesRoute, async (c) => {
    const { after, limit } = c.req.valid('query');
    const page = { most: limit + 1, ...(after !== undefined && { after }) };
    const found = await batches.list(c.var.caller.workspace, page);
    return c.json(openaiList(await Promise.all(found.map(shown)), limit), 200);
  });

  handleRoute(app, getBatchRoute, async (c) =>
    c.json(await shown(await own(c, c.req.valid('param').batch)), 200),
  );

  handleRoute(app, cancelBatchRoute, async (c) => {
    const { id } = await own(c, c.req.valid('param').batch);
    const from = ['validating', 'in_progress', 'cancelling'] as const;
    if (!(await batches.change(id, from, { state: 'cancelling' }))) {
      const { state } = await own(c, id);
      throw new OpenaiError({
        status: 409,
        type: 'invalid_request_error',
        code: 'conflict',
        message: `The batch is ${state}: it cannot be cancelled any more.`,
        mayRepeat: false,
      });
    }
    deps.batches?.wake(id);
    return c.json(await shown(await own(c, id)), 200);
  });
}

/** `24h`, `2d`. */
function windowMs(text: string): number {
  const hours = Number.parseInt(text, 10) * (text.endsWith('d') ? 24 : 1);
  return hours * HOUR_MS;
}

function batchJson(batch: OpenaiBatch, counts: NonNullable<OpenaiBatch['counts']>) {
  const { state, problems, endedAt } = batch;
  const endedAs = (wanted: OpenaiBatch['state']) => seconds(state === wanted ? endedAt : undefined);
  return {
    id: batch.id,
    object: 'batch' as const,
    endpoint: batch.endpoint,
    errors: problems.length === 0 ? null : { object: 'list' as const, data: [...problems] },
    input_file_id: batch.inputFile,
    completion_window: batch.completionWindow,
    status: state,
    output_file_id: batch.outputFile ?? null,
    error_file_id: batch.errorFile ?? null,
    created_at: Math.floor(batch.createdAt / 1000),
    in_progress_at: seconds(batch.startedAt),
    expires_at: seconds(batch.expiresAt),
    finalizing_at: seconds(batch.finalizingAt),
    completed_at: endedAs('completed'),
    failed_at: endedAs('failed'),
    expired_at: endedAs('expired'),
    cancelling_at: seconds(batch.cancelledAt),
    cancelled_at: endedAs('cancelled'),
    request_counts: { ...counts },
    metadata: batch.metadata === undefined ? null : { ...batch.metadata },
    run: batch.runId,
  };
}

function seconds(at: number | undefined): number | null {
  return at === undefined ? null : Math.floor(at / 1000);
}
