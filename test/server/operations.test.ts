/** What those who operate a server see of it, and what they must never see. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/server/operations/logging.ts';
import { liveServer } from '../support/live-server.ts';
import { logLines } from '../support/serve-process.ts';

const PROMPT = 'a very private otter with a monocle';

/** A log in memory at its most talkative. */
function talkative() {
  let text = '';
  const stream = { write: (line: string) => void (text += line) };
  return { log: createLog({ level: 'trace', stream }), text: () => text };
}

function order(prompt = PROMPT) {
  return { body: { rows: [{ prompt }], settings: { models: ['gpt-image-2'] }, approve: true } };
}

test('a whole scenario leaves no key, cookie, prompt, body, query or secret in the log', async () => {
  const { log, text } = talkative();
  const server = await liveServer({ log, settings: { allowPrivateWebhooks: true } });
  const { call, secret, engine } = server;
  const created = await call('POST', '/v1/runs', order());
  const { run } = (await created.json()) as { run: string };
  await expect
    .poll(async () => (await engine.report(run)).run.state, { timeout: 20_000 })
    .toBe('done');
  await call('GET', `/v1/runs/${run}?prompt=${encodeURIComponent(PROMPT)}&key=${secret}`);
  await call('GET', `/nowhere/${secret}`);
  await call('GET', '/v1/runs', { key: `im_${'z'.repeat(40)}` });
  await call('POST', '/v1/runs', { body: { rows: [{ prompt: PROMPT, size: PROMPT }] } });
  await call('POST', '/v1/runs', { body: { [PROMPT]: secret } });
  const session = await call('POST', '/v1/session');
  const cookie = session.headers.get('set-cookie') ?? '';
  await call('GET', '/v1/session', { key: '', headers: { cookie } });
  const hook = await call('POST', '/v1/webhooks', { body: { url: 'http://127.0.0.1:9/hook' } });
  const { secret: webhookSecret } = (await hook.json()) as { secret: string };
  await call('POST', '/openai/v1/images/generations', {
    body: { model: 'gpt-image-2', prompt: PROMPT },
  });
  await server.stop();

  expect(cookie).toContain('imagemill_session=');
  expect(webhookSecret).toMatch(/^whsec_/);
  const token = /imagemill_session=([^;]+)/.exec(cookie)![1]!;
  const vendorKeys = Object.entries(server.simulation.environment)
    .filter(([name]) => name.endsWith('_KEY'))
    .map(([, value]) => value);
  expect(vendorKeys.length).toBeGreaterThan(2);
  expect(text()).toContain('/v1/runs/:run');
  for (const hidden of [secret, token, webhookSecret, PROMPT, 'monocle', 'otter', ...vendorKeys]) {
    expect(text()).not.toContain(hidden);
  }
  expect(text()).not.toContain(`${run}?`);
  expect(text()).not.toContain('?prompt');
});

test('each request has one line: route, status, time, key, workspace and request id', async () => {
  const { log, text } = talkative();
  const { call, engine } = await liveServer({ log });
  const answer = await call('GET', '/v1/runs/r-not-there');
  await call('GET', '/wp-login.php');
  await call('GET', '/healthz', { key: '' });
  const [key] = await engine.service.keys.list('local');
  const requests = logLines(text()).filter(({ msg }) => msg === 'request');
  expect(requests).toMatchObject([
    {
      level: 'info',
      method: 'GET',
      route: '/v1/runs/:run',
      status: 404,
      ms: expect.any(Number),
      key: key!.id,
      workspace: 'local',
      request: answer.headers.get('x-request-id'),
    },
    { route: 'none', status: 404 },
    { route: '/healthz', status: 200, level: 'debug' },
  ]);
});

test('an error is told with its stack and causes, and without what a driver adds to it', () => {
  const { log, text } = talkative();
  const cause = new Error(`connect to postgres://me:hidden-word@db failed for Bearer abc.def`);
  const err = Object.assign(new Error(`no im_${'a'.repeat(40)}`, { cause }), {
    code: '23505',
    parameters: [PROMPT],
    detail: `Key (prompt)=(${PROMPT})`,
  });
  log.error({ err }, 'a request broke');
  const [line] = logLines(text());
  expect(line).toMatchObject({
    msg: 'a request broke',
    err: {
      type: 'Error',
      message: 'no [secret]',
      code: '23505',
      stack: expect.stringContaining('operations.test.ts'),
      cause: { message: 'connect to postgres://me:[secret]@db failed for Bearer [secret]' },
    },
  });
  expect(text()).not.toContain('otter');
});

