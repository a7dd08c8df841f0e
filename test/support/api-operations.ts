/** Every operation of a server's OpenAPI document, with what it takes to call it. */
import { expect } from 'vitest';
import type { Access } from '../../src/api/define-route.ts';
import { type CallOptions, callServer } from './live-server.ts';

export interface Operation {
  readonly method: string;
  /** `/v1/runs/{run}` */
  readonly path: string;
  readonly id: string;
  readonly access: Access;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly string[];
  /** Names of the body's own fields, however deep. */
  readonly bodyFields: readonly string[];
  /** What it takes at least; absent: it takes none. */
  readonly body?: unknown;
}

type Schema = Readonly<Record<string, unknown>>;
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
};

export async function operationsOf(url: string): Promise<Operation[]> {
  const document = (await (await fetch(new URL('/openapi.json', url))).json()) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, facts]) => operationOf(document, path, method, facts)),
  );
  expect(operations.length, 'the document has hardly any operation').toBeGreaterThan(20);
  return operations;
}

export const titleOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** `values`: of path parameters, by name. */
export function pathOf({ path }: Operation, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? 'any'),
  );
}

/** Calls it with the least body that it takes, unless there is another one. */
export async function callOperation(
  url: string,
  key: string,
  operation: Operation,
  options: CallOptions & { readonly path: string },
): Promise<Response> {
  const body = options.body ?? operation.body;
  return callServer(url, key, operation.method, options.path, {
    ...options,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
}

function operationOf(document: Document, path: string, method: string, facts: Schema): Operation {
  const parameters = (facts['parameters'] ?? []) as {
    readonly name: string;
    readonly in: string;
  }[];
  const named = (place: string) =>
    parameters.filter((each) => each.in === place).map(({ name }) => name);
  const content = ((facts['requestBody'] ?? {}) as Schema)['content'] as
    | Record<string, { readonly schema: Schema }>
    | undefined;
  const json = content?.['application/json']?.schema;
  const form = content?.['multipart/form-data']?.schema;
  const schema = json ?? form;
  return {
    method: method.toUpperCase(),
    path,
    id: String(facts['operationId']),
    access: facts['x-access'] as Access,
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
    queryParameters: named('query'),
    bodyFields: schema === undefined ? [] : [...fieldsOf(document, schema)],
    ...(json !== undefined && { body: leastOf(document, json) }),
    ...(json === undefined && form !== undefined && { body: leastForm(document, form) }),
  };
}

function resolved(document: Document, schema: Schema): Schema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const target = reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((part, name) => (part as Schema)[name], document);
  return resolved(document, target as Schema);
}

const alternatives = (schema: Schema): readonly Schema[] =>
  (schema['anyOf'] ?? schema['oneOf'] ?? []) as readonly Schema[];

function* fieldsOf(document: Document, given: Schema, depth = 0): Generator<string> {
  if (depth > 6) return;
  const schema = resolved(document, given);
  for (const [name, field] of Object.entries((schema['properties'] ?? {}) as Schema)) {
    yield name;
    yield* fieldsOf(document, field as Schema, depth + 1);
  }
  const parts = [...alternatives(schema), ...((schema['allOf'] ?? []) as Schema[])];
  if (schema['items'] !== undefined) parts.push(schema['items'] as Schema);
  for (const part of parts) yield* fieldsOf(document, part, depth + 1);
}

/** The smallest value that a schema takes: what is required, and nothing else. */
function leastOf(document: Document, given: Schema): unknown {
  const schema = resolved(document, given);
  if ('const' in schema) return schema['const'];
  if ('example' in schema) return schema['example'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const [first] = alternatives(schema);
  if (first !== undefined) return leastOf(document, first);
  const parts = (schema['allOf'] ?? []) as Schema[];
  if (parts.length > 0) {
    return Object.assign({}, ...parts.map((part) => leastOf(document, part))) as unknown;
  }
  switch ([schema['type']].flat()[0]) {
    case 'object':
      return leastObject(document, schema);
    case 'array': {
      const least = Math.max(Number(schema['minItems'] ?? 0), 0);
      return Array.from({ length: least }, () => leastOf(document, schema['items'] as Schema));
    }
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return true;
    default:
      return schema['format'] === 'date-time'
        ? '2999-01-01T00:00:00Z'
        : 'x'.repeat(Math.max(1, Number(schema['minLength'] ?? 1)));
  }
}

function leastObject(document: Document, schema: Schema): Record<string, unknown> {
  const fields = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.fromEntries(required.map((name) => [name, leastOf(document, fields[name]!)]));
}

function leastForm(document: Document, given: Schema): FormData {
  const schema = resolved(document, given);
  const form = new FormData();
  for (const name of (schema['required'] ?? []) as readonly string[]) {
    const field = resolved(document, (schema['properties'] as Record<string, Schema>)[name]!);
    const binary = JSON.stringify(field).includes('"binary"');
    if (binary) form.append(name, new Blob(['prompt\na boat\n']), 'sheet.csv');
    else form.append(name, String(leastOf(document, field)));
  }
  return form;
}
