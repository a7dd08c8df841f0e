/** What a running server has for those who operate it: figures, traces, and whether it is being stopped. */
import type { Engine } from '../../engine/engine-types.ts';
import { ServerMetrics } from './metrics.ts';
import { openTracer, type RequestTracer } from './tracing.ts';

export interface Operations {
  readonly metrics: ServerMetrics;
  /** Absent: nobody wants traces. */
  readonly tracer?: RequestTracer;
  /** Aborted when the server begins to stop: it takes no new work from then on. */
  readonly stopping: AbortSignal;
}

/** `environment`: where traces are sent to is read from it. */
export async function openOperations(
  engine: Engine,
  stopping: AbortSignal,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Operations> {
  const tracer = await openTracer(environment);
  return { metrics: new ServerMetrics(engine), stopping, ...(tracer && { tracer }) };
}
