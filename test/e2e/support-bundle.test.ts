/** The support file: secrets are planted wherever they could be, and looked for in every byte of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { simulate } from '../../simulators/index.ts';
import { type Imagemill, imagemill } from '../support/imagemill.ts';
import { startServe } from '../support/serve-process.ts';

const PROMPT = 'a very private otter with a monocle';
const PLANTED = {
  adminKey: 'admin-0123456789-abcdefgh',
  dbPassword: 'hidden-db-word',
  headerToken: `t0k3n${'Xy9'.repeat(12)}`,
  signedQuery: 'X-Sig=9f8e7d6c5b4a',
  stripe: `sk_live_${'a1'.repeat(12)}`,
  awsSecret: 'wJalrXUtnFEMIexamplekey',
  inLog: `im_${'q7'.repeat(20)}`,
  inMessage: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
} as const;

async function open(file: string): Promise<Map<string, string>> {
  const open_ = promisify(fromBuffer) as (bytes: Buffer, options: object) => Promise<ZipFile>;
  const zip = await open_(await readFile(file), { lazyEntries: true });
  const parts = new Map<string, string>();
  const done = Promise.withResolvers<void>();
  zip.on('end', () => done.resolve());
  zip.on('entry', (entry: Entry) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return done.reject(error);
      void buffer(stream).then((bytes) => {
        parts.set(entry.fileName, bytes.toString());
        zip.readEntry();
      });
    });
  });
  zip.readEntry();
  await done.promise;
  return parts;
}

async function served(): Promise<{ mill: Imagemill; secrets: string[]; key: string; run: string }> {
  const simulation = await simulate({ latencyMs: 1 });
  onTestFinished(() => simulation.close());
  const mill = await imagemill({
    ...simulation.environment,
    OPENAI_ADMIN_KEY: PLANTED.adminKey,
    STRIPE_SECRET_KEY: PLANTED.stripe,
    STRIPE_WEBHOOK_SECRET: PLANTED.inMessage,
    AWS_SECRET_ACCESS_KEY: PLANTED.awsSecret,
    IMAGEMILL_PUBLIC_URL: 'https://images.example.com',
  });
  await mill.write(
    'imagemill.yaml',
    `vendors:
  openai:
    concurrency: 3
  mine:
    kind: openai-compatible
    base_url: http://127.0.0.1:1/v1
    options:
      tenant: ${PLANTED.headerToken}
      login_cookie: ${PLANTED.dbPassword}
      callback: https://example.com/done?${PLANTED.signedQuery}
`,
  );
  const server = await startServe(mill);
  const body = {
    rows: [{ prompt: PROMPT }],
    title: 'otters of the board',
    settings: { models: ['gpt-image-2'] },
    approve: true,
  };
  const created = await server.call('POST', '/v1/runs', { body });
  const { run } = (await created.json()) as { run: string };
  await expect
    .poll(
      async () =>
        ((await (await server.call('GET', `/v1/runs/${run}`)).json()) as { state: string }).state,
      { timeout: 20_000 },
    )
    .toBe('done');
  const hook = await server.call('POST', '/v1/webhooks', {
    body: { url: `https://example.com/hook?${PLANTED.signedQuery}` },
  });
  const { secret = PLANTED.inMessage } = (await hook.json()) as { secret?: string };
  server.signal('SIGTERM');
  const { stderr } = await server.ended;
  const broken = {
    level: 'error',
    msg: 'a request broke',
    prompt: PROMPT,
    key: PLANTED.inLog,
    err: {
      type: 'Error',
      message: `${PROMPT} ${PLANTED.inMessage}`,
      stack: `Error: ${PROMPT}\n    at work (file:///app/work.ts:1:2)`,
    },
  };
  await mill.write('server.log', `${stderr}${JSON.stringify(broken)}\nbare words: ${PROMPT}\n`);
  const vendorKeys = Object.entries(simulation.environment).flatMap(([name, value]) =>
    name.endsWith('_KEY') ? [value] : [],
  );
  return {
    mill,
    key: server.key,
    run,
    secrets: [server.key, secret, ...vendorKeys, ...Object.values(PLANTED)],
  };
}

test('the support file has what helps, and nothing that was planted', async () => {
  const { mill, secrets, run } = await served();
  const made = await mill.run('doctor', '--bundle', 'help.zip', '--log', 'server.log');
  expect([made.code, made.stderr]).toEqual([0, '']);
  const parts = await open(join(mill.folder, 'help.zip'));
  expect([...parts.keys()]).toEqual([
    'README.txt',
    'versions.json',
    'checks.json',
    'environment.json',
    'configuration.json',
    'store.json',
    'limits.json',
    'runs.json',
    'log.jsonl',
  ]);
  const all = [...parts.values()].join('\n');
  for (const hidden of [...secrets, PROMPT, 'otter', 'monocle']) {
    expect(all).not.toContain(hidden);
  }
  expect(JSON.parse(parts.get('runs.json')!)).toMatchObject([
    { run, state: 'done', items: { delivered: 1 } },
  ]);
  expect(JSON.parse(parts.get('configuration.json')!)).toMatchObject({
    vendors: { openai: { concurrency: 3 } },
  });
  expect(JSON.parse(parts.get('environment.json')!)).toMatchObject({
    OPENAI_API_KEY: '[set]',
    STRIPE_SECRET_KEY: '[set]',
    IMAGEMILL_PUBLIC_URL: 'https://images.example.com',
  });
  expect(parts.get('log.jsonl')).toContain('/v1/runs/:run');
  expect(parts.get('log.jsonl')).toContain('file:///app/work.ts:1:2');
  const again = await mill.run('doctor', '--bundle', 'help.zip');
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('there already')]);
});

test('with --prompts it has titles and prompts as well, and still no secret', async () => {
  const { mill, secrets } = await served();
  await mill.run('doctor', '--bundle', 'help.zip', '--prompts');
  const parts = await open(join(mill.folder, 'help.zip'));
  expect(parts.get('runs.json')).toContain('otters of the board');
  const all = [...parts.values()].join('\n');
  for (const hidden of secrets) expect(all).not.toContain(hidden);
});
