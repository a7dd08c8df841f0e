/**
 * Walks every route there is: without a key, as another workspace, and as somebody who may only look. New
 * routes are walked by themselves; what the walk cannot know about one, it asks for by name.
 */
import { expect, test } from 'vitest';
import { pino } from 'pino';
import { SCOPES_OF } from '../../src/engine/core/workspace.ts';
import { createApp, DEFAULT_SERVE_SETTINGS } from '../../src/server/index.ts';
import {
  callOperation,
  type Operation,
  operationsOf,
  pathOf,
  titleOf,
} from '../support/api-operations.ts';
import { callServer, liveServer } from '../support/live-server.ts';
import { STUDIO_PAGES } from '../../src/server/routes/studio.ts';
import { OwnedThings, SHARED } from '../support/owned-things.ts';

/** What is open to everybody, each with its reason. */
const OPEN: Readonly<Record<string, string>> = {
  'GET /healthz': 'whether the process lives',
  'GET /readyz': 'whether it takes work',
  'GET /openapi.json': 'the contract',
  'GET /': 'the studio: one page, which knows nothing without a session',
  ...Object.fromEntries(
    STUDIO_PAGES.flatMap((page) => [
      [`GET /${page}`, 'the same page'],
      [`GET /${page}/*`, 'the same page'],
    ]),
  ),
  'GET /assets/:file': 'what it is made of',
  'GET /imagemill.svg': 'its picture',
  'GET /docs': 'the contract, readable',
  'GET /docs/': 'leads there as well',
  'GET /docs/:file': 'what its page is made of',
  'GET /problems': 'what problems mean',
  'GET /problems/:code': 'what a problem means',
  'POST /stripe/webhook': 'Stripe signs what it sends',
  'POST /v1/invitations/accept': 'the invitation itself is the secret, is taken once, and ends',
  'GET /openai/images/:link': 'the link itself is the secret, and ends',
};

/** For whoever has a link, each with what it opens; `test/server/shares.test.ts` proves that it opens nothing else. */
const BY_LINK: Readonly<Record<string, string>> = {
  'POST /v1/shared/:share/open': 'its secret, once',
  'GET /v1/shared/:share': 'what the page is about',
  'GET /v1/shared/:share/items': 'its images',
  'GET /v1/shared/:share/items/:item/image': 'one of them',
  'GET /v1/shared/:share/items/:item/thumbnail': 'one of them, small',
  'PUT /v1/shared/:share/items/:item/mark': 'what the visitor says of it',
};

/** Routes for keys that the OpenAPI document does not tell of, each with why it need not be walked. */
const HIDDEN: Readonly<Record<string, string>> = {
  'POST /mcp': 'its tools call routes that are walked, with the key that was shown',
};

/** POST routes that change nothing, so that who may look may call them. */
const LOOKING_POSTS: Readonly<Record<string, string>> = {
  'POST /v1/plans': 'a plan spends nothing and is not kept',
  'POST /v1/inspections': 'tells of a picture what stands in it, and keeps nothing',
  'POST /v1/runs/{run}/exports': 'packs what may be read anyway',
};

/** Fields of bodies that name what a workspace owns, and how such a thing is made. */
const NAMING: Readonly<Record<string, string>> = {
  run: 'run',
  job: 'job',
  key: 'key',
  upload: 'upload',
  input_file_id: '/openai/v1/files {file}',
};

/** Bodies of routes that take more than the document says. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  changeRun: { title: 'walked' },
  createJob: { kind: 'convert', format: 'webp' },
  reviewMany: { filter: {}, verdict: 'keep' },
  planFollowUp: { review: 'undecided' },
  createFollowUp: { review: 'undecided' },
  createOpenaiBatch: { endpoint: '/v1/images/generations', completion_window: '24h' },
};

/** Parameters that are no ids: another workspace has files of the same name. */
const FILE_NAMES: readonly string[] = ['folder', 'file'];

const WALK_MS = 120_000;

test('without a key, every route but the open ones answers 401', { timeout: WALK_MS }, async () => {
  const server = await liveServer();
  const app = createApp({
    engine: server.engine,
    settings: DEFAULT_SERVE_SETTINGS,
    log: pino({ level: 'silent' }),
    now: Date.now,
  });
  // Middleware stands there as well, for every method.
  const mounted = app.routes.filter(({ method }) => method !== 'ALL');
  const routes = new Set(mounted.map(({ method, path }) => `${method} ${path}`));
  const open: string[] = [];
  for (const route of routes) {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await callServer(server.url, '', method, path.replaceAll(/:\w+/g, 'any'));
    await answer.body?.cancel();
    if (answer.status !== 401) open.push(route);
  }
  expect(open.toSorted()).toEqual(Object.keys(OPEN).toSorted());
  const operations = await operationsOf(server.url);
  const told = operations.filter(({ access }) => access === 'public').map(mountedTitle);
  expect(told.filter((each) => !(each in OPEN) && !(each in BY_LINK))).toEqual([]);
  // What the document does not tell of is not walked below.
  const walked = new Set(operations.map(mountedTitle));
  const hidden = [...routes].filter((each) => !walked.has(each) && !(each in OPEN));
  expect(hidden.filter((each) => !(each in HIDDEN))).toEqual([]);
});

