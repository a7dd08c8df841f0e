/** Requests for an operation of the OpenAPI document: as they should be, and as they should not. */
import fc from 'fast-check';
import type { Schemas } from '../../src/server/documentation/openapi-examples.ts';
import { goodValue, oddValue, type ValueSchema, wrongValue } from './schema-values.ts';

export interface FuzzedOperation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: ValueSchema;
  }[];
  /** Schemas of the body by content type. */
  readonly bodies: Readonly<Record<string, ValueSchema>>;
}

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
}

/** Ids of things that are there, by what a path calls them. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

const oddWord = fc.constantFrom(
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '%00',
  '%',
  '%ff%fe',
  '%c0%ae',
  'null',
  '-1',
  '1e9',
  '{}',
  '*',
  "'%20or%201=1--",
  '%f0%9f%a6%8a',
  '%e2%80%ae',
  '__proto__',
  'constructor',
  'x'.repeat(3_000),
);

const oddHeaders = fc.dictionary(
  fc.constantFrom(
    'idempotency-key',
    'accept',
    'accept-encoding',
    'if-none-match',
    'if-range',
    'if-modified-since',
    'last-event-id',
    'origin',
    'range',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-http-method-override',
    'x-request-id',
    'traceparent',
    'cookie',
  ),
  fc.oneof(
    fc.constantFrom(
      'bytes=0-0,5-9,-1',
      'bytes=9999999999999-',
      'bytes=-0',
      '*/*;q=nonsense',
      '"',
      'W/"x", *',
      'imagemill_session=%00; a=b; =;;',
      '-1',
      '99999999999999999999',
      '00-zz-zz-zz',
      'x'.repeat(4_000),
      '\u00e9\u00ff',
    ),
    fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '')),
  ),
  { maxKeys: 3 },
);

const brokenJson = fc.constantFrom(
  '',
  '{',
  '{"rows":[{"prompt":',
  '[1,2,]',
  "{'a':1}",
  '{"a":1}{"b":2}',
  'null',
  '"text"',
  '1e999',
  '\u0000',
  '\ufeff{}',
  '{"a":"\\ud800"}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"a":${'9'.repeat(5_000)}}`,
);

const oddTypes = fc.constantFrom(
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'x'.repeat(100)}`,
  ';;;',
  'application/octet-stream',
);

export function requestsFor(
  operation: FuzzedOperation,
  schemas: Schemas,
  known: KnownIds,
): fc.Arbitrary<FuzzedRequest> {
  return fc
    .record({
      path: pathFor(operation, known),
      query: queryFor(operation, schemas),
      odd: mostly({}, oddHeaders),
      body: bodyFor(operation, schemas),
    })
    .map(({ path, query, odd, body }) => ({
      method: operation.method,
      path: `${path}${query}`,
      headers: { ...odd, ...body.headers },
      ...(body.body !== undefined && { body: body.body }),
    }));
}

/** Requests with something odd everywhere get nowhere. */
function mostly<Value>(plain: Value, odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: odd });
}

function pathFor({ path }: FuzzedOperation, known: KnownIds): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part): fc.Arbitrary<string> => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const ids = (known[name] ?? []).map(encodeURIComponent);
    const word = fc.oneof(
      oddWord,
      fc.webSegment({ size: 'small' }).map((text) => text || 'x'),
    );
    if (ids.length === 0) return word;
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ids) },
      { weight: 1, arbitrary: word },
    );
  });
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

function queryFor({ parameters }: FuzzedOperation, schemas: Schemas): fc.Arbitrary<string> {
  const inQuery = parameters.filter((each) => each.in === 'query');
  const good = inQuery.map(({ name, schema = {} }) =>
    fc.option(goodValue(schema, schemas), { freq: 2 }).map((value) => [name, value] as const),
  );
  const names = [...inQuery.map(({ name }) => name), 'limt', '', 'a[b]'];
  const odd = fc.tuple(fc.constantFrom(...names), oddValue);
  return fc
    .tuple(fc.tuple(...good), mostly([], fc.array(odd, { minLength: 1, maxLength: 2 })))
    .map(([entries, odds]) => {
      const words = [...entries, ...odds]
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [name, wordOf(value)] as [string, string]);
      return words.length === 0 ? '' : `?${new URLSearchParams(words).toString().slice(0, 6_000)}`;
    });
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: FuzzedRequest['body'];
}

const asJson = (value: unknown): Body => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

function bodyFor({ method, bodies }: FuzzedOperation, schemas: Schemas): fc.Arbitrary<Body> {
  if (method === 'GET' || method === 'HEAD') return fc.constant({ headers: {} });
  const json = bodies['application/json'];
  const form = bodies['multipart/form-data'];
  const none: Body = { headers: {} };
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(none) },
    { weight: 1, arbitrary: brokenJson.map((body) => ({ ...asJson(0), body })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(oddTypes, brokenJson)
        .map(([type, body]) => ({ headers: { 'content-type': type }, body })),
    },
    ...(json === undefined
      ? []
      : [
          { weight: 8, arbitrary: goodValue(json, schemas).map(asJson) },
          { weight: 8, arbitrary: wrongValue(json, schemas).map(asJson) },
        ]),
    ...(form === undefined ? [] : [{ weight: 5, arbitrary: forms(form, schemas) }]),
  );
}

const BOUNDARY = 'fuzzed';
const SHEETS = [
  'prompt\na red boat\n',
  'prompt,size\n"a ""boat""",64x64\n',
  'prompt\n"never closed',
  '\u0000\u0001\u0002',
  '[{"prompt":1}]',
  '{"prompt":"a"}\n{"prompt":',
  '',
];

/** Forms with the right fields, wrong ones, files of any bytes, and forms that are cut off. */
function forms(schema: ValueSchema, schemas: Schemas): fc.Arbitrary<Body> {
  const names = Object.keys(schema.properties ?? {});
  const part = fc.record({
    name: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...names, 'sheet') },
      fc.constantFrom('', '__proto__', 'x[]'),
    ),
    file: fc.option(
      fc.constantFrom(
        'a.csv',
        'a.xlsx',
        'a.png',
        '../../a.csv',
        'a\u0000.csv',
        '',
        'ü.jsonl',
        'x'.repeat(300),
      ),
    ),
    text: fc.oneof(
      fc.constantFrom(...SHEETS),
      fc.constantFrom(
        'true',
        '{}',
        '{"models":["demo"]}',
        '{"models":',
        'null',
        'demo',
        'a red boat',
      ),
      ...names.map((name) => goodValue(schema.properties?.[name] ?? {}, schemas).map(wordOf)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    ),
  });
  return fc
    .tuple(fc.array(part, { maxLength: 5 }), fc.integer({ min: 0, max: 4 }))
    .map(([parts, cut]) => {
      const whole = `${parts.map(partText).join('')}--${BOUNDARY}--\r\n`;
      const body = Buffer.from(cut === 0 ? whole.slice(0, whole.length / 2) : whole, 'latin1');
      const type = `multipart/form-data; boundary=${BOUNDARY}`;
      return { headers: { 'content-type': type }, body: new Uint8Array(body) };
    });
}

function partText(part: {
  readonly name: string;
  readonly file: string | null;
  readonly text: string;
}) {
  const file = part.file === null ? '' : `; filename="${part.file}"`;
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${part.name}"${file}\r\n\r\n${part.text}\r\n`;
}
