/**
 * Traces for OpenTelemetry, where an address to send them to is set. The SDK is loaded then and only then.
 * All other variables (headers, time-outs, certificates) are read by the exporter itself:
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { VERSION } from '../../engine/version.ts';
import type { AnsweredRequest } from './observe-requests.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The last spans are waited for at most so long when the server stops. */
const LAST_SPANS_MS = 5_000;

export interface RequestSpan {
  readonly traceId: string;
  end(
    answered: AnsweredRequest,
    more: { readonly requestId: string; readonly workspace?: string },
  ): void;
}

export interface RequestTracer extends AsyncDisposable {
  /** `headers` in lower case: a `traceparent` among them is taken over. */
  begin(method: string, headers: Readonly<Record<string, string>>): RequestSpan;
}

/** `undefined`: no address is set, or tracing is switched off. */
export async function openTracer(environment: Environment): Promise<RequestTracer | undefined> {
  if (!isWanted(environment)) return undefined;
  const {
    context,
    createTraceState,
    isSpanContextValid,
    ROOT_CONTEXT,
    SpanKind,
    SpanStatusCode,
    trace,
  } = await import('@opentelemetry/api');
  const { detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const named = resourceFromAttributes({
    'service.name': 'imagemill',
    'service.version': VERSION,
  });
  const provider = new TracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const tracer = provider.getTracer('imagemill', VERSION);

  const parentOf = (headers: Readonly<Record<string, string>>): Context => {
    const parent = readTraceparent(headers['traceparent']);
    if (parent === undefined || !isSpanContextValid(parent)) return ROOT_CONTEXT;
    const state = headers['tracestate'];
    return trace.setSpanContext(ROOT_CONTEXT, {
      ...parent,
      isRemote: true,
      ...(state !== undefined && { traceState: createTraceState(state) }),
    });
  };
  const end = (span: Span, { method, route, status }: AnsweredRequest, more: Attributes) => {
    span.updateName(`${method} ${route}`);
    span.setAttributes({ 'http.route': route, 'http.response.status_code': status, ...more });
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return {
    begin: (method, headers) => {
      const attributes = { 'http.request.method': method };
      const span = context.with(ROOT_CONTEXT, () =>
        tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parentOf(headers)),
      );
      return {
        traceId: span.spanContext().traceId,
        end: (answered, { requestId, workspace }) =>
          end(span, answered, {
            'imagemill.request_id': requestId,
            ...(workspace !== undefined && { 'imagemill.workspace': workspace }),
          }),
      };
    },
    [Symbol.asyncDispose]: async () => {
      const late = AbortSignal.timeout(LAST_SPANS_MS);
      const given = new Promise<void>((resolve) => {
        late.addEventListener('abort', () => resolve());
      });
      // A collector that is away keeps nobody from stopping.
      await Promise.race([provider.shutdown().catch(() => undefined), given]);
    },
  };
}

function isWanted(environment: Environment): boolean {
  const set = (name: string) => environment[name]?.trim() || undefined;
  if (set('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false;
  if (set('OTEL_TRACES_EXPORTER')?.toLowerCase() === 'none') return false;
  return (
    (set('OTEL_EXPORTER_OTLP_ENDPOINT') ?? set('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')) !== undefined
  );
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function readTraceparent(header: string | undefined) {
  const [, traceId, spanId, flags] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(header ?? '') ??
    [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags!, 16) };
}