test('figures for Prometheus tell requests, images, money and queues, and name nobody', async () => {
  const { call, engine, url, issueKey } = await liveServer({ vendors: { latencyMs: 20 } });
  const created = await call('POST', '/v1/runs', order());
  const { run } = (await created.json()) as { run: string };
  await expect
    .poll(async () => (await engine.report(run)).run.state, { timeout: 20_000 })
    .toBe('done');
  await fetch(`${url}/made-up/${run}`);
  const answer = await call('GET', '/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const text = await answer.text();
  for (const line of [
    'imagemill_http_request_seconds_count{method="POST",route="/v1/runs",status="201"} 1',
    'imagemill_http_request_seconds_count{method="GET",route="none",status="404"} 1',
    'imagemill_images_total{model="gpt-image-2",outcome="delivered"} 1',
    'imagemill_attempts_total{lane="gpt-image-2",end="settled"} 1',
    'imagemill_runs{state="done"} 1',
    'imagemill_ledger_credits{account="held"} 0',
    'imagemill_http_requests_open 1',
    'nodejs_eventloop_lag_seconds',
    'process_resident_memory_bytes',
  ]) {
    expect(text).toContain(line);
  }
  expect(text).toMatch(/^imagemill_ledger_credits\{account="posted"\} [1-9]/m);
  expect(text).not.toContain(run);
  expect(text).not.toContain('"local"');
  expect((await call('GET', '/metrics', { key: await issueKey({ role: 'admin' }) })).status).toBe(
    403,
  );
  expect((await call('GET', '/metrics', { key: '' })).status).toBe(401);
});

test('a second port tells the figures without a key, and nothing else', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  await liveServer({ listen: { metricsPort: port } });
  const figures = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await figures.text()).toContain('imagemill_build_info');
  expect((await fetch(`http://127.0.0.1:${port}/v1/runs`)).status).toBe(404);
});

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: { readonly key: string; readonly value: Record<string, unknown> }[];
}

interface OtlpTraces {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: OtlpSpan['attributes'] };
    readonly scopeSpans: { readonly spans: OtlpSpan[] }[];
  }[];
}

/** Takes OTLP over HTTP, as a collector does. */
async function collector() {
  const received: { path: string; headers: unknown; body: OtlpTraces }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ path: url, headers, body: JSON.parse(body) as OtlpTraces });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('traces go to a collector, as children of what the caller began', async () => {
  const { received, url } = await collector();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: url };
  const { log, text } = talkative();
  // The exporter reads the process's own variables.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = url;
  onTestFinished(() => void delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']);
  const server = await liveServer({ log, listen: { environment } });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  await server.call('GET', '/v1/runs/r-not-there', { headers: { traceparent } });
  await server.call('GET', '/v1/runs/r-not-there?token=hidden');
  await server.call('GET', '/v1/session', { headers: { traceparent: '00-nonsense' } });
  await server.stop();

  expect(received[0]!.path).toBe('/v1/traces');
  const spans = received.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const [first, second] = spans;
  expect(first).toMatchObject({
    traceId,
    parentSpanId: 'b7ad6b7169203331',
    name: 'GET /v1/runs/:run',
    kind: 2,
  });
  expect(first!.attributes).toEqual(
    expect.arrayContaining([
      { key: 'http.route', value: { stringValue: '/v1/runs/:run' } },
      { key: 'http.response.status_code', value: { intValue: 404 } },
    ]),
  );
  expect(second!.traceId).not.toBe(traceId);
  expect(received[0]!.body.resourceSpans[0]!.resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'imagemill' },
  });
  expect(JSON.stringify(received)).not.toContain('hidden');
  expect(logLines(text())).toContainEqual(
    expect.objectContaining({ trace: traceId, route: '/v1/runs/:run' }),
  );
});