/** As the application knows it: `GET /v1/runs/:run`. */
function mountedTitle(operation: Operation): string {
  return titleOf(operation).replaceAll(/\{(\w+)\}/g, ':$1');
}

test('a key that may only look changes nothing', { timeout: WALK_MS }, async () => {
  const server = await liveServer();
  const viewer = await server.issueKey({ role: 'viewer' });
  const operations = await operationsOf(server.url);
  const writing = operations.filter(
    (each) => each.method !== 'GET' && !['any-key', 'public'].includes(each.access),
  );
  const allowed: string[] = [];
  for (const operation of writing) {
    const path = pathOf(operation, SHARED);
    const answer = await callOperation(server.url, viewer, operation, { path });
    if (answer.status !== 403) allowed.push(titleOf(operation));
  }
  expect(allowed.filter((each) => !(each in LOOKING_POSTS))).toEqual([]);
  const beyond = operations.filter(
    ({ method, access }) =>
      method === 'GET' && !['any-key', 'public', ...SCOPES_OF.viewer].includes(access),
  );
  for (const operation of beyond) {
    const path = pathOf(operation, SHARED);
    const answer = await callOperation(server.url, viewer, operation, { path });
    expect(answer.status, titleOf(operation)).toBe(403);
  }
});

test('another workspace has nothing of this one', { timeout: WALK_MS }, async () => {
  const walk = await beginWalk();
  const ids = await walk.makeAll();
  const before = await walk.shown();
  expect.soft(await touching(walk), 'what is named in the path').toEqual([]);
  expect.soft(await listing(walk, ids), 'what lists show').toEqual([]);
  expect.soft(await asking(walk), 'what is asked for in the query').toEqual([]);
  expect.soft(await ordering(walk), 'what is named in the body').toEqual([]);
  expect.soft(await mixing(walk), "what is named below the stranger's own").toEqual([]);
  expect.soft(await walk.shown(), 'what the owner sees afterwards').toEqual(before);
  // Or all of it would be right because nothing is there.
  expect.soft(await owning(walk), 'what the owner may do').toEqual([]);
});

/** Reads and changes nothing, and does not learn what there is. */
async function touching(walk: Walk): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of walk.operations.filter(touchesOwned)) {
    const values = await walk.things.valuesFor(operation.path, operation.pathParameters);
    const status = async (of: Readonly<Record<string, string>>) =>
      walk.status(walk.stranger, operation, { path: pathOf(operation, of) });
    const [theirs, nobodys] = [await status(values), await status(misspelt(values))];
    if (isRefusal(theirs) && theirs === nobodys) continue;
    wrong.push(`${titleOf(operation)} answers ${theirs}, and ${nobodys} if it is nobody's`);
  }
  return wrong;
}

/** No list tells of it, though the same lists tell their owner. */
async function listing(walk: Walk, ids: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const operation of walk.operations.filter(isList)) {
    const theirs = await walk.read(walk.stranger, operation, operation.path);
    const told = ids.filter((id) => theirs.includes(id));
    if (told.length > 0) wrong.push(`${titleOf(operation)} tells of ${told.join(', ')}`);
    const own = await walk.read(walk.things.owner.key, operation, operation.path);
    for (const id of ids) if (own.includes(id)) seen.add(id);
  }
  if (seen.size < 4) wrong.push(`The owner is told of ${seen.size} only`);
  return wrong;
}

/** The answer is the same, whether it is there or not. */
async function asking(walk: Walk): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of walk.operations.filter(isList)) {
    for (const parameter of operation.queryParameters.filter((name) => name in NAMING)) {
      const id = await walk.things.of(NAMING[parameter]!);
      const ask = async (value: string) => {
        const path = `${operation.path}?${parameter}=${value}`;
        const text = await walk.read(walk.stranger, operation, path);
        return text.replaceAll(/"request_id":"[^"]*"/g, '').replaceAll(value, 'it');
      };
      if ((await ask(id)) === (await ask(wrongOf(id)))) continue;
      wrong.push(`${titleOf(operation)} with ${parameter} tells it from what is nobody's`);
    }
  }
  return wrong;
}

/** Nothing of it can be used for what is ordered. */
async function ordering(walk: Walk): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of walk.operations.filter(({ method }) => method !== 'GET')) {
    for (const field of operation.bodyFields.filter((name) => name in NAMING)) {
      const id = await walk.things.of(NAMING[field]!);
      const status = (value: string) =>
        walk.status(walk.stranger, operation, {
          path: pathOf(operation, SHARED),
          body: { ...(bodyOf(operation) as object), [field]: value },
        });
      const [theirs, nobodys] = [await status(id), await status(wrongOf(id))];
      if (theirs >= 400 && theirs < 500 && theirs === nobodys) continue;
      wrong.push(`${titleOf(operation)} with ${field} answers ${theirs} and ${nobodys}`);
    }
  }
  return wrong;
}

