/** Values for a JSON schema of the OpenAPI document: good ones, and good ones with something wrong in them. */
import fc from 'fast-check';
import type { JsonSchema, Schemas } from '../../src/server/documentation/openapi-examples.ts';

/** Of the schemas that the document has, those that values are made from. */
export interface ValueSchema extends JsonSchema {
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
}

const MOST_DEPTH = 6;
const REF = '#/components/schemas/';

const texts = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('a red boat', 'demo', 'gpt-image-2', '1024x1024', 'local', '*'),
);

export function goodValue(schema: ValueSchema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const inner = (each: ValueSchema) => goodValue(each, schemas, depth + 1);
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.slice(REF.length)] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const known = schema.example ?? schema.examples?.[0];
  const fresh = freshValue(schema, inner, depth);
  return known === undefined ? fresh : fc.oneof(fc.constant(known), fresh);
}

function freshValue(
  schema: ValueSchema,
  inner: (schema: ValueSchema) => fc.Arbitrary<unknown>,
  depth: number,
): fc.Arbitrary<unknown> {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  if (schema.allOf !== undefined) {
    return fc.tuple(...schema.allOf.map(inner)).map((parts) => Object.assign({}, ...parts));
  }
  const types = [schema.type ?? []].flat();
  if (types.length > 1) {
    return fc.oneof(...types.map((type) => freshValue({ ...schema, type }, inner, depth)));
  }
  switch (types[0]) {
    case 'object':
      return goodObject(schema, inner, depth);
    case 'array':
      return fc.array(depth > MOST_DEPTH ? fc.constant(null) : inner(schema.items ?? {}), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      return goodText(schema);
    case 'integer':
      return fc.integer(boundsOf(schema));
    case 'number':
      return fc.double({ ...boundsOf(schema), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function goodObject(
  { properties = {}, required = [], additionalProperties: others }: ValueSchema,
  inner: (schema: ValueSchema) => fc.Arbitrary<unknown>,
  depth: number,
): fc.Arbitrary<unknown> {
  const names = Object.keys(properties).filter(
    (name) => depth < MOST_DEPTH || required.includes(name),
  );
  const model = Object.fromEntries(names.map((name) => [name, inner(properties[name]!)]));
  const named = fc.record(model, {
    requiredKeys: names.filter((name) => required.includes(name)),
    noNullPrototype: true,
  });
  if (typeof others !== 'object') return named;
  const more = fc.dictionary(fc.constantFrom('prompt', 'size', 'count', 'extra'), inner(others), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  return fc.tuple(more, named).map(([one, other]) => ({ ...one, ...other }));
}

function goodText({ format, pattern, minLength = 0, maxLength = 40 }: ValueSchema) {
  if (format === 'date-time') {
    const range = { min: new Date(0), max: new Date('2040-01-01'), noInvalidDate: true };
    return fc.date(range).map((date) => date.toISOString());
  }
  if (format === 'uri' || format === 'url') return fc.webUrl();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return texts.map((text) => text.padEnd(minLength, '.').slice(0, maxLength));
}

function boundsOf({ minimum = 0, exclusiveMinimum, maximum = 1_000 }: ValueSchema) {
  const min = Math.max(minimum, exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1);
  return { min, max: Math.max(min, Math.min(maximum, 1_000)) };
}

/** What clients send by mistake, or on purpose. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    -0,
    1.5,
    1e308,
    2 ** 53,
    -(2 ** 63),
    '',
    ' ',
    '0',
    'null',
    'NaN',
    '1e400',
    'a\u0000b',
    '\ud800',
    '\u202e\ufeff\u200d',
    '🦊'.repeat(500),
    'x'.repeat(60_000),
    '../../../../etc/passwd',
    '/etc/passwd',
    'C:\\Windows\\win.ini',
    'file:///etc/passwd',
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest/meta-data/',
    "'; drop table runs; --",
    '%s%n${jndi:ldap://x}{{7*7}}',
    '2026-02-30T25:61:61Z',
    '=cmd|calc',
    [],
    {},
    [[]],
    [null],
    { constructor: 1, prototype: 2, toString: 3 },
    JSON.parse('{"__proto__":{"admin":true}}'),
    nested(50),
    nested(500),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.bigInt().map(Number),
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A good value in which one to three places have something odd, nothing, or something more. */
export function wrongValue(schema: ValueSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    odd: oddValue,
    how: fc.constantFrom('put', 'drop', 'add'),
  });
  return fc
    .tuple(goodValue(schema, schemas), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([good, changes]) => changes.reduce<unknown>(changed, good));
}

function changed(
  value: unknown,
  { at, odd, how }: { readonly at: number; readonly odd: unknown; readonly how: string },
): unknown {
  const copy = structuredClone(value);
  const places = [...placesOf(copy)];
  const place = places[at % (places.length + 1)];
  if (place === undefined) return odd;
  const { holder, name } = place;
  if (how === 'put') holder[name] = odd;
  else if (how === 'add') holder['sizes'] = odd;
  else if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
  return copy;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

function* placesOf(value: unknown): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const name of Object.keys(holder)) {
    yield { holder, name };
    yield* placesOf(holder[name]);
  }
}
