/** Examples of what travels, made from the schemas, so that each operation has them and none goes stale. */

/** The part of a JSON schema that examples are made from: https://json-schema.org/draft/2020-12 */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

const REF = '#/components/schemas/';
/** Schemas within each other; deeper ones are left out of an example. */
const MOST_DEPTH = 12;

const OF_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-11-23T09:30:00.000Z',
  date: '2026-11-23',
  uri: 'https://example.com/hook',
  url: 'https://example.com/hook',
  email: 'someone@example.com',
  uuid: '3f1d2c7e-8f0a-4b57-9a55-0c1f6f1f2a77',
  binary: '(bytes)',
};

/**
 * `sent`: of what has to be sent only, so that it can be sent as it stands; what is answered has all fields.
 */
export function exampleOf(
  schema: JsonSchema,
  schemas: Schemas,
  how: 'sent' | 'answered',
  depth = 0,
): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (depth > MOST_DEPTH) return null;
  const inner = (each: JsonSchema) => exampleOf(each, schemas, how, depth + 1);
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.slice(REF.length)] ?? {});
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map(inner));
  const choice = (schema.oneOf ?? schema.anyOf)?.find(({ type }) => type !== 'null');
  if (choice !== undefined) return inner(choice);
  return exampleOfType(how === 'sent' ? withoutOptional(schema) : schema, inner);
}

function withoutOptional(schema: JsonSchema): JsonSchema {
  const { properties = {}, required = [] } = schema;
  const needed = Object.entries(properties).filter(
    ([name, { example }]) =>
      required.includes(name) || (required.length === 0 && example !== undefined),
  );
  return { ...schema, properties: Object.fromEntries(needed) };
}

function exampleOfType(schema: JsonSchema, inner: (schema: JsonSchema) => unknown): unknown {
  const type = [schema.type ?? []].flat().find((each) => each !== 'null');
  switch (type) {
    case 'object':
      return exampleObject(schema, inner);
    case 'array':
      return schema.items === undefined ? [] : [inner(schema.items)];
    case 'string':
      return OF_FORMAT[schema.format ?? ''] ?? 'text'.padEnd(schema.minLength ?? 0, '.');
    case 'integer':
      return Math.max(1, Math.ceil(schema.minimum ?? 1));
    case 'number':
      return Math.max(0.5, schema.minimum ?? 0.5);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function exampleObject(schema: JsonSchema, inner: (schema: JsonSchema) => unknown): unknown {
  const { properties = {}, additionalProperties: others } = schema;
  const named = Object.entries(properties).map(([name, each]) => [name, inner(each)] as const);
  if (named.length > 0 || typeof others !== 'object') return Object.fromEntries(named);
  return { name: inner(others) };
}
