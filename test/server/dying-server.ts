/**
 * `node dying-server.ts ORDER`: a server that is killed while it works on its first `POST /v1/runs`. ORDER is
 * a `DyingOrder` as JSON. Prints its address and its first key as JSON, when there is one.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { createEngine } from '../../src/engine/engine.ts';
import type { Engine, WorkspaceEngine } from '../../src/engine/engine-types.ts';
import { DEFAULT_SERVE_SETTINGS, serve } from '../../src/server/index.ts';

export interface DyingOrder {
  readonly home: string;
  readonly databaseUrl?: string;
  /** Before anything is written, while the sheet is read in, or when the run is there and not yet answered. */
  readonly dies: 'before' | 'reading' | 'made';
}

const order = JSON.parse(process.argv[2]!) as DyingOrder;
const engine = await createEngine({
  home: order.home,
  ...(order.databaseUrl && { databaseUrl: order.databaseUrl }),
  config: { vendors: {} },
});
const die = () => process.kill(process.pid, 'SIGKILL');

async function dieWhenRead(runId: string): Promise<void> {
  while ((await engine.run(runId))?.reading !== true) await nextTurn();
  die();
}

function dyingWorkspace(workspace: WorkspaceEngine): WorkspaceEngine {
  const prepare: WorkspaceEngine['prepare'] = async (runOrder) => {
    if (order.dies === 'before') die();
    if (order.dies === 'reading') void dieWhenRead(runOrder.id!);
    const prepared = await workspace.prepare(runOrder);
    die();
    return prepared;
  };
  return new Proxy(workspace, {
    get: (target, name) => (name === 'prepare' ? prepare : bound(target, name)),
  });
}

const dying = new Proxy(engine, {
  get: (target, name) =>
    name === 'inWorkspace'
      ? (id: string) => dyingWorkspace(target.inWorkspace(id))
      : bound(target, name),
}) as Engine;

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}

const issued = await engine.service.workspaces.ensureLocal();
const server = await serve(
  {
    engine: dying,
    settings: DEFAULT_SERVE_SETTINGS,
    log: pino({ level: 'silent' }),
    now: Date.now,
  },
  { port: 0 },
);
process.stdout.write(`${JSON.stringify({ url: server.url, secret: issued?.secret ?? '' })}\n`);