/** A run of one's own opens no item of another's, and so on. */
async function mixing(walk: Walk): Promise<string[]> {
  const { url } = walk.things.owner;
  const own = new OwnedThings({ url, key: walk.stranger, workspace: 'stranger' });
  const wrong: string[] = [];
  for (const operation of walk.operations.filter(touchesOwned)) {
    const [parent = '', ...rest] = operation.pathParameters.filter((name) => !(name in SHARED));
    if (!rest.some((name) => !FILE_NAMES.includes(name))) continue;
    const values = await walk.things.valuesFor(operation.path, operation.pathParameters);
    const mixed = { ...values, ...(await own.valuesFor(operation.path, [parent])) };
    const path = pathOf(operation, mixed);
    const status = await walk.status(walk.stranger, operation, { path });
    if (!isRefusal(status)) wrong.push(`${titleOf(operation)} answers ${status}`);
  }
  return wrong;
}

/** The owner is not refused. */
async function owning(walk: Walk): Promise<string[]> {
  const wrong: string[] = [];
  // What is deleted is there until the last.
  const owned = walk.operations.filter(touchesOwned);
  for (const operation of owned.toSorted((one, other) => rankOf(one) - rankOf(other))) {
    const values = await walk.things.valuesFor(operation.path, operation.pathParameters);
    const path = pathOf(operation, values);
    const status = await walk.status(walk.ownerOf(operation), operation, { path });
    if (!isRefusal(status) && status !== 401 && status < 500) continue;
    wrong.push(`${titleOf(operation)} answers its owner ${status}`);
  }
  return wrong;
}

interface Walk {
  readonly things: OwnedThings;
  readonly stranger: string;
  readonly operations: readonly Operation[];
  /** A key of the owner's that may do it. */
  ownerOf(operation: Operation): string;
  status(
    key: string,
    operation: Operation,
    options: { path: string; body?: unknown },
  ): Promise<number>;
  read(key: string, operation: Operation, path: string): Promise<string>;
  /** Makes one of everything that a route can name; answers all ids. */
  makeAll(): Promise<string[]>;
  /** What the owner sees of everything that a route can name. */
  shown(): Promise<Record<string, string>>;
}

async function beginWalk(): Promise<Walk> {
  const server = await liveServer({ settings: { allowPrivateWebhooks: true } });
  const { url } = server;
  const key = await server.issueKey({ workspace: 'walked', role: 'admin' });
  const stranger = await server.issueKey({ workspace: 'stranger', role: 'admin' });
  const operations = await operationsOf(url);
  const things = new OwnedThings({ url, key, workspace: 'walked' });
  const ownerOf = ({ access }: Operation) => (access === 'operate' ? server.secret : key);
  const makeAll = async () => {
    for (const each of operations.filter(touchesOwned))
      await things.valuesFor(each.path, each.pathParameters);
    return things.ids();
  };
  const status: Walk['status'] = async (by, operation, options) => {
    const body = options.body ?? bodyOf(operation);
    const answer = await callOperation(url, by, operation, {
      ...options,
      ...(body !== undefined && { body }),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const read: Walk['read'] = async (by, operation, path) => {
    const answer = await callOperation(url, by, operation, { path });
    if (!isStream(answer)) return answer.text();
    await answer.body?.cancel();
    return '';
  };
  const shown = async () => {
    const entries: [string, string][] = [];
    for (const operation of operations.filter(
      (each) => each.method === 'GET' && touchesOwned(each),
    )) {
      const values = await things.valuesFor(operation.path, operation.pathParameters);
      const text = await read(ownerOf(operation), operation, pathOf(operation, values));
      entries.push([titleOf(operation), text.replaceAll(/"last_used_at":"[^"]*"/g, '')]);
    }
    return Object.fromEntries(entries);
  };
  return { things, stranger, operations, ownerOf, status, read, makeAll, shown };
}

const touchesOwned = ({ access, pathParameters }: Operation) =>
  access !== 'public' && pathParameters.some((name) => !(name in SHARED));
const isList = ({ method, access, pathParameters }: Operation) =>
  method === 'GET' && access !== 'public' && pathParameters.length === 0;
const rankOf = ({ method }: Operation) => ['GET', 'PATCH', 'POST', 'DELETE'].indexOf(method);
const isRefusal = (status: number) => status === 403 || status === 404;
const isStream = (answer: Response) =>
  answer.headers.get('content-type')?.startsWith('text/event-stream') === true;

function bodyOf({ id, body }: Operation): unknown {
  const more = BODIES[id];
  return more === undefined ? body : { ...(body as object), ...more };
}

/** The same values, each but those that everybody has with another letter at its end. */
function misspelt(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, name in SHARED ? value : wrongOf(value)]),
  );
}

/** Another id of the same form. */
function wrongOf(id: string): string {
  const others = /\d$/.test(id) ? '12' : 'bc';
  return `${id.slice(0, -1)}${others[id.endsWith(others[0]!) ? 1 : 0]}`;
}
