import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { TAGS } from '../../src/api/tags.ts';
import { createApp } from '../../src/server/app.ts';
import { DEFAULT_SERVE_SETTINGS } from '../../src/server/index.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { STUDIO_PAGES } from '../../src/server/routes/studio.ts';

/** Paths that are for people, or are the document itself. */
const UNDOCUMENTED = [
  'GET /openapi.json',
  // The studio: pages of a browser, and what they are made of.
  'GET /',
  ...STUDIO_PAGES.flatMap((page) => [`GET /${page}`, `GET /${page}/*`]),
  'GET /assets/{file}',
  'GET /imagemill.svg',
  'GET /docs/',
  'GET /docs',
  'GET /docs/{file}',
  'GET /problems',
  'GET /problems/{code}',
  // Another protocol, with a schema of its own: https://modelcontextprotocol.io
  'POST /mcp',
];
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: { readonly description?: string };
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { description: string; content?: Content }>>;
  readonly security?: readonly unknown[];
}
type Content = Readonly<Record<string, { schema?: object; example?: unknown; examples?: object }>>;
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly tags: readonly { readonly name: string }[];
}

let document: Document;
let bound: string[];

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'imagemill-document-'));
  const engine = await createEngine({ home, config: { vendors: {} } });
  const log = pino({ level: 'silent' });
  const app = createApp({ engine, settings: DEFAULT_SERVE_SETTINGS, log, now: Date.now });
  document = (await (await app.request('/openapi.json')).json()) as Document;
  bound = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  await engine[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

function operations(): (readonly [string, Operation])[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) =>
      methods[method] === undefined
        ? []
        : [[`${method.toUpperCase()} ${path}`, methods[method]] as const],
    ),
  );
}

/** Names of the operations that are not as they should be. */
function wrong(judge: (operation: Operation, name: string) => boolean): string[] {
  return operations().flatMap(([name, operation]) => (judge(operation, name) ? [] : [name]));
}

function* schemasWithin(value: unknown, path = ''): Generator<[string, object]> {
  if (typeof value !== 'object' || value === null) return;
  yield [path, value];
  for (const [name, inner] of Object.entries(value)) yield* schemasWithin(inner, `${path}/${name}`);
}

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document) as never);
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

test('every path of the application is in it, and it has no other', () => {
  const documented = operations().map(([name]) => name);
  const known = new Set([...documented, ...UNDOCUMENTED]);
  expect([...new Set(bound)].filter((route) => !known.has(route))).toEqual([]);
  expect(documented.filter((route) => !bound.includes(route))).toEqual([]);
  expect(UNDOCUMENTED.filter((route) => !bound.includes(route))).toEqual([]);
});

describe('every operation', () => {
  test('has an id of its own', () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(ids).not.toContain(undefined);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test('has a summary, and tags that are described', () => {
    const known = new Set(TAGS.map(({ name }) => name));
    expect(wrong(({ summary }) => (summary ?? '').length > 4)).toEqual([]);
    expect(
      wrong(({ tags = [] }) => tags.length > 0 && tags.every((tag) => known.has(tag))),
    ).toEqual([]);
  });

  test('describes its parameters', () => {
    const undescribed = operations().flatMap(([name, { parameters = [] }]) =>
      parameters
        .filter((each) => each.$ref === undefined)
        .filter((each) => (each.description ?? each.schema?.description) === undefined)
        .map((each) => `${name} ${each.in}.${each.name}`),
    );
    expect(undescribed).toEqual([]);
  });

  test('has an example of what is sent and of what is answered', () => {
    const contents = ({ requestBody, responses }: Operation) => [
      ...Object.entries(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap(({ content }) => Object.entries(content ?? {})),
    ];
    expect(
      wrong((operation) =>
        contents(operation)
          .filter(([type]) => /json/.test(type))
          .every(([, media]) => media.example !== undefined || media.examples !== undefined),
      ),
    ).toEqual([]);
  });

  test('says what it answers, and how it fails', () => {
    expect(
      wrong(({ responses }) => Object.keys(responses).some((each) => /^[23]/.test(each))),
    ).toEqual([]);
    expect(wrong(({ responses }) => '500' in responses && '429' in responses)).toEqual([]);
    const problem = 'application/problem+json';
    expect(
      wrong(
        ({ responses }, name) =>
          name.includes(' /openai/') || responses['500']?.content?.[problem] !== undefined,
      ),
    ).toEqual([]);
  });

  test('says that a key is needed, where it is', () => {
    const open = wrong(({ security = [] }) => security.length > 0);
    expect(open.filter((name) => name.includes(' /v1/'))).toEqual(
      open.filter((name) => PUBLIC.includes(name) || name.includes(BY_LINK)),
    );
  });
});

/** Operations for visitors take the secret of their link. */
const BY_LINK = ' /v1/shared/{share}';

/** Operations of /v1 that take no key. */
const PUBLIC = ['POST /v1/session', 'POST /v1/stripe/webhook', 'POST /v1/invitations/accept'];

test('every reference leads somewhere', () => {
  const dangling = [...schemasWithin(document)]
    .map(([, value]) => (value as { $ref?: unknown }).$ref)
    .filter((ref) => typeof ref === 'string')
    .filter((ref) => valueAt(ref) === undefined);
  expect(dangling).toEqual([]);
});

/** What a job was asked for and what it found have fields of their kind, which clients show as they are. */
const OPEN = ['Job/properties/request/additionalProperties', 'Finding/additionalProperties'];

test('no schema takes just anything', () => {
  const places = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    [...schemasWithin(schema, name)]
      .filter(([path]) => /\/(items|additionalProperties)$|\/properties\/[^/]+$/.test(path))
      .filter(([, value]) => Object.keys(value).length === 0)
      .map(([path]) => path),
  );
  expect(places.filter((place) => !OPEN.includes(place))).toEqual([]);
});

function valueAt(ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (value, part) => (value as Record<string, unknown> | undefined)?.[part],
      document,
    );
}
