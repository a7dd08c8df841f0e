/** `imagemill mcp`: lets an assistant plan, make, watch and fetch images, over stdin and stdout. */
import { Console } from 'node:console';
import { ApiError, createClient, type Client } from '../../api/client/index.ts';
import { toMicros } from '../../engine/core/credits.ts';
import { UsageError } from '../../engine/core/errors.ts';
import { LARGEST_AMOUNT } from '../../engine/core/setting-bounds.ts';
import { WORKER_KINDS } from '../../engine/core/worker.ts';
import { LOCAL_WORKSPACE } from '../../engine/core/workspace.ts';
import { EXIT_CODES } from '../../engine/exit-code.ts';
import { withoutKeys } from '../environment.ts';
import { catchInterrupts } from '../interrupts.ts';
import { type CommonOptions, openSession } from '../session.ts';

export interface McpOptions extends CommonOptions {
  readonly budget?: string;
  readonly maxUsd?: string;
  readonly server?: string;
}

const KEY_NAME = 'assistant';
/** What is at vendors when the assistant goes is waited for so long. */
const GRACE_MS = 30_000;

export async function mcpCommand(options: McpOptions): Promise<number> {
  const budget = amountOf('--budget', options.budget);
  const maxUsd = amountOf('--max-usd', options.maxUsd);
  // Whatever prints something must not write into the protocol.
  globalThis.console = new Console(process.stderr);
  using interrupts = catchInterrupts(() => undefined);
  const serve = async (client: Client) => {
    const { DollarBound, serveStdio } = await import('../../mcp/index.ts');
    const dollars = maxUsd === undefined ? undefined : new DollarBound(maxUsd, client);
    const deps = { client, ownRuns: new Set<string>(), ...(dollars && { dollars }) };
    await serveStdio(deps, interrupts.drain);
  };
  await (options.server === undefined
    ? serveHere(options, budget, serve)
    : serveFrom(options.server, budget, serve));
  return EXIT_CODES.delivered;
}

/** With an engine of this process. */
async function serveHere(
  options: McpOptions,
  budget: number | undefined,
  serve: (client: Client) => Promise<void>,
): Promise<void> {
  const { createLog, DEFAULT_SERVE_SETTINGS, embed } = await import('../../server/index.ts');
  await using session = await openSession(options, { worker: { kinds: WORKER_KINDS } });
  const { engine, environment } = session;
  const log = createLog({ level: 'warn', scrub: (text) => withoutKeys(text, environment) });
  const { keys, workspaces } = engine.service;
  await workspaces.ensureLocalAlone();
  await using server = embed({ engine, settings: DEFAULT_SERVE_SETTINGS, log, now: Date.now });
  const { key, secret } = await keys.issue({
    workspace: LOCAL_WORKSPACE,
    name: KEY_NAME,
    role: 'member',
    ...(budget !== undefined && { budgetCreditMicros: toMicros(budget) }),
  });
  try {
    await serve(createClient({ baseUrl: 'http://imagemill', apiKey: secret, fetch: server.fetch }));
  } finally {
    await keys.revoke(key.id);
    await server.stop(GRACE_MS);
  }
}

/** With a service somewhere, and the user's key for it; a budget takes a key of its own. */
async function serveFrom(
  address: string,
  budget: number | undefined,
  serve: (client: Client) => Promise<void>,
): Promise<void> {
  const baseUrl = addressOf(address);
  const apiKey = process.env['IMAGEMILL_API_KEY']?.trim();
  if (!apiKey) {
    throw new UsageError('--server needs a key: set IMAGEMILL_API_KEY in the environment.');
  }
  const client = createClient({ baseUrl, apiKey });
  if (budget === undefined) return serve(client);
  const issued = await client.keys
    .create({ name: KEY_NAME, role: 'member', budget })
    .catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      const isForbidden = cause instanceof ApiError && cause.code === 'forbidden';
      const advice = isForbidden
        ? ' Use a key that may keep keys (role admin), or one that has a budget already, without --budget.'
        : '';
      throw new UsageError(
        `--budget takes a key of its own, which cannot be made at ${baseUrl}: ${why}${advice}`,
        { cause },
      );
    });
  try {
    await serve(createClient({ baseUrl, apiKey: issued.secret }));
  } finally {
    await client.keys.revoke(issued.key);
  }
}

function addressOf(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw new UsageError(
    `--server must be an address like https://images.example.com: it is "${text}".`,
  );
}

function amountOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = /^\$?\d+(?:\.\d+)?$/.test(text) ? Number(text.replace('$', '')) : Number.NaN;
  if (amount <= LARGEST_AMOUNT) return amount;
  throw new UsageError(`${option} must be a number like 250 or 12.50: it is "${text}".`);
}
